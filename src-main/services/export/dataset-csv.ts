import { csvRecord } from '../../contract/csv.ts'
import { csvCodec } from '../../engine/data/reading/exchange-cells.ts'
import type { TableStyle } from './table-style.ts'

const TIME_NAMES = { 'unix-seconds': 'timestamp', 'per-user-rank': 'rank', 'file-order': 'position' } as const

/**
 * Three tables by RFC 4180. Line ends in ids and titles stand in quotes; genres are divided by bars, and a list that holds a
 * bar is written as JSON.
 *
 * @param formulaGuard give texts that a spreadsheet would run a leading apostrophe
 */
export function csvStyle(formulaGuard: boolean): TableStyle {
  const codec = csvCodec(formulaGuard)
  // The codec has guarded what needs it, in a way that can be undone.
  const quote = (cell: string) => csvRecord([cell], { formulaGuard: false }).slice(0, -2)
  return {
    separator: ',',
    lineEnd: '\r\n',
    files: { ratings: 'ratings.csv', items: 'items.csv', users: 'users.csv' },
    codec,
    quote,
    headers: (timeKind, { users, items, scenarios }) => ({
      ratings: ['userId', 'itemId', 'rating', TIME_NAMES[timeKind], ...(scenarios ? ['scenario'] : [])],
      items: ['itemId', 'title', 'year', 'genres', ...items.map(({ name }) => quote(codec.encode(name)))],
      users: ['userId', ...users.map(({ name }) => quote(codec.encode(name)))],
    }),
  }
}
