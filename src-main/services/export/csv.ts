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

/**
 * Records as text in chunks of about `chunkLength` characters, so that a long table never stands in memory as one string.
 */
export async function* csvChunks(
  header: readonly string[],
  records: Iterable<readonly CsvCell[]> | AsyncIterable<readonly CsvCell[]>,
  options: CsvOptions & { chunkLength?: number },
): AsyncGenerator<string, void, void> {
  const chunkLength = options.chunkLength ?? 64 * 1024
  let chunk = csvRecord(header, { formulaGuard: false })
  for await (const record of records) {
    chunk += csvRecord(record, options)
    if (chunk.length >= chunkLength) {
      yield chunk
      chunk = ''
    }
  }
  if (chunk) yield chunk
}
