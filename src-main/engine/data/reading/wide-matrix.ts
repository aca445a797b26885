import type { ImportSettings, TextEncoding } from '../../../contract/dto/import-settings.ts'
import type { RatingScale } from '../../../contract/dto/dataset.ts'
import type { DatasetBuilder } from './dataset-builder.ts'
import { roleOfName } from './column-roles.ts'
import { detectEncoding } from './decoding.ts'
import { readHead, type SourceFile } from './file-tree.ts'
import { numberFault, parseNumber, readNumber } from './numbers.ts'
import { readRecords, type RecordOptions, unlessRefused } from './read-records.ts'
import { PLAIN_LINES, type Dialect, type TableRecord } from './record.ts'

/** That of the Jester slider. */
export const JESTER_SCALE: RatingScale = { min: -10, max: 10, positiveFrom: 5, negativeTo: -5 }
/** What Jester writes where a joke was not rated. */
const NOT_RATED = '99'
const BLANK = ' '
const SEPARATORS = [',', ';', '\t', BLANK]

const HEAD_BYTES = 64 * 1024
const SAMPLE_ROWS = 100
/** A narrower matrix may be a table of another kind by chance. */
const WIDE = 20
const LEAST_ITEMS = 3
/** Fewer lines may be in order by chance. */
const LEAST_IDS = 5
const NOTHING = ['NA', 'NaN', 'nan', 'null', 'NULL', '-']
/** Of the cells; one at the end of each line is a separator too many. */
const LEAST_EMPTY = 0.02

/** A file with a line per user and a column per item, as it is written. */
export interface WideMatrix {
  readonly file: SourceFile
  readonly separator: string
  readonly dialect: Dialect
  readonly encoding: TextEncoding
  readonly hasHeader: boolean
  readonly items: number
  /** The first column names the users. */
  readonly hasIds: boolean
  /** The first, or the one after the names, column tells how many ratings its line holds. */
  readonly isCounted: boolean
  readonly decimalComma: boolean
  readonly missing: readonly string[]
  readonly confidence: number
  /** The first cells of the first rows. */
  readonly sample: readonly (readonly string[])[]
}

/** @returns null when the beginning of `file` is no wide matrix of ratings from -10 to 10, or on the person's scale */
export async function recogniseMatrix(file: SourceFile, settings: ImportSettings): Promise<WideMatrix | null> {
  const encoding = settings.encoding ?? detectEncoding(await readHead(file, HEAD_BYTES))
  let best: WideMatrix | null = null
  for (const separator of settings.separator === undefined ? SEPARATORS : [settings.separator]) {
    const found = await tryMatrix(file, separator, encoding, settings)
    if (found && found.confidence > (best?.confidence ?? 0)) best = found
  }
  return best
}

async function tryMatrix(
  file: SourceFile,
  separator: string,
  encoding: TextEncoding,
  settings: ImportSettings,
): Promise<WideMatrix | null> {
  const dialect: Dialect =
    separator === BLANK ? PLAIN_LINES : { separator, quote: settings.quote ?? '"', quoteEscape: settings.quoteEscape ?? 'auto' }
  const rows: string[][] = []
  const take = (record: TableRecord) => {
    if (rows.length > SAMPLE_ROWS || record.fault !== null) return
    if (separator === BLANK) splitAtBlanks(record)
    rows.push(record.texts())
  }
  // What a file is refused for is said when it is imported.
  if (!(await unlessRefused(readRecords(file, dialect, take, { encoding, sampleBytes: HEAD_BYTES })))) return null
  const missing = settings.missing ?? markersIn(rows)
  const decimalComma = settings.decimalComma ?? (separator !== ',' && rows.some((row) => row.some(hasDecimalComma)))
  const isNumber = (cell: string) => !Number.isNaN(parseNumber(cell, decimalComma)) || missing.includes(cell)
  const hasHeader = settings.header ?? !rows[0]?.filter((cell) => cell !== '').every(isNumber)
  // Lines may end in a separator, unless nothing between two of them says "not rated".
  const sample = (hasHeader ? rows.slice(1) : rows).map((row) => (missing.includes('') ? row : withoutTail(row)))
  const meaning = { missing, decimalComma, scale: settings.scale ?? JESTER_SCALE }
  const isNamed = hasHeader && roleOfName(rows[0]?.[0] ?? '') === 'user'
  const plain = isNamed ? null : shapeOf(sample, meaning)
  const hasIds = plain === null && (isNamed || areIds(sample.map((row) => row[0] ?? '')))
  const shape = hasIds
    ? shapeOf(
        sample.map((row) => row.slice(1)),
        meaning,
      )
    : plain
  if (!shape) return null
  return { hasIds, file, separator, dialect, encoding, hasHeader, decimalComma, missing, sample: sample.slice(0, 5), ...shape }
}

