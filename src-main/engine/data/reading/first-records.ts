import type { TextEncoding } from '../../../contract/dto/import-settings.ts'
import type { SourceFile } from './file-tree.ts'
import { readRecords, unlessRefused } from './read-records.ts'
import type { Dialect } from './record.ts'

const HEAD_BYTES = 64 * 1024

/** The fields of the first records that are in order, at most `count`, out of the first 64 KiB. Never throws for content. */
export async function firstRecords(
  file: SourceFile,
  dialect: Dialect,
  encoding: TextEncoding,
  count: number,
): Promise<string[][]> {
  const records: string[][] = []
  const read = readRecords(
    file,
    dialect,
    (record) => {
      if (record.fault === null && records.length < count) records.push(record.texts())
    },
    { encoding, sampleBytes: HEAD_BYTES },
  )
  // What refuses the file here refuses it when it is read, with its reason.
  await unlessRefused(read)
  return records
}
