/** What a cell of a table as CSV may hold. */
export type CsvCell = string | number | boolean | null | undefined

export interface CsvOptions {
  /** Give text cells that a spreadsheet would run as a formula a leading apostrophe. */
  readonly formulaGuard: boolean
}

/** Characters with which a spreadsheet takes a text cell for a formula (OWASP's list). */
const formulaStart = /^[=+\-@\t\r]/
const needsQuotes = /[",\r\n]/

/**
 * One record by RFC 4180, with its CRLF. Numbers are written as JavaScript writes them: decimal point, no grouping, the
 * shortest text that reads back as the same number. A number that is not finite and an absent value are empty cells.
 */
export function csvRecord(cells: readonly CsvCell[], options: CsvOptions): string {
  return cells.map((cell) => csvCell(cell, options)).join(',') + '\r\n'
}

function csvCell(cell: CsvCell, options: CsvOptions): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : ''
  if (typeof cell === 'boolean') return String(cell)
  const text = options.formulaGuard && formulaStart.test(cell) ? `'${cell}` : cell
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
