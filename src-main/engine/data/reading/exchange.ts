import {
  datasetSidecar,
  type AttributeColumn,
  type DatasetExportFormat,
  type DatasetSidecar,
} from '../../../contract/dto/dataset-export.ts'
import type { DatasetBuilder } from './dataset-builder.ts'
import type { RowMeaning } from './dataset-content.ts'
import { csvCodec, decodeAttribute, tokenCodec, type CellCodec } from './exchange-cells.ts'
import { baseName, readHead, type FileTree, type SourceFile } from './file-tree.ts'
import { firstRecords } from './first-records.ts'
import type { IdTable } from './id-table.ts'
import { numberFault, readNumber } from './numbers.ts'
import { readRecords, type RecordOptions } from './read-records.ts'
import type { ReadOptions, Recognition } from './reader.ts'
import type { Dialect, TableRecord } from './record.ts'
import { decodeText } from './text.ts'

export const SIDECAR_NAME = 'palate-dataset.json'
const MAX_SIDECAR_BYTES = 1024 * 1024

const DIALECTS: Record<DatasetExportFormat, Dialect> = {
  csv: { separator: ',', quote: '"', quoteEscape: 'double' },
  recbole: { separator: '\t', quote: '', quoteEscape: 'double' },
}
const COLUMNS = ['user', 'item', 'rating', 'time'] as const
const ITEM_CELLS = 4

/** A data set that Palate itself has written. */
export interface Exchange {
  readonly sidecar: DatasetSidecar
  readonly ratings: SourceFile
  readonly items: SourceFile
  readonly users: SourceFile
}

/** @returns null when the source holds none in `format`, or a person chose a file of it that is not the ratings' */
export async function findExchange(
  source: FileTree,
  format: DatasetExportFormat,
  wanted: string | undefined,
): Promise<Exchange | null> {
  const depth = (file: SourceFile) => file.path.split('/').length
  const named = source.files.filter((file) => baseName(file.path) === SIDECAR_NAME).sort((a, b) => depth(a) - depth(b))
  for (const file of named) {
    const sidecar = await readSidecar(file)
    if (sidecar?.format !== format) continue
    const folder = file.path.slice(0, -SIDECAR_NAME.length)
    const find = (name: string) => source.files.find(({ path }) => path === folder + name)
    const [ratings, items, users] = [find(sidecar.files.ratings), find(sidecar.files.items), find(sidecar.files.users)]
    if (!ratings || !items || !users) continue
    const isWanted = wanted === undefined || wanted === ratings.path
    const isChosen = !source.chosen || [file, ratings, items, users].some(({ path }) => path === source.chosen?.path)
    if (isWanted && isChosen) return { sidecar, ratings, items, users }
  }
  return null
}

async function readSidecar(file: SourceFile): Promise<DatasetSidecar | null> {
  const head = await readHead(file, MAX_SIDECAR_BYTES + 1)
  if (head.length > MAX_SIDECAR_BYTES) return null
  try {
    return datasetSidecar.safeParse(JSON.parse(decodeText(head, 0, head.length))).data ?? null
  } catch {
    return null
  }
}

export async function recogniseExchange({ sidecar, ratings }: Exchange, settings: Recognition['settings']): Promise<Recognition> {
  const [header = [], ...rows] = await firstRecords(ratings, DIALECTS[sidecar.format], 'utf-8', 6)
  return {
    confidence: 1,
    settings: { ...settings, file: ratings.path, duplicates: settings.duplicates ?? 'all' },
    columns: COLUMNS.map((role, at) => ({ name: header[at] ?? role, role, samples: rows.map((row) => row[at] ?? '') })),
    warnings: [],
  }
}

/**
 * Reads what an export wrote: the same users, items and ratings in the same order. Ids that are in no catalogue, added by
 * hand, are taken as new ones.
 *
 * @throws PalateError as readRecords and DatasetBuilder.reject
 */
export async function readExchange(exchange: Exchange, options: ReadOptions, sink: DatasetBuilder): Promise<RowMeaning> {
  const { sidecar, ratings, items, users } = exchange
  const codec = sidecar.format === 'csv' ? csvCodec(sidecar.apostrophes) : tokenCodec
  const bytesTotal = users.bytes + items.bytes + ratings.bytes
  let before = 0
  for (const [file, width, take] of [
    [users, 1 + sidecar.userAttributes.length, userTaker(sidecar, codec, sink)],
    [items, ITEM_CELLS + sidecar.itemAttributes.length, itemTaker(sidecar, codec, sink)],
    [ratings, COLUMNS.length + (sidecar.scenarios ? 1 : 0), ratingTaker(sidecar, codec, sink)],
  ] as const) {
    await readTable(file, DIALECTS[sidecar.format], width, take, sink, {
      encoding: 'utf-8',
      signal: options.signal,
      sampleBytes: options.sampleBytes,
      onChunk: (bytes) => options.onProgress?.(sink.size, before + bytes, bytesTotal),
    })
    before += file.bytes
  }
  return { path: ratings.display, scale: sidecar.scale, timeKind: sidecar.timeKind }
}

