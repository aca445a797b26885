import { isPalateError, PalateError } from '../../../contract/errors.ts'
import type { ImportSettings } from '../../../contract/dto/import-settings.ts'
import { baseName, type FileTree, type SourceFile } from '../reading/file-tree.ts'
import { readRatingTable } from '../reading/rating-table.ts'
import { defineReader, NOT_RECOGNISED } from '../reading/reader.ts'
import { recogniseTable, type TableFound } from '../reading/table-recognition.ts'

/** Names that tables have; a file that a person pointed at may have any. */
const TABLE_NAME = /\.(csv|tsv|tab|txt|dat|data|inter|log|psv)$/i
/** A folder of more tables is looked at in part. */
const MAX_CANDIDATES = 20

export default defineReader({
  id: 'delimited',
  title: 'Delimited text',
  doc: 'Any CSV, TSV or otherwise separated table with one feedback per line: user, item, and where present a rating or a behaviour, and a time. Everything is detected and can be changed.',
  overridable: [
    'file',
    'encoding',
    'separator',
    'quote',
    'quoteEscape',
    'header',
    'columns',
    'decimalComma',
    'timeUnit',
    'missing',
    'behaviours',
  ],

  async recognise(source, settings) {
    return (await surest(source, settings))?.recognition ?? NOT_RECOGNISED
  },

  async read(source, options, sink) {
    const table = await surest(source, options.settings)
    if (!table) {
      throw new PalateError(
        'FORMAT_UNKNOWN',
        `${source.display} has no table of users and items, which the format delimited wants. Choose the file that holds it, or name its separator and columns.`,
        { path: source.display, known: ['delimited'] },
      )
    }
    return readRatingTable(table, sink, {
      signal: options.signal,
      sampleBytes: options.sampleBytes,
      onChunk: (bytes) => options.onProgress?.(sink.size, bytes, table.file.bytes),
    })
  },
})

/**
 * The table of the source that looks most like feedback.
 *
 * @throws PalateError INPUT_INVALID when the person named a column that none of the tables has
 */
async function surest(source: FileTree, settings: ImportSettings): Promise<TableFound | null> {
  let best: TableFound | null = null
  let misfit: PalateError | null = null
  for (const file of candidates(source, settings.file)) {
    try {
      const found = await recogniseTable(file, settings)
      if (found && found.recognition.confidence > (best?.recognition.confidence ?? 0)) best = found
    } catch (error) {
      if (!isPalateError(error) || error.code !== 'INPUT_INVALID') throw error
      misfit ??= error
    }
  }
  if (!best && misfit) throw misfit
  return best
}

function candidates(source: FileTree, wanted: string | undefined): readonly SourceFile[] {
  if (wanted !== undefined) return source.files.filter((file) => file.path === wanted).slice(0, 1)
  if (source.chosen) return [source.chosen]
  if (source.files.length === 1) return source.files
  return source.files.filter((file) => TABLE_NAME.test(baseName(file.path))).slice(0, MAX_CANDIDATES)
}
