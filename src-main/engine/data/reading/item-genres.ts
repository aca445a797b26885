import { PalateError } from '../../../contract/errors.ts'
import { plainName } from './column-roles.ts'
import type { DatasetBuilder } from './dataset-builder.ts'
import type { SourceFile } from './file-tree.ts'
import { IdTable } from './id-table.ts'
import { readRecords, type RecordOptions } from './read-records.ts'
import type { Dialect, TableRecord } from './record.ts'

const COMMAS: Dialect = { separator: ',', quote: '"', quoteEscape: 'auto' }

const NONE: readonly string[] = []

/**
 * Genres by item id, for catalogues that hold many more items than anyone touched: an item becomes one of the data set when a
 * row names it. Ids are kept as bytes and equal genres once, so that millions fit.
 */
export class ItemGenres {
  readonly #items = new IdTable()
  readonly #lists = new IdTable()
  readonly #genres: (readonly string[])[] = []
  /** By item. */
  readonly #listOf: number[] = []
  readonly #timeOf: number[] = []

  /** @param column of the item id in `record`; @param time of an item that comes several times the latest stands */
  set(record: TableRecord, column: number, genres: readonly string[], time = 0): void {
    const item = this.#items.indexOf(record, column)
    if (time < (this.#timeOf[item] ?? -Infinity)) return
    const list = this.#lists.indexOfText(genres.join('\n'))
    this.#genres[list] ??= genres
    this.#listOf[item] = list
    this.#timeOf[item] = time
  }

  of(record: TableRecord, column: number): readonly string[] {
    const item = this.#items.find(record, column)
    return item < 0 ? NONE : (this.#genres[this.#listOf[item]!] ?? NONE)
  }
}

/** Which columns of a table of genres say what, by their plain names. */
export interface GenreColumns {
  readonly id: string
  readonly genres: string
  genresOf(cell: string): readonly string[]
}

/**
 * Reads the genres of items from a table with a header. Its bad rows are bad rows of the data set.
 *
 * @throws PalateError as readRecords and DatasetBuilder.reject; FORMAT_UNKNOWN when the header lacks a column
 */
export async function readGenreTable(
  file: SourceFile,
  columns: GenreColumns,
  sink: DatasetBuilder,
  options: RecordOptions,
): Promise<ItemGenres> {
  const genres = new ItemGenres()
  let at: { readonly id: number; readonly genres: number; readonly width: number } | null = null
  const reject = (record: TableRecord, reason: string) => {
    const { line, byteOffset } = record
    sink.reject({ file: file.display, line, byteOffset, reason, rawText: record.rawText() })
  }
  await readRecords(
    file,
    COMMAS,
    (record) => {
      if (at === null) at = placesOf(file, record, columns)
      else if (record.fault !== null) reject(record, record.fault)
      else if (record.count !== at.width) reject(record, `it has ${record.count} fields instead of ${at.width}`)
      else if (record.isEmpty(at.id)) reject(record, 'the item is empty')
      else genres.set(record, at.id, columns.genresOf(record.text(at.genres)))
    },
    options,
  )
  return genres
}

function placesOf(file: SourceFile, record: TableRecord, columns: GenreColumns) {
  const names = record.texts().map(plainName)
  const places = { id: names.indexOf(columns.id), genres: names.indexOf(columns.genres), width: record.count }
  if (places.id >= 0 && places.genres >= 0) return places
  throw new PalateError(
    'FORMAT_UNKNOWN',
    `${file.display} has no columns ${columns.id} and ${columns.genres}. Its first line reads "${record.rawText().slice(0, 200)}". Take the file away to import the log alone.`,
    { path: file.display, known: [] },
  )
}
