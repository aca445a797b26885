import type { ImportSettings } from '../../../contract/dto/import-settings.ts'
import { findBooks, findUsers, readBooks, readUsers, type BookCatalogue, type UserCatalogue } from '../reading/book-catalogues.ts'
import { plainName, roleOfName } from '../reading/column-roles.ts'
import { baseName, readHead, type FileTree, type SourceFile } from '../reading/file-tree.ts'
import { explainZero, ImplicitZeros, meaningOfZero, ZERO } from '../reading/implicit-zeros.ts'
import { isIsbn, looksLikeIsbn } from '../reading/isbn.ts'
import { missingRatings } from '../reading/movielens.ts'
import { readNumber } from '../reading/numbers.ts'
import { readRatingTable } from '../reading/rating-table.ts'
import { readRecords, type RecordOptions, unlessRefused } from '../reading/read-records.ts'
import { defineReader, NOT_RECOGNISED, type Recognition } from '../reading/reader.ts'
import type { TableRecord } from '../reading/record.ts'
import { DOUBTFUL_ZEROS, recogniseTable, type TableFound } from '../reading/table-recognition.ts'

const TABLE_NAME = /\.(csv|txt|tsv|dat)$/i
const RATINGS_NAME = /^(bx[-_ ]?)?(book[-_ ]?)?ratings?([._-].*)?\.(csv|txt|tsv|dat)$/i
const BOOKS_NAME = /^(bx[-_ ]?)?books?([._-].*)?\.(csv|txt|tsv|dat)$/i
const USERS_NAME = /^(bx[-_ ]?)?users?([._-].*)?\.(csv|txt|tsv|dat)$/i
/** Plain names of the column that tells the book. */
const ISBN_NAME = /^isbn(10|13)?$/
const BOOK_NAME = /^(isbn(10|13)?|books?|bookid)$/
const BOOK_RATING = 'bookrating'
/** What the original writes where it knows nothing. */
const NO_VALUE = 'NULL'

const SAMPLE_BYTES = 64 * 1024
const SAMPLE_ROWS = 500
const MAX_CANDIDATES = 20

export default defineReader({
  id: 'book-crossing',
  title: 'Book-Crossing',
  doc: 'A folder or zip with BX-Book-Ratings.csv (User-ID, ISBN, Book-Rating) as published (semicolons, everything quoted, quotes escaped by backslashes) or as plain CSV, and, where present, BX-Books.csv and BX-Users.csv; or the ratings alone. A rating of 0 is no opinion: it becomes neutral feedback of 5.5, or is left out where 0 is named as missing. Other ratings of books by ISBN or book id are read as well.',
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
    const found = await locate(source, settings)
    return found ? recognitionOf(found, settings) : NOT_RECOGNISED
  },

  async read(source, options, sink) {
    const found = await locate(source, options.settings)
    if (!found) throw missingRatings(source, 'BX-Book-Ratings.csv', 'book-crossing')
    const { table, books, users } = found
    const { settings } = recognitionOf(found, options.settings)
    const { signal, sampleBytes } = options
    const files = [books?.file, users?.file, table.file].filter((file) => file !== undefined)
    const bytesTotal = files.reduce((sum, file) => sum + file.bytes, 0)
    const reading = (file: SourceFile): RecordOptions => {
      const before = files.slice(0, files.indexOf(file)).reduce((sum, earlier) => sum + earlier.bytes, 0)
      const onChunk = (bytes: number) => options.onProgress?.(sink.size, before + bytes, bytesTotal)
      return { signal, sampleBytes, onChunk }
    }
    const meaning = found.hasImplicitZeros ? meaningOfZero(settings) : null
    const zeros = meaning && new ImplicitZeros(table.roles.rating ?? 2, meaning, settings)
    if (books) await readBooks(books, sink, reading(books.file))
    if (users) await readUsers(users, sink, reading(users.file))
    const feedback = zeros ? { feedback: zeros } : {}
    const rows = await readRatingTable({ ...table, settings }, sink, { ...reading(table.file), ...feedback })
    const notes =
      meaning && zeros && zeros.count > 0
        ? [explainZero(meaning, zeros.count === 1 ? '1 rating is' : `${zeros.count} ratings are`)]
        : []
    return { ...rows, notes: [...(rows.notes ?? []), ...notes] }
  },
})

interface BooksFound {
  readonly table: TableFound
  readonly books: BookCatalogue | undefined
  readonly users: UserCatalogue | undefined
  /** A 0 stands below the scale of 1 to 10. */
  readonly hasImplicitZeros: boolean
  readonly sampledZeros: number
}

function recognitionOf(found: BooksFound, given: ImportSettings): Recognition {
  const { recognition, header } = found.table
  const zero = found.hasImplicitZeros ? meaningOfZero(given) : null
  const catalogues = [found.books, found.users].filter((catalogue) => catalogue !== undefined).length
  // Above the general reader of tables, which knows no titles and takes a 0 for the worst rating.
  const bonus = header === null ? 0.2 : 0.04 + 0.02 * catalogues
  return {
    ...recognition,
    confidence: Math.min(1, recognition.confidence + bonus),
    settings: {
      ...recognition.settings,
      missing: given.missing ?? [NO_VALUE],
      ...(zero ? { behaviours: { [ZERO]: zero } } : {}),
    },
    ...(zero && found.sampledZeros > 0 ? { behaviours: [{ name: ZERO, count: found.sampledZeros }] } : {}),
    warnings: [
      ...recognition.warnings.filter((said) => !zero || said !== DOUBTFUL_ZEROS),
      ...(zero && found.sampledZeros > 0 ? [explainZero(zero, 'Some ratings are')] : []),
    ],
  }
}

