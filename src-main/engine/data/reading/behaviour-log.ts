import type { ImportSettings } from '../../../contract/dto/import-settings.ts'
import { plainName } from './column-roles.ts'
import { detectEncoding } from './decoding.ts'
import { baseName, readHead, type FileTree, type SourceFile } from './file-tree.ts'
import { readRecords, unlessRefused } from './read-records.ts'

/** Of a file, to see what its columns are called. */
const HEADER_BYTES = 16 * 1024
/** A folder of more tables is looked at in part. */
const MAX_CANDIDATES = 20

/** Settings that every reader of a behaviour log heeds. */
export const LOG_SETTINGS: readonly (keyof ImportSettings)[] = ['file', 'encoding', 'header', 'columns', 'timeUnit', 'behaviours']

/** The files that may be the log: the one a person named, else the chosen one, else all tables of the source. */
export function logCandidates(source: FileTree, wanted: string | undefined): readonly SourceFile[] {
  if (wanted !== undefined) return source.files.filter((file) => file.path === wanted)
  if (source.chosen) return [source.chosen]
  if (source.files.length === 1) return source.files
  return source.files.filter((file) => /\.(csv|tsv|txt|log)$/i.test(baseName(file.path))).slice(0, MAX_CANDIDATES)
}

/** The plain names in the first line, divided by commas; none where it cannot be read. */
export async function headerNames(file: SourceFile): Promise<readonly string[]> {
  const head = await readHead(file, HEADER_BYTES)
  const sample: SourceFile = {
    ...file,
    async *open() {
      yield await Promise.resolve(head)
    },
  }
  let names: readonly string[] = []
  let isFirst = true
  const read = readRecords(
    sample,
    { separator: ',', quote: '"', quoteEscape: 'auto' },
    (record) => {
      if (isFirst) names = record.texts().map(plainName)
      isFirst = false
    },
    { encoding: detectEncoding(head) },
  )
  return (await unlessRefused(read)) ? names : []
}
