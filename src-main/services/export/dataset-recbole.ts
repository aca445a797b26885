import type { AttributeColumn } from '../../contract/dto/dataset-export.ts'
import { tokenCodec } from '../../engine/data/reading/exchange-cells.ts'
import type { TableStyle } from './table-style.ts'

const MAX_STEM_LENGTH = 80

/**
 * The atomic files of RecBole, under one name as it wants them. What a token cannot hold (tabs, line ends) is percent-encoded;
 * so is what pandas would take for a quote or for a missing value.
 */
export function recboleStyle(datasetName: string): TableStyle {
  const stem = stemOf(datasetName)
  return {
    separator: '\t',
    lineEnd: '\n',
    files: { ratings: `${stem}.inter`, items: `${stem}.item`, users: `${stem}.user` },
    codec: tokenCodec,
    quote: (cell) => cell,
    headers: (_timeKind, { users, items, scenarios }) => ({
      ratings: ['user_id:token', 'item_id:token', 'rating:float', 'timestamp:float', ...(scenarios ? ['scenario:token'] : [])],
      items: ['item_id:token', 'title:token_seq', 'year:float', 'genres:token_seq', ...items.map(fieldOf)],
      users: ['user_id:token', ...users.map(fieldOf)],
    }),
  }
}

function fieldOf({ name, kind }: AttributeColumn): string {
  return `${tokenCodec.encode(name).replaceAll(':', '%3A')}:${kind === 'number' ? 'float' : 'token'}`
}

/** A name that is a file's name everywhere. */
function stemOf(name: string): string {
  const stem = name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+|[.-]+$/g, '')
  return stem === '' ? 'dataset' : [...stem].slice(0, MAX_STEM_LENGTH).join('')
}
