import { csvRecord, type CsvCell, type CsvOptions } from '../../contract/csv.ts'

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