function hasDecimalComma(cell: string): boolean {
  return /^[+-]?\d+,\d+$/.test(cell)
}

/** What stands where nothing was rated: 99 as published; where no cell holds it, words for nothing, or nothing at all. */
function markersIn(rows: readonly (readonly string[])[]): readonly string[] {
  const cells = rows.slice(1).flat()
  if (cells.some((cell) => Number(cell) === Number(NOT_RATED))) return [NOT_RATED]
  const words = NOTHING.filter((word) => cells.includes(word))
  if (words.length > 0) return [NOT_RATED, ...words]
  const empty = cells.filter((cell) => cell === '').length
  return empty > LEAST_EMPTY * cells.length ? [NOT_RATED, ''] : [NOT_RATED]
}

/** Names of users: all different, and numbered one after the other or no numbers at all. */
function areIds(cells: readonly string[]): boolean {
  if (cells.length < LEAST_IDS || new Set(cells).size < cells.length) return false
  const numbers = cells.map((cell) => parseNumber(cell))
  return numbers.every(Number.isNaN) || numbers.every((value, at) => Number.isInteger(value) && value === numbers[0]! + at)
}

function withoutTail(row: readonly string[]): readonly string[] {
  return row.at(-1) === '' ? row.slice(0, -1) : row
}

interface CellMeaning {
  readonly missing: readonly string[]
  readonly decimalComma: boolean
  readonly scale: RatingScale
}

/** What the sampled rows are, by their numbers of fields and by what stands in those. */
function shapeOf(
  rows: readonly (readonly string[])[],
  meaning: CellMeaning,
): Pick<WideMatrix, 'items' | 'isCounted' | 'confidence'> | null {
  const width = rows[0]?.length ?? 0
  if (width <= LEAST_ITEMS) return null
  const markers = new Markers(meaning.missing)
  const { min, max } = meaning.scale
  let counted = 0
  let fitting = 0
  let fittingAll = 0
  let missing = 0
  for (const row of rows) {
    if (row.length !== width) continue
    const values = row.map((cell) => (markers.isText(cell) ? Infinity : parseNumber(cell, meaning.decimalComma)))
    const isMissing = (value: number) => value === Infinity || markers.isNumber(value)
    const fits = (value: number) => isMissing(value) || (value >= min && value <= max)
    const rated = values.slice(1).filter((value) => !isMissing(value)).length
    missing += width - 1 - rated
    if (values[0] === rated) counted++
    if (!values.slice(1).every(fits)) continue
    fitting++
    if (fits(values[0]!)) fittingAll++
  }
  const share = fitting / rows.length
  if (share < 0.5) return null
  // Also where many counts are wrong: what lies beyond the scale is no rating.
  const isCounted = counted >= 0.5 * rows.length || fittingAll < 0.5 * rows.length
  const items = isCounted ? width - 1 : width
  if (isCounted && counted < 0.1 * rows.length) return null
  if (items >= WIDE) return isCounted ? { items, isCounted, confidence: 0.97 * share } : unlessFull(missing, items, share)
  return isCounted && counted > 0.9 * rows.length && missing > 0 ? { items, isCounted, confidence: 0.9 * share } : null
}

/** Many numbers from -10 to 10 are measurements of anything; with the mark of what was not rated among them, ratings. */
function unlessFull(
  missing: number,
  items: number,
  share: number,
): Pick<WideMatrix, 'items' | 'isCounted' | 'confidence'> | null {
  return missing > 0 ? { items, isCounted: false, confidence: 0.6 * share } : null
}

/** What stands in place of a rating; a number in any writing: 99 is 99.00 as well. */
class Markers {
  readonly #texts: ReadonlySet<string>
  readonly #numbers: ReadonlySet<number>

  constructor(missing: readonly string[]) {
    this.#texts = new Set(missing.filter((marker) => Number.isNaN(parseNumber(marker))))
    this.#numbers = new Set(missing.map((marker) => parseNumber(marker)).filter((marker) => !Number.isNaN(marker)))
  }

  isNumber(value: number): boolean {
    return this.#numbers.has(value)
  }

  isText(cell: string): boolean {
    return this.#texts.has(cell)
  }
}

/** Divides a line at its runs of blanks and tabs. */
function splitAtBlanks(record: TableRecord): void {
  const { bytes, start, end } = record
  let count = 0
  for (let at = start; at < end;) {
    while (at < end && isBlank(bytes[at]!)) at++
    if (at === end) break
    record.reserve(count + 1)
    record.starts[count] = at
    record.escaped[count] = 0
    while (at < end && !isBlank(bytes[at]!)) at++
    record.ends[count++] = at
  }
  record.count = count
}

