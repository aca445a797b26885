import type { TextEncoding } from '../../../contract/dto/import-settings.ts'
import { plainName } from './column-roles.ts'
import type { DatasetBuilder } from './dataset-builder.ts'
import { detectEncoding } from './decoding.ts'
import { readHead, type SourceFile } from './file-tree.ts'
import { decodeEntities } from './html-text.ts'
import { looksLikeIsbn } from './isbn.ts'
import { parseNumber } from './numbers.ts'
import { readRecords, type RecordOptions, unlessRefused } from './read-records.ts'
import type { Dialect, TableRecord } from './record.ts'

const HEAD_BYTES = 16 * 1024
const SEPARATORS = [';', ',', '\t', '|']

const BOOK_COLUMNS = {
  id: /^(isbn(10|13)?|bookid|id)$/,
  title: /^(book)?(title|name)$/,
  author: /^(book)?authors?$/,
  year: /^((book)?year(ofpublication)?|(original)?publicationyear)$/,
  publisher: /^(book)?publisher$/,
}

const USER_COLUMNS = {
  id: /^(userid|user|uid|id)$/,
  location: /^(user)?(location|address)$/,
  city: /^(user)?city$/,
  state: /^(user)?(state|region|province)$/,
  country: /^(user)?country$/,
  age: /^(user)?age$/,
}

/** Positions of columns by what they hold; -1 is not there. */
type Places<T> = Readonly<Record<keyof T, number>>

/** A file of books or of users, as it is written. */
interface Catalogue<T> {
  readonly file: SourceFile
  readonly dialect: Dialect
  readonly encoding: TextEncoding
  readonly hasHeader: boolean
  readonly width: number
  readonly at: Places<T>
}
export type BookCatalogue = Catalogue<typeof BOOK_COLUMNS>
export type UserCatalogue = Catalogue<typeof USER_COLUMNS>

/**
 * @param idName the plain name of the ratings' book column, where it has one: a catalogue may hold several ids
 * @returns null when the file is no catalogue of books
 */
export async function findBooks(file: SourceFile, idName: string | null): Promise<BookCatalogue | null> {
  const first = await firstLine(file)
  if (!first) return null
  const names = first.cells.map(plainName)
  const places = placesOf(names, BOOK_COLUMNS)
  const same = idName === null ? -1 : names.indexOf(idName)
  const at = same < 0 ? places : { ...places, id: same }
  const described = { file, dialect: first.dialect, encoding: first.encoding, width: first.cells.length }
  if (at.id >= 0 && at.title >= 0) return { ...described, hasHeader: true, at }
  if (first.cells.length < 5 || !looksLikeIsbn(first.cells[0]!)) return null
  return { ...described, hasHeader: false, at: { id: 0, title: 1, author: 2, year: 3, publisher: 4 } }
}

/** @returns null when the file is no catalogue of users */
export async function findUsers(file: SourceFile): Promise<UserCatalogue | null> {
  const first = await firstLine(file)
  if (!first) return null
  const at = placesOf(first.cells.map(plainName), USER_COLUMNS)
  const described = { file, dialect: first.dialect, encoding: first.encoding, width: first.cells.length }
  const saysMore = Object.values(at).filter((place) => place >= 0).length > 1
  if (at.id >= 0 && saysMore) return { ...described, hasHeader: true, at }
  if (first.cells.length !== 3 || !/^\d+$/.test(first.cells[0]!)) return null
  return { ...described, hasHeader: false, at: { id: 0, location: 1, city: -1, state: -1, country: -1, age: 2 } }
}

interface FirstLine {
  readonly cells: readonly string[]
  readonly dialect: Dialect
  readonly encoding: TextEncoding
}

/** The first line of a file and how it is divided; null where there is none. */
async function firstLine(file: SourceFile): Promise<FirstLine | null> {
  const head = await readHead(file, HEAD_BYTES)
  const sample: SourceFile = {
    ...file,
    async *open() {
      yield await Promise.resolve(head)
    },
  }
  const detected = detectEncoding(head)
  // Single-byte and UTF-8 text is told line by line: copies hold both.
  const encoding = detected === 'utf-16le' || detected === 'utf-16be' ? detected : 'auto'
  let best: FirstLine | null = null
  for (const separator of SEPARATORS) {
    const dialect: Dialect = { separator, quote: '"', quoteEscape: 'auto' }
    let cells: readonly string[] | null = null
    const take = (record: TableRecord) => {
      cells ??= record.texts()
    }
    // Refused for its bytes: no catalogue.
    await unlessRefused(readRecords(sample, dialect, take, { encoding }))
    const found: readonly string[] = cells ?? []
    if (found.length > Math.max(1, best?.cells.length ?? 0)) best = { cells: found, dialect, encoding }
  }
  return best
}

function placesOf<T extends Readonly<Record<string, RegExp>>>(names: readonly string[], columns: T): Places<T> {
  const entries = Object.entries(columns).map(([what, name]) => [what, names.findIndex((one) => name.test(one))])
  return Object.fromEntries(entries) as Places<T>
}

