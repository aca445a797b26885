import type { SourceFile } from './file-tree.ts'
import { MAX_RECORD_BYTES } from './limits.ts'
import { readRecords, type RecordOptions } from './read-records.ts'
import { PLAIN_LINES } from './record.ts'

/** A longer line is no line of a table: the file is refused before it fills the memory. */
export const MAX_LINE_BYTES = MAX_RECORD_BYTES

/**
 * One line, as the bytes from `start` to `end` of `bytes`, without its line end; only valid during the call.
 *
 * @param line         from 1
 * @param byteOffset   of the line's first byte in the file
 * @param unterminated the file ends without a line end after it: it may be cut
 */
export type LineHandler = (
  bytes: Uint8Array,
  start: number,
  end: number,
  line: number,
  byteOffset: number,
  unterminated: boolean,
) => void

/**
 * Calls `handle` for every line that is not blank: readRecords for what is no table. Text in UTF-16 arrives as UTF-8.
 *
 * @throws PalateError as readRecords
 */
export async function readLines(file: SourceFile, handle: LineHandler, options: RecordOptions = {}): Promise<void> {
  await readRecords(
    file,
    PLAIN_LINES,
    (record) => handle(record.bytes, record.start, record.end, record.line, record.byteOffset, record.unterminated),
    options,
  )
}
