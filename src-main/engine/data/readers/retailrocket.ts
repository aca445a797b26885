import type { ImportSettings } from '../../../contract/dto/import-settings.ts'
import { headerNames, LOG_SETTINGS, logCandidates } from '../reading/behaviour-log.ts'
import { plainName } from '../reading/column-roles.ts'
import { baseName, type FileTree, type SourceFile } from '../reading/file-tree.ts'
import { ItemGenres } from '../reading/item-genres.ts'
import { missingRatings } from '../reading/movielens.ts'
import { readRatingTable } from '../reading/rating-table.ts'
import { readRecords, type RecordOptions } from '../reading/read-records.ts'
import { readNumber } from '../reading/numbers.ts'
import { defineReader, NOT_RECOGNISED } from '../reading/reader.ts'
import type { Dialect, TableRecord } from '../reading/record.ts'
import { recogniseTable } from '../reading/table-recognition.ts'
import { timeFault } from '../reading/times.ts'

const EVENT_COLUMNS = ['timestamp', 'visitorid', 'event', 'itemid']
const PROPERTY_COLUMNS = ['timestamp', 'itemid', 'property', 'value']
const TREE_COLUMNS = ['categoryid', 'parentid']
const CATEGORY = 'categoryid'
const COMMAS: Dialect = { separator: ',', quote: '"', quoteEscape: 'auto' }
/** A tree of shops is shallow; a longer way up goes in a circle. */
const MAX_DEPTH = 20

export default defineReader({
  id: 'retailrocket',
  title: 'RetailRocket events',
  doc: 'A folder or zip with events.csv (timestamp in milliseconds, visitorid, event, itemid, transactionid) and, where present, item_properties*.csv and category_tree.csv; or the events alone. An item gets its last category and those above it as genres. view is neutral feedback (2), addtocart is positive (4), transaction is (5); every event is kept.',
  overridable: LOG_SETTINGS,

  async recognise(source, settings) {
    const files = await locate(source, settings)
    const found = files && (await recogniseTable(files.events, settings))
    if (!found) return NOT_RECOGNISED
    const { recognition } = found
    return { ...recognition, confidence: Math.min(1, recognition.confidence + (files.properties.length > 0 ? 0.07 : 0.04)) }
  },

  async read(source, options, sink) {
    const files = await locate(source, options.settings)
    const table = files && (await recogniseTable(files.events, options.settings))
    if (!table) throw missingRatings(source, 'events.csv', 'retailrocket')
    const all = [...(files.tree ? [files.tree] : []), ...files.properties, files.events]
    const bytesTotal = all.reduce((sum, file) => sum + file.bytes, 0)
    const reading = (file: SourceFile): RecordOptions => {
      const before = all.slice(0, all.indexOf(file)).reduce((sum, earlier) => sum + earlier.bytes, 0)
      const onChunk = (bytes: number) => options.onProgress?.(sink.size, before + bytes, bytesTotal)
      return { signal: options.signal, sampleBytes: options.sampleBytes, onChunk }
    }
    const badRow = (file: SourceFile) => (record: TableRecord, reason: string) => {
      const { line, byteOffset } = record
      sink.reject({ file: file.display, line, byteOffset, reason, rawText: record.rawText() })
    }
    const parents = files.tree ? await readTree(files.tree, badRow(files.tree), reading(files.tree)) : new Map<string, string>()
    const categories = new ItemGenres()
    for (const file of files.properties) await readProperties(file, parents, categories, badRow(file), reading(file))
    const item = table.roles.item ?? 0
    return readRatingTable(table, sink, {
      ...reading(files.events),
      describeItem: (record) => ({ title: null, year: null, genres: categories.of(record, item) }),
    })
  },
})

interface RetailrocketFiles {
  readonly events: SourceFile
  readonly properties: readonly SourceFile[]
  readonly tree: SourceFile | undefined
}

async function locate(source: FileTree, settings: ImportSettings): Promise<RetailrocketFiles | null> {
  for (const file of logCandidates(source, settings.file)) {
    const names = await headerNames(file)
    if (!EVENT_COLUMNS.every((name) => names.includes(name))) continue
    const folder = file.path.slice(0, file.path.length - baseName(file.path).length)
    const beside = source.files.filter((other) => other !== file && other.path.startsWith(folder))
    const named = (pattern: RegExp) => beside.filter((other) => pattern.test(other.path.slice(folder.length)))
    return {
      events: file,
      properties: named(/^item_properties[\w.-]*\.csv$/i).sort((a, b) => (a.path < b.path ? -1 : 1)),
      tree: named(/^category_tree[\w.-]*\.csv$/i)[0],
    }
  }
  return null
}

type BadRow = (record: TableRecord, reason: string) => void

/** Calls `take` for every row of a catalogue behind its header, with the columns of `wanted` in their order. */
async function readNamed(
  file: SourceFile,
  wanted: readonly string[],
  take: (record: TableRecord, columns: readonly number[]) => void,
  badRow: BadRow,
  options: RecordOptions,
): Promise<void> {
  let columns: readonly number[] | null = null
  let width = 0
  await readRecords(
    file,
    COMMAS,
    (record) => {
      if (columns === null) {
        const names = record.texts().map(plainName)
        columns = wanted.map((name) => names.indexOf(name))
        width = record.count
        if (columns.includes(-1)) badRow(record, `the first line does not name the columns ${wanted.join(', ')}`)
      } else if (columns.includes(-1)) return
      else if (record.fault !== null) badRow(record, record.fault)
      else if (record.count !== width) badRow(record, `it has ${record.count} fields instead of ${width}`)
      else take(record, columns)
    },
    options,
  )
}

/** The category above each. */
async function readTree(file: SourceFile, badRow: BadRow, options: RecordOptions): Promise<Map<string, string>> {
  const parents = new Map<string, string>()
  const take = (record: TableRecord, [category = 0, parent = 0]: readonly number[]) => {
    if (!record.isEmpty(parent)) parents.set(record.text(category), record.text(parent))
  }
  await readNamed(file, TREE_COLUMNS, take, badRow, options)
  return parents
}

async function readProperties(
  file: SourceFile,
  parents: ReadonlyMap<string, string>,
  categories: ItemGenres,
  badRow: BadRow,
  options: RecordOptions,
): Promise<void> {
  const take = (record: TableRecord, [time = 0, item = 0, property = 0, value = 0]: readonly number[]) => {
    // Most rows say something else; no text is made of them.
    if (record.ends[property]! - record.starts[property]! !== CATEGORY.length || record.text(property) !== CATEGORY) return
    const at = readNumber(record, time)
    if (Number.isNaN(at)) return badRow(record, timeFault(record.text(time), 'milliseconds'))
    if (record.isEmpty(item)) return badRow(record, 'the item is empty')
    categories.set(record, item, wayUp(record.text(value), parents), at)
  }
  await readNamed(file, PROPERTY_COLUMNS, take, badRow, options)
}

/** The category itself and those above it, the topmost first. */
function wayUp(category: string, parents: ReadonlyMap<string, string>): readonly string[] {
  const way: string[] = []
  let next: string | undefined = category
  while (next !== undefined && next !== '' && !way.includes(next) && way.length < MAX_DEPTH) {
    way.unshift(next)
    next = parents.get(next)
  }
  return way
}