/** Reads titles, years, authors and publishers. @throws PalateError as readRecords and DatasetBuilder.reject */
export async function readBooks(books: BookCatalogue, sink: DatasetBuilder, options: RecordOptions): Promise<void> {
  const { at, width } = books
  await readCatalogue(books, sink, options, (cells) => {
    if (cells.length !== width) return miscounted(cells, width)
    const cell = (place: number) => cells[place] ?? ''
    const itemId = cell(at.id)
    if (itemId === '') return 'the book is empty'
    const title = cleanTitle(cell(at.title))
    const year = parseNumber(cell(at.year))
    const attributes = given({ author: cleanTitle(cell(at.author)), publisher: cleanTitle(cell(at.publisher)) })
    const isNew = sink.addItem({
      itemId,
      title: title === '' ? null : title,
      // A year of 0 is not known.
      year: Number.isInteger(year) && year > 0 ? year : null,
      genres: [],
      ...(attributes ? { attributes } : {}),
    })
    return isNew < 0 ? standsTwice(itemId) : null
  })
}

/**
 * Reads where users live and how old they are. Lines that were cut at the commas of a place are put together again, and
 * what is still missing from one is not known: no line is bad for it.
 *
 * @throws PalateError as readBooks
 */
export async function readUsers(users: UserCatalogue, sink: DatasetBuilder, options: RecordOptions): Promise<void> {
  const { at, width } = users
  const place = [at.location, at.city, at.state, at.country].find((column) => column >= 0)
  await readCatalogue(users, sink, options, (cells) => {
    const extra = cells.length - width
    if (extra > 0 && place === undefined) return miscounted(cells, width)
    const whole =
      extra <= 0 || place === undefined
        ? cells
        : cells.toSpliced(place, extra + 1, cells.slice(place, place + extra + 1).join(','))
    const cell = (column: number) => whole[column] ?? ''
    const userId = cell(at.id)
    if (userId === '') return 'the user is empty'
    const location = cell(at.location).split(',').map(cleanPlace)
    const parts = [...location, ...[at.city, at.state, at.country].flatMap((column) => cell(column).split(',').map(cleanPlace))]
    // City, region, country.
    const country = at.country >= 0 ? cleanPlace(cell(at.country)) : location.length >= 3 ? location.at(-1)! : ''
    const age = parseNumber(cell(at.age).replace(/["\\]/g, ''))
    const attributes = given({ location: parts.filter((part) => part !== '').join(', '), country, age })
    return sink.addUser({ userId, attributes }) < 0 ? standsTwice(userId) : null
  })
}

/** @param take puts a line into the sink. @returns why the line is bad, or null */
async function readCatalogue<T>(
  { file, dialect, encoding, hasHeader }: Catalogue<T>,
  sink: DatasetBuilder,
  options: RecordOptions,
  take: (cells: readonly string[]) => string | null,
): Promise<void> {
  let isHeader = hasHeader
  let lines = 0
  const handle = (record: TableRecord) => {
    if (isHeader) {
      isHeader = false
      return
    }
    const reason = take(record.fault === null ? record.texts() : looseCells(record.rawText(), dialect))
    if (reason === null) {
      lines++
      return
    }
    const { line, byteOffset } = record
    const row = { file: file.display, line, byteOffset, reason: record.fault ?? reason, rawText: record.rawText() }
    if (record.unterminated && lines > 0) sink.rejectCut(row)
    else sink.reject(row)
  }
  await readRecords(file, dialect, handle, { ...options, encoding })
}

/** The fields of a line whose quotes are not in order: divided where a quote, a separator and a quote stand together. */
function looseCells(rawText: string, { separator }: Dialect): string[] {
  const divider = rawText.includes(`"${separator}"`) ? `"${separator}"` : (separator ?? ',')
  const inner = divider.length > 1 ? rawText.trim().replace(/^"|"$/g, '') : rawText
  return inner.split(divider)
}

function miscounted({ length }: readonly string[], width: number): string {
  return `it has ${length} ${length === 1 ? 'field' : 'fields'} instead of ${width}`
}

function standsTwice(id: string): string {
  return `the id "${id}" stands in an earlier line already`
}

/** Without what is empty or no number; null when nothing is left. */
function given(values: Readonly<Record<string, string | number>>): Record<string, string | number> | null {
  const entries = Object.entries(values).filter(([, value]) => value !== '' && !Number.isNaN(value))
  return entries.length === 0 ? null : Object.fromEntries(entries)
}

/**
 * Copies of this data set that were made with another idea of quotes hold \O\" Is for Outlaw" for "O" Is for Outlaw: the
 * quote after a first backslash is lost, and the one that closed the field has stayed.
 */
function cleanTitle(text: string): string {
  const plain = decodeEntities(text).trim()
  if (!/\\.*"$|\\"/.test(plain)) return plain
  const quoted = plain.replace(/\\"?/g, '"')
  const isOdd = quoted.split('"').length % 2 === 0
  return isOdd && quoted.endsWith('"') ? quoted.slice(0, -1) : quoted
}

/** A part of a place, without quotes that a cut left behind; empty where it says that there is none. */
function cleanPlace(text: string): string {
  const plain = decodeEntities(text)
    .replace(/["\\`]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  return /^(n\/a|null|none|-)?[.,]*$/i.test(plain) ? '' : plain
}