/** Puts a record into the data set. @returns why it cannot, or null */
type Taker = (record: TableRecord) => string | null

async function readTable(
  file: SourceFile,
  dialect: Dialect,
  width: number,
  take: Taker,
  sink: DatasetBuilder,
  options: RecordOptions,
): Promise<void> {
  let isHeader = true
  await readRecords(
    file,
    dialect,
    (record) => {
      const wrongWidth = record.count === width ? null : `it has ${record.count} fields instead of ${width}`
      const reason = isHeader ? null : (record.fault ?? wrongWidth ?? take(record))
      isHeader = false
      if (reason === null) return
      const { line, byteOffset } = record
      const row = { file: file.display, line, byteOffset, reason, rawText: record.rawText() }
      if (record.unterminated && sink.size > 0) sink.rejectCut(row)
      else sink.reject(row)
    },
    options,
  )
}

function userTaker({ userAttributes }: DatasetSidecar, codec: CellCodec, sink: DatasetBuilder): Taker {
  return (record) => {
    const userId = codec.decode(record.text(0))
    if (userId === '') return 'the user is empty'
    const attributes = attributesIn(record, 1, userAttributes, codec)
    if (typeof attributes === 'string') return attributes
    return sink.addUser({ userId, attributes }) < 0 ? `the id "${userId}" stands in an earlier line already` : null
  }
}

/** @returns what the cells from `first` on say, null for nothing; or why they cannot be read */
function attributesIn(
  record: TableRecord,
  first: number,
  columns: readonly AttributeColumn[],
  codec: CellCodec,
): Record<string, string | number> | null | string {
  const entries: [string, string | number][] = []
  for (const [at, column] of columns.entries()) {
    const decoded = decodeAttribute(record.text(first + at), column, codec)
    if ('fault' in decoded) return decoded.fault
    if (decoded.value !== undefined) entries.push([column.name, decoded.value])
  }
  return entries.length === 0 ? null : Object.fromEntries(entries)
}

function itemTaker({ itemAttributes }: DatasetSidecar, codec: CellCodec, sink: DatasetBuilder): Taker {
  return (record) => {
    const itemId = codec.decode(record.text(0))
    if (itemId === '') return 'the item is empty'
    const title = codec.decode(record.text(1))
    const year = record.isEmpty(2) ? null : readNumber(record, 2)
    if (year !== null && !Number.isInteger(year)) return `the year "${record.text(2)}" is not a whole number`
    const attributes = attributesIn(record, ITEM_CELLS, itemAttributes, codec)
    if (typeof attributes === 'string') return attributes
    const described = { itemId, title: title === '' ? null : title, year, genres: codec.decodeGenres(record.text(3)) }
    const item = { ...described, ...(attributes ? { attributes } : {}) }
    return sink.addItem(item) < 0 ? `the id "${itemId}" stands in an earlier line already` : null
  }
}

function ratingTaker({ scenarios }: DatasetSidecar, codec: CellCodec, sink: DatasetBuilder): Taker {
  const indexOf = (ids: IdTable, record: TableRecord, column: number) =>
    holds(record, column, codec.marker) ? ids.indexOfText(codec.decode(record.text(column))) : ids.indexOf(record, column)
  return (record) => {
    if (record.isEmpty(0)) return 'the user is empty'
    if (record.isEmpty(1)) return 'the item is empty'
    const rating = readNumber(record, 2)
    if (Number.isNaN(rating)) return numberFault('rating', record.text(2))
    const { scale } = sink.policy
    if (scale && (rating < scale.min || rating > scale.max)) {
      return `the rating ${rating} lies outside the scale from ${scale.min} to ${scale.max}`
    }
    const time = readNumber(record, 3)
    if (Number.isNaN(time)) return numberFault('time', record.text(3))
    sink.addRating(indexOf(sink.userIds, record, 0), indexOf(sink.itemIds, record, 1), rating, time, record.line)
    if (scenarios && !record.isEmpty(COLUMNS.length)) {
      sink.markScenario(indexOf(sink.scenarioIds, record, COLUMNS.length))
    }
    return null
  }
}

function holds(record: TableRecord, column: number, byte: number): boolean {
  const end = record.ends[column]!
  for (let at = record.starts[column]!; at < end; at++) if (record.bytes[at] === byte) return true
  return false
}