/** The first file that holds ratings of books, and its neighbours: files of the top folder come before those of others. */
async function locate(source: FileTree, settings: ImportSettings): Promise<BooksFound | null> {
  // The only behaviour that these ratings have.
  if (Object.keys(settings.behaviours ?? {}).some((name) => name !== ZERO)) return null
  for (const file of await candidates(source, settings.file)) {
    const table = await recogniseTable(file, settings)
    const sample = table && (await sampleOf(table))
    if (!table || !sample || !areBookRatings(table, sample, settings)) continue
    const { item, rating } = table.roles
    const idName = table.header && item !== undefined ? plainName(table.header[item] ?? '') : null
    const ratingName = table.header && rating !== undefined ? plainName(table.header[rating] ?? '') : null
    const byIsbn = idName === null || ISBN_NAME.test(idName) || sample.isbnLike >= 0.6 * sample.rows
    return {
      table,
      books: await firstOf(beside(source, file, BOOKS_NAME), (other) => findBooks(other, idName)),
      users: await firstOf(beside(source, file, USERS_NAME), findUsers),
      hasImplicitZeros: ratingName === BOOK_RATING || (byIsbn && sample.highest > 5),
      sampledZeros: sample.zeros,
    }
  }
  return null
}

async function candidates(source: FileTree, wanted: string | undefined): Promise<readonly SourceFile[]> {
  if (wanted !== undefined) return source.files.filter((file) => file.path === wanted)
  if (source.chosen) return [source.chosen]
  if (source.files.length === 1) return source.files
  const tables = source.files.filter((file) => TABLE_NAME.test(file.path))
  const named = tables.filter((file) => RATINGS_NAME.test(baseName(file.path))).sort(nearestFirst)
  const others = tables.filter((file) => !named.includes(file)).sort(nearestFirst)
  const telling: SourceFile[] = []
  for (const file of others.slice(0, MAX_CANDIDATES)) if (await namesBooks(file)) telling.push(file)
  return [...named.slice(0, MAX_CANDIDATES), ...telling]
}

/** By depth; then the file of the plainest name, which is the whole where others are parts of it. */
function nearestFirst(a: SourceFile, b: SourceFile): number {
  const depth = (file: SourceFile) => file.path.split('/').length
  const length = (file: SourceFile) => baseName(file.path).length
  return depth(a) - depth(b) || length(a) - length(b) || (a.path < b.path ? -1 : 1)
}

/** A cheap look before the close one. */
async function namesBooks(file: SourceFile): Promise<boolean> {
  const head = await readHead(file, 1024)
  const text = String.fromCharCode(...head.subarray(0, 1024)).split(/[\r\n]/, 1)[0]!
  return /isbn|book/i.test(text) && /user/i.test(text)
}

function beside(source: FileTree, file: SourceFile, name: RegExp): readonly SourceFile[] {
  const folder = file.path.slice(0, file.path.length - baseName(file.path).length)
  return source.files
    .filter((other) => other !== file && other.path.startsWith(folder) && name.test(other.path.slice(folder.length)))
    .sort(nearestFirst)
}

async function firstOf<T>(files: readonly SourceFile[], find: (file: SourceFile) => Promise<T | null>): Promise<T | undefined> {
  for (const file of files) {
    const found = await find(file)
    if (found) return found
  }
  return undefined
}

interface Sample {
  readonly rows: number
  readonly zeros: number
  readonly highest: number
  /** Books whose id is written as an ISBN, those that are one, and those that only text keeps whole. */
  readonly isbnLike: number
  readonly isbns: number
  readonly beyondNumbers: number
}

async function sampleOf(table: TableFound): Promise<Sample> {
  const { item = 1, rating = 2 } = table.roles
  let header = table.header !== null
  const sample = { rows: 0, zeros: 0, highest: 0, isbnLike: 0, isbns: 0, beyondNumbers: 0 }
  const take = (record: TableRecord) => {
    const isRow = !header && record.fault === null && record.count === table.width && sample.rows < SAMPLE_ROWS
    header = false
    if (!isRow) return
    const value = readNumber(record, rating)
    const id = record.text(item)
    sample.rows++
    if (value === 0) sample.zeros++
    if (value > sample.highest) sample.highest = value
    if (looksLikeIsbn(id)) sample.isbnLike++
    if (isIsbn(id)) sample.isbns++
    if (looksLikeIsbn(id) && /^0|x$/i.test(id)) sample.beyondNumbers++
  }
  // What a file is refused for is said when it is imported.
  const options = { encoding: table.encoding, sampleBytes: SAMPLE_BYTES }
  await unlessRefused(readRecords(table.file, table.dialect, take, options))
  return sample
}

/** By the names of their columns; without a header, by three columns of which the second holds ISBNs. */
function areBookRatings({ header, roles, width }: TableFound, sample: Sample, settings: ImportSettings): boolean {
  const { user, item, rating, time, behaviour } = roles
  if (user === undefined || item === undefined || rating === undefined || behaviour !== undefined) return false
  const isChosen = settings.columns?.user !== undefined && settings.columns.item !== undefined
  if (header !== null) {
    // RecBole's headers carry types and have a reader of their own.
    if (header.some((name) => /:(token|float)(_seq)?$/.test(name))) return false
    return (isChosen || roleOfName(header[user] ?? '') === 'user') && BOOK_NAME.test(plainName(header[item] ?? ''))
  }
  if (time !== undefined || width !== 3) return false
  return sample.isbns >= 0.6 * sample.rows || (sample.isbnLike >= 0.6 * sample.rows && sample.beyondNumbers > 0)
}
