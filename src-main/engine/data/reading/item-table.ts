import { PalateError } from '../../../contract/errors.ts'
import { plainName } from './column-roles.ts'
import type { DatasetBuilder } from './dataset-builder.ts'
import type { SourceFile } from './file-tree.ts'
import { readRecords, type RecordOptions } from './read-records.ts'
import type { Dialect, TableRecord } from './record.ts'
import { parseNumber } from './numbers.ts'

/** Which columns of a catalogue say what, by their plain names (lower case, letters and digits only). */
export interface ItemColumns {
  readonly id: RegExp
  readonly title?: RegExp
  readonly year?: RegExp
  readonly genres?: RegExp
  /** The genres in a cell; separated by "|" when left out. */
  genresOf?(cell: string): readonly string[]
  /** The year in a title, where no column holds one. */
  yearOf?(title: string): number | null
  readonly dialect?: Dialect
}

const COMMAS: Dialect = { separator: ',', quote: '"', quoteEscape: 'double' }
const BY_BAR = (cell: string) => cell.split('|').filter((genre) => genre !== '')

/**
 * Reads a catalogue of items with a header into `sink`. Columns that no pattern wants are passed over.
 *
 * @throws PalateError as readRecords and DatasetBuilder.reject; FORMAT_UNKNOWN when the header names no id
 */
export async function readItemTable(
  file: SourceFile,
  columns: ItemColumns,
  sink: DatasetBuilder,
  options: RecordOptions,
): Promise<void> {
  let at: Places | null = null
  await readRecords(
    file,
    columns.dialect ?? COMMAS,
    (record) => {
      if (at === null) at = placesOf(file, record, columns)
      else takeItem(file, record, at, columns, sink)
    },
    options,
  )
}

interface Places {
  readonly width: number
  readonly id: number
  readonly title: number
  readonly year: number
  readonly genres: number
}

function placesOf(file: SourceFile, record: TableRecord, columns: ItemColumns): Places {
  const names = record.texts().map(plainName)
  const place = (pattern: RegExp | undefined) => (pattern ? names.findIndex((name) => pattern.test(name)) : -1)
  const id = place(columns.id)
  if (id < 0) {
    throw new PalateError(
      'FORMAT_UNKNOWN',
      `${file.display} has no column of item ids. Its first line reads "${record.rawText().slice(0, 200)}". Add a header, or take the file away to import the ratings alone.`,
      { path: file.display, known: [] },
    )
  }
  return { width: record.count, id, title: place(columns.title), year: place(columns.year), genres: place(columns.genres) }
}

function takeItem(file: SourceFile, record: TableRecord, at: Places, columns: ItemColumns, sink: DatasetBuilder): void {
  const reject = (reason: string) => {
    const { line, byteOffset } = record
    sink.reject({ file: file.display, line, byteOffset, reason, rawText: record.rawText() })
  }
  if (record.fault !== null) return reject(record.fault)
  if (record.count !== at.width) return reject(`it has ${record.count} fields instead of ${at.width}`)
  if (record.isEmpty(at.id)) return reject('the item is empty')
  const cell = (column: number) => (column < 0 ? '' : record.text(column))
  const itemId = record.text(at.id)
  const title = cell(at.title)
  const year = at.year >= 0 ? parseNumber(cell(at.year)) : NaN
  const genres = (columns.genresOf ?? BY_BAR)(cell(at.genres))
  const item = {
    itemId,
    title: title === '' ? null : title,
    year: Number.isInteger(year) ? year : (columns.yearOf?.(title) ?? null),
    genres,
  }
  if (sink.addItem(item) < 0) reject(`the id "${itemId}" stands in an earlier line already`)
}
