import type { ImportSettings } from '../../../contract/dto/import-settings.ts'
import { findAmazonItems, readAmazonItems } from '../reading/amazon-items.ts'
import { baseName, type FileTree, type SourceFile } from '../reading/file-tree.ts'
import { missingRatings } from '../reading/movielens.ts'
import { readRatingTable } from '../reading/rating-table.ts'
import { readRecords, unlessRefused } from '../reading/read-records.ts'
import { defineReader, NOT_RECOGNISED } from '../reading/reader.ts'
import { recogniseTable, type TableFound } from '../reading/table-recognition.ts'

const TABLE_NAME = /\.(csv|tsv|txt)$/i
/** A folder of more tables is looked at in part. */
const MAX_CANDIDATES = 20
const HEAD_BYTES = 64 * 1024
const SAMPLE_ROWS = 500
/** Products: ten characters that begin with B, or an ISBN of ten. */
const ASIN = /^(B[0-9A-Z]{9}|\d{9}[\dX])$/
/** Reviewers: A and 10 to 14 characters, a few more in old accounts, 27 since 2023; and those of before accounts. */
const REVIEWER = /^(A[0-9A-Z]{8,27}|#oc-[0-9A-Z]{6,20})$/
/** Of the rows whose two ids must have these shapes. */
const LEAST_SHARE = 0.9
/** Ids of other places may have the shape of an ISBN; both ids together are seldom chance. */
const MOST_CONFIDENCE = 0.96

interface Located {
  readonly table: TableFound
  readonly confidence: number
}

export default defineReader({
  id: 'amazon-csv',
  title: 'Amazon ratings (CSV)',
  doc: 'A table of user, item, rating and time in seconds, or of item, user, rating and time as published in 2018, mostly without a header: what is a user and what is a product is told by the shape of the ids. A meta_*.json beside it gives titles and categories to the products that were rated.',
  overridable: ['file', 'encoding', 'separator', 'quote', 'quoteEscape', 'header', 'columns', 'timeUnit', 'missing'],

  async recognise(source, settings) {
    const found = await locate(source, settings)
    if (!found) return NOT_RECOGNISED
    return { ...found.table.recognition, confidence: found.confidence }
  },

  async read(source, options, sink) {
    const found = await locate(source, options.settings)
    if (!found) throw missingRatings(source, "table of Amazon's users and products", 'amazon-csv')
    const { table } = found
    const items = await findAmazonItems(source, table.file)
    const bytesTotal = table.file.bytes + (items?.bytes ?? 0)
    const reading = (before: number) => ({
      signal: options.signal,
      sampleBytes: options.sampleBytes,
      onChunk: (bytes: number) => options.onProgress?.(sink.size, before + bytes, bytesTotal),
    })
    const meaning = await readRatingTable(table, sink, reading(0))
    if (items) await readAmazonItems(items, sink, reading(table.file.bytes))
    return meaning
  },
})

/** The first table with a column of reviewers and one of products. */
async function locate(source: FileTree, settings: ImportSettings): Promise<Located | null> {
  for (const file of candidates(source, settings.file)) {
    const found = await locateIn(file, settings)
    if (found) return found
  }
  return null
}

async function locateIn(file: SourceFile, settings: ImportSettings): Promise<Located | null> {
  const table = await recogniseTable(file, settings)
  if (!table || table.width < 3) return null
  const rows = await sampleRows(table)
  const shareOf = (column: number, shape: RegExp) =>
    rows.filter((row) => shape.test(row[column] ?? '')).length / Math.max(1, rows.length)
  // Seconds since 1970 have ten digits, as an ISBN has.
  const columns = Array.from({ length: table.width }, (_, column) => column).filter((column) => column !== table.roles.time)
  const user = settings.columns?.user === undefined ? columns.find((c) => shareOf(c, REVIEWER) >= LEAST_SHARE) : table.roles.user
  const item = settings.columns?.item === undefined ? columns.find((c) => shareOf(c, ASIN) >= LEAST_SHARE) : table.roles.item
  if (user === undefined || item === undefined || user === item) return null
  const shape = Math.min(shareOf(user, REVIEWER), shareOf(item, ASIN))
  if (shape < LEAST_SHARE) return null
  const placed = { ...table.settings.columns, user: reference(table, user), item: reference(table, item) }
  const ordered = await recogniseTable(file, { ...table.settings, columns: placed })
  return ordered && { table: ordered, confidence: Math.min(MOST_CONFIDENCE, ordered.recognition.confidence + 0.01) * shape }
}

/** As in the settings: by name where the header has one, else by number. */
function reference({ header }: TableFound, column: number): string {
  return header && header.indexOf(header[column]!) === column ? header[column]! : String(column + 1)
}

async function sampleRows({ file, dialect, encoding, header, width }: TableFound): Promise<readonly string[][]> {
  const rows: string[][] = []
  let isHeader = header !== null
  const take = (record: { readonly count: number; texts(): string[] }) => {
    if (!isHeader && record.count === width && rows.length < SAMPLE_ROWS) rows.push(record.texts())
    isHeader = false
  }
  // What refuses the file here refuses it when it is read, with its reason.
  await unlessRefused(readRecords(file, dialect, take, { encoding, sampleBytes: HEAD_BYTES }))
  return rows
}

function candidates(source: FileTree, wanted: string | undefined): readonly SourceFile[] {
  if (wanted !== undefined) return source.files.filter((file) => file.path === wanted).slice(0, 1)
  if (source.chosen) return [source.chosen]
  if (source.files.length === 1) return source.files
  return source.files.filter((file) => TABLE_NAME.test(baseName(file.path))).slice(0, MAX_CANDIDATES)
}
