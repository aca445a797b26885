import type { RejectedRow } from '../../contract/dto/dataset.ts'
import { csvChunks } from '../export/csv.ts'

/** Rejected rows as CSV, with all that is known of them. @param formulaGuard as in CsvOptions */
export function rejectsCsv(rows: readonly RejectedRow[], formulaGuard: boolean): AsyncGenerator<string, void, void> {
  const records = rows.map((row) => [row.file, row.line, row.byteOffset, row.reason, row.rawText])
  return csvChunks(['file', 'line', 'byteOffset', 'reason', 'rawText'], records, { formulaGuard })
}
