import type { ImportSettings } from '../../../contract/dto/import-settings.ts'
import { LOG_SETTINGS, logCandidates } from '../reading/behaviour-log.ts'
import { plainName } from '../reading/column-roles.ts'
import type { FileTree } from '../reading/file-tree.ts'
import { missingRatings } from '../reading/movielens.ts'
import { readRatingTable } from '../reading/rating-table.ts'
import { defineReader, NOT_RECOGNISED } from '../reading/reader.ts'
import type { TableRecord } from '../reading/record.ts'
import { recogniseTable, type TableFound } from '../reading/table-recognition.ts'

const CATEGORY_NAME = /^(category|categoryid|itemcategory|cate|cateid|catid)$/
const WIDTH = 5

export default defineReader({
  id: 'taobao',
  title: 'Taobao behaviour log',
  doc: 'A log of user, item, category, behaviour and time in seconds, separated by commas, with or without a header (UserBehavior.csv). The category becomes the genre of the item. pv is neutral feedback (2), cart and fav are positive (4), buy is (5); every event is kept.',
  overridable: [...LOG_SETTINGS, 'separator', 'quote', 'quoteEscape'],

  async recognise(source, settings) {
    const found = await locate(source, settings)
    if (!found) return NOT_RECOGNISED
    const { recognition } = found.table
    const columns = recognition.columns.map((column, at) =>
      at === found.category && found.table.header === null ? { ...column, name: 'category' } : column,
    )
    // Above the general reader of tables, which passes the category over.
    const bonus = found.table.header === null ? 0.2 : 0.04
    return { ...recognition, columns, confidence: Math.min(1, recognition.confidence + bonus) }
  },

  async read(source, options, sink) {
    const found = await locate(source, options.settings)
    if (!found) throw missingRatings(source, 'log of user, item, category, behaviour and time', 'taobao')
    const { table, category } = found
    return readRatingTable(table, sink, {
      signal: options.signal,
      sampleBytes: options.sampleBytes,
      onChunk: (bytes) => options.onProgress?.(sink.size, bytes, table.file.bytes),
      describeItem: (record) => ({ title: null, year: null, genres: genresOf(record, category) }),
    })
  },
})

/**
 * The first table with columns of behaviours, of times and of categories: by the name in its header, or the one of five columns
 * that is left over.
 */
async function locate(
  source: FileTree,
  settings: ImportSettings,
): Promise<{ readonly table: TableFound; readonly category: number } | null> {
  for (const file of logCandidates(source, settings.file)) {
    const table = await recogniseTable(file, settings)
    const category = table && categoryOf(table)
    if (table && typeof category === 'number') return { table, category }
  }
  return null
}

function categoryOf({ roles, width, header }: TableFound): number | null {
  if (roles.behaviour === undefined || roles.time === undefined || roles.rating !== undefined) return null
  const named = header?.findIndex((name) => CATEGORY_NAME.test(plainName(name))) ?? -1
  if (header !== null) return named < 0 ? null : named
  if (width !== WIDTH) return null
  const taken = new Set(Object.values(roles))
  const [free, ...others] = Array.from({ length: width }, (_, column) => column).filter((column) => !taken.has(column))
  return free === undefined || others.length > 0 ? null : free
}

function genresOf(record: TableRecord, category: number): readonly string[] {
  return record.isEmpty(category) ? [] : [record.text(category)]
}
