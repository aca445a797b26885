/** A longer line, or record of several lines, belongs to no table: the file is refused before it fills the memory. */
export const MAX_RECORD_BYTES = 1024 * 1024
export const MAX_COLUMNS = 16_384
export const MAX_ROWS = 100_000_000
export const MAX_FILE_BYTES = 64 * 1024 ** 3
/** Rejected rows beyond this many are counted, not listed. */
export const LISTED_REJECTS = 1000
/** Characters of a rejected row that are shown. */
export const SHOWN_TEXT = 200