function isBlank(byte: number): boolean {
  return byte === 32 || byte === 9
}

/**
 * Reads a matrix into `sink`: its users are called by their names in the first column, else by the number of their line, from `firstUser` on, its items by the number
 * of their column from 1. A line with anything wrong in it is left out as a whole.
 *
 * @param itemIndexes of the items in order, in the sink
 * @returns the number after that of the last line
 * @throws PalateError as readRecords and DatasetBuilder.reject
 */
export async function readMatrix(
  matrix: WideMatrix,
  sink: DatasetBuilder,
  itemIndexes: readonly number[],
  firstUser: number,
  options: RecordOptions,
): Promise<number> {
  const reading = new MatrixReading(matrix, sink, itemIndexes, firstUser)
  await readRecords(matrix.file, matrix.dialect, (record) => reading.take(record), { ...options, encoding: matrix.encoding })
  return reading.nextUser
}

class MatrixReading {
  /** The number of the next line's user. */
  nextUser: number
  readonly #matrix: WideMatrix
  readonly #sink: DatasetBuilder
  readonly #itemIndexes: readonly number[]
  readonly #markers: Markers
  readonly #scale: RatingScale
  readonly #width: number
  /** The column of the first item. */
  readonly #first: number
  /** Of one line; NaN is not rated. */
  readonly #ratings: Float64Array
  #headerPending: boolean

  constructor(matrix: WideMatrix, sink: DatasetBuilder, itemIndexes: readonly number[], firstUser: number) {
    this.#matrix = matrix
    this.#sink = sink
    this.#itemIndexes = itemIndexes
    this.nextUser = firstUser
    this.#markers = new Markers(matrix.missing)
    this.#scale = sink.policy.scale ?? JESTER_SCALE
    this.#first = (matrix.hasIds ? 1 : 0) + (matrix.isCounted ? 1 : 0)
    this.#width = matrix.items + this.#first
    this.#ratings = new Float64Array(matrix.items)
    this.#headerPending = matrix.hasHeader
  }

  take(record: TableRecord): void {
    if (this.#headerPending) {
      this.#headerPending = false
      return
    }
    // A line that is left out keeps its number: those after it are called as they stand in the file.
    const user = this.nextUser++
    const reason = record.fault ?? this.#parse(record)
    if (reason === null) return this.#add(this.#matrix.hasIds ? record.text(0) : String(user), record.line)
    const { line, byteOffset } = record
    const row = { file: this.#matrix.file.display, line, byteOffset, reason, rawText: record.rawText() }
    if (record.unterminated && this.#sink.size > 0) this.#sink.rejectCut(row)
    else this.#sink.reject(row)
  }

  /** Puts the line's ratings into `#ratings`. @returns why it is bad, or null */
  #parse(record: TableRecord): string | null {
    const { separator, hasIds, isCounted, decimalComma, items } = this.#matrix
    if (separator === BLANK) splitAtBlanks(record)
    if (record.count === this.#width + 1 && record.isEmpty(this.#width)) record.count--
    if (record.count !== this.#width) {
      return `it has ${record.count} ${record.count === 1 ? 'field' : 'fields'} instead of ${this.#width}`
    }
    const first = this.#first
    if (hasIds && record.isEmpty(0)) return 'the user is empty'
    let rated = 0
    for (let item = 0; item < items; item++) {
      const value = readNumber(record, item + first, decimalComma)
      const isMissing = Number.isNaN(value) ? this.#markers.isText(record.text(item + first)) : this.#markers.isNumber(value)
      this.#ratings[item] = isMissing ? NaN : value
      if (isMissing) continue
      if (Number.isNaN(value)) return numberFault(`rating in column ${item + first + 1}`, record.text(item + first))
      const { min, max } = this.#scale
      if (value < min || value > max) {
        return `the rating ${value} in column ${item + first + 1} lies outside the scale from ${min} to ${max}`
      }
      rated++
    }
    if (!isCounted) return null
    const count = readNumber(record, first - 1, decimalComma)
    if (Number.isNaN(count)) return numberFault('number of ratings', record.text(first - 1))
    return count === rated ? null : `its ${hasIds ? 'second' : 'first'} column says ${count} ratings, but ${rated} follow`
  }

  #add(userId: string, line: number): void {
    const sink = this.#sink
    let userIndex = -1
    for (let item = 0; item < this.#ratings.length; item++) {
      const rating = this.#ratings[item]!
      if (Number.isNaN(rating)) {
        sink.addMissing()
        continue
      }
      // Who rated nothing is no user of the data set.
      if (userIndex < 0) userIndex = sink.userIds.indexOfText(userId)
      sink.addRating(userIndex, this.#itemIndexes[item]!, rating, sink.size, line)
    }
  }
}
