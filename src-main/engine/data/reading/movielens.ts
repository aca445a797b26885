import { PalateError } from '../../../contract/errors.ts'
import type { ImportSettings } from '../../../contract/dto/import-settings.ts'
import type { RatingScale } from '../../../contract/dto/dataset.ts'
import type { DatasetBuilder } from './dataset-builder.ts'
import { baseName, readHead, type FileTree, type SourceFile } from './file-tree.ts'
import { readIntegers } from './integers.ts'
import { readLines } from './lines.ts'
import type { DatasetItem, DatasetUser, RowMeaning } from './dataset-content.ts'
import { NOT_RECOGNISED, type ReadOptions, type Recognition } from './reader.ts'
import type { RecordOptions } from './read-records.ts'
import { decodeText } from './text.ts'

/** Five stars: four and five please, one and two displease. */
const FIVE_STARS: RatingScale = { min: 1, max: 5, positiveFrom: 4, negativeTo: 2 }
const HALF_STARS: RatingScale = { ...FIVE_STARS, min: 0.5 }
/** Of the sampled ratings that must lie on the scale: others are of another place, a few are bad lines of this one. */
const LEAST_ON_SCALE = 0.5
/** Of half stars as they are written: 0.5, 3, 4.5, 5.0. */
const HALVES = /^(0\.5|[1-4](\.[05])?|5(\.0)?)$/
/** Rows after which a shorter time at the end of the file is a sign of a cut. */
const CUT_SHOWS_AFTER = 10
const WHOLE = /^(0|[1-9]\d{0,14})$/

const FIELDS = ['user id', 'item id', 'rating', 'time']
const ROLES = ['user', 'item', 'rating', 'time'] as const

/** How the fields of a family's rating lines are divided. */
export interface Separator {
  readonly text: string
  readonly byte: number
  readonly repeat: number
  /** Ratings may hold halves, as they do since 2003. */
  readonly halves: boolean
}

export const TAB: Separator = { text: '\t', byte: 9, repeat: 1, halves: false }
export const DOUBLE_COLON: Separator = { text: '::', byte: 58, repeat: 2, halves: true }

/** The files of one data set; only the ratings are indispensable. */
export interface MovielensFiles {
  readonly ratings: SourceFile
  readonly items: SourceFile | undefined
  readonly users: SourceFile | undefined
}

/** How the lines of the other files are understood; null means "not a line of this file". */
export interface MovielensLines {
  readonly separator: Separator
  parseItem(line: string): DatasetItem | null
  parseUser(line: string): DatasetUser | null
}

/**
 * @returns how likely `files` hold rating lines: the share of the first lines that fit (whatever the rating says), with
 *          a bonus for the expected name and neighbours. An empty file of the right name still counts, so that it is called empty.
 */
export async function recogniseMovielens(
  files: MovielensFiles | null,
  separator: Separator,
  name: RegExp,
  settings: ImportSettings,
): Promise<Recognition> {
  if (!files) return NOT_RECOGNISED
  const neighbours = [files.items, files.users].filter((file) => file !== undefined).length
  const { confidence, rows } = await ratingsConfidence(files.ratings, separator, { name, neighbours })
  if (confidence === 0) return NOT_RECOGNISED
  const columns = ROLES.map((role, column) => ({
    name: FIELDS[column]!,
    role,
    samples: rows.slice(0, 5).map((row) => row[column]!),
  }))
  return { confidence: Math.min(1, confidence), settings, columns, warnings: [] }
}

async function ratingsConfidence(
  file: SourceFile,
  separator: Separator,
  expected: { name: RegExp; neighbours: number },
): Promise<{ confidence: number; rows: string[][] }> {
  const named = expected.name.test(baseName(file.path))
  const head = await readHead(file, 4096)
  if (head.length === 0) return { confidence: named ? 0.5 : 0, rows: [] }
  // The last line may be cut off by the head's end.
  const lines = decodeText(head, 0, head.length).split('\n').slice(0, 50)
  const whole = (lines.length > 1 ? lines.slice(0, -1) : lines).filter((line) => line.trim() !== '')
  const rating = separator.halves ? /^\d+(\.\d+)?$/ : /^\d+$/
  const rows = whole
    .map((line) => line.trimEnd().split(separator.text))
    .filter((fields) => fields.length === 4 && fields.every((field, at) => (at === 2 ? rating : /^\d+$/).test(field)))
  const onScale = rows.filter((fields) => Number(fields[2]) <= FIVE_STARS.max).length
  // Ids are whole numbers here: where zeros lead, they are texts.
  const hasTextIds = rows.some((fields) => /^0\d/.test(fields[0]!) || /^0\d/.test(fields[1]!))
  if (rows.length === 0 || hasTextIds || onScale < LEAST_ON_SCALE * rows.length) return { confidence: 0, rows: [] }
  return { confidence: 0.7 * (rows.length / whole.length) + (named ? 0.2 : 0) + 0.05 * expected.neighbours, rows }
}

/** Reads users, items and ratings of one of the MovieLens families. */
export async function readMovielens(
  files: MovielensFiles,
  lines: MovielensLines,
  options: ReadOptions,
  builder: DatasetBuilder,
): Promise<RowMeaning> {
  const bytesTotal = files.ratings.bytes + (files.items?.bytes ?? 0) + (files.users?.bytes ?? 0)
  let bytesBefore = 0
  const lineOptions = () => ({
    signal: options.signal,
    sampleBytes: options.sampleBytes,
    onChunk: (bytesRead: number) => options.onProgress?.(builder.size, bytesBefore + bytesRead, bytesTotal),
  })
  const users = new Map<number, number>()
  const items = new Map<number, number>()
  if (files.items) {
    await readCatalogue(files.items, builder, items, lines.parseItem, (item) => builder.addItem(item), lineOptions())
    bytesBefore += files.items.bytes
  }
  if (files.users) {
    await readCatalogue(files.users, builder, users, lines.parseUser, (user) => builder.addUser(user), lineOptions())
    bytesBefore += files.users.bytes
  }
  // The beginning of a catalogue does not know every item.
  const catalogue = options.sampleBytes === undefined ? files.items : undefined
  const halves = await readRatings({ ...files, items: catalogue }, lines.separator, builder, { users, items }, lineOptions())
  return { path: files.ratings.display, scale: halves ? HALF_STARS : FIVE_STARS }
}

async function readCatalogue<T extends DatasetItem | DatasetUser>(
  file: SourceFile,
  builder: DatasetBuilder,
  indexes: Map<number, number>,
  parse: (line: string) => T | null,
  add: (entry: T) => number,
  lineOptions: RecordOptions,
): Promise<void> {
  await readLines(
    file,
    (bytes, start, end, line, byteOffset) => {
      const rawText = decodeText(bytes, start, end)
      const entry = parse(rawText)
      const id = entry && ('itemId' in entry ? entry.itemId : entry.userId)
      if (entry === null || id === null || !WHOLE.test(id)) {
        builder.reject({ file: file.display, line, byteOffset, reason: 'it does not begin with a whole number as id', rawText })
      } else if (indexes.has(Number(id))) {
        builder.reject({
          file: file.display,
          line,
          byteOffset,
          reason: `the id "${id}" stands in an earlier line already`,
          rawText,
        })
      } else {
        indexes.set(Number(id), add(entry))
      }
    },
    lineOptions,
  )
}

/** @returns whether a rating holds a half */
async function readRatings(
  files: MovielensFiles,
  separator: Separator,
  builder: DatasetBuilder,
  { users, items }: { users: Map<number, number>; items: Map<number, number> },
  lineOptions: RecordOptions,
): Promise<boolean> {
  const { ratings } = files
  const row = new Float64Array(4)
  let halves = false
  let earliest = Infinity
  await readLines(
    ratings,
    (bytes, start, end, line, byteOffset, unterminated) => {
      let wrong = readIntegers(bytes, start, end, separator.byte, separator.repeat, row)
      if (wrong === 2 && separator.halves && readHalves(bytes, start, end, separator, row)) {
        wrong = -1
        halves ||= row[2]! % 1 !== 0
      }
      const rating = row[2]!
      let itemIndex = wrong < 0 ? items.get(row[1]!) : undefined
      const lowest = separator.halves ? HALF_STARS.min : FIVE_STARS.min
      if (wrong >= 0 || rating < lowest || rating > FIVE_STARS.max || (itemIndex === undefined && files.items)) {
        const rawText = decodeText(bytes, start, end)
        const reason = reasonOf(rawText, separator, wrong, files.items)
        const bad = { file: ratings.display, line, byteOffset, reason, rawText }
        if (unterminated && wrong >= 0 && builder.size > 0) builder.rejectCut(bad)
        else builder.reject(bad)
        return
      }
      if (unterminated && builder.size >= CUT_SHOWS_AFTER && String(row[3]!).length < String(earliest).length) {
        const reason = `the time "${row[3]!}" is shorter than every other`
        builder.rejectCut({ file: ratings.display, line, byteOffset, reason, rawText: decodeText(bytes, start, end) })
        return
      }
      if (row[3]! < earliest) earliest = row[3]!
      if (itemIndex === undefined) {
        itemIndex = builder.addItem({ itemId: String(row[1]!), title: null, year: null, genres: [] })
        items.set(row[1]!, itemIndex)
      }
      let userIndex = users.get(row[0]!)
      if (userIndex === undefined) {
        userIndex = builder.addUser({ userId: String(row[0]!), attributes: null })
        users.set(row[0]!, userIndex)
      }
      builder.addRating(userIndex, itemIndex, rating, row[3]!, line)
    },
    lineOptions,
  )
  return halves
}

/** The slower way, for a line whose rating is no whole number. @returns whether the line is in order */
function readHalves(bytes: Uint8Array, start: number, end: number, { text }: Separator, out: Float64Array): boolean {
  const fields = decodeText(bytes, start, end).split(text)
  const inOrder = fields.length === out.length && fields.every((field, at) => (at === 2 ? HALVES : WHOLE).test(field))
  if (inOrder) fields.forEach((field, at) => (out[at] = Number(field)))
  return inOrder
}

/** @param wrong what readIntegers said about the line */
function reasonOf(rawText: string, separator: Separator, wrong: number, items: SourceFile | undefined): string {
  const fields = rawText.split(separator.text)
  if (fields.length !== FIELDS.length) {
    return `it has ${fields.length} ${fields.length === 1 ? 'field' : 'fields'} instead of 4 (${FIELDS.join(', ')})`
  }
  if (wrong >= 0 && wrong !== 2) return `the ${FIELDS[wrong]!} "${fields[wrong]!}" is not a whole number`
  const rating = fields[2]!
  const inRange = Number(rating) >= (separator.halves ? HALF_STARS.min : FIVE_STARS.min) && Number(rating) <= FIVE_STARS.max
  if (wrong === 2 || !inRange) {
    // A line whose rating alone is in order is named by its other fields.
    const other =
      wrong === 2 && separator.halves && HALVES.test(rating)
        ? fields.findIndex((field, at) => at !== 2 && !WHOLE.test(field))
        : -1
    if (other >= 0) return `the ${FIELDS[other]!} "${fields[other]!}" is not a whole number`
    return separator.halves
      ? `the rating "${rating}" is not a number of stars from ${HALF_STARS.min} to ${HALF_STARS.max}, whole or half`
      : `the rating "${rating}" is not a whole number from ${FIVE_STARS.min} to ${FIVE_STARS.max}`
  }
  return `the item id "${fields[1]!}" does not stand in ${baseName(items!.path)}`
}

/** @throws PalateError FORMAT_UNKNOWN: the ratings file is not there */
export function missingRatings(source: FileTree, wanted: string, format: string): PalateError {
  return new PalateError(
    'FORMAT_UNKNOWN',
    `${source.display} has no ${wanted}, which the format ${format} wants. Choose the folder, zip or file that holds it, or another format.`,
    { path: source.display, known: [format] },
  )
}

/** "Toy Story (1995)" was released in 1995. @returns null when the title ends otherwise */
export function yearOfTitle(title: string): number | null {
  const match = /\((\d{4})\)\s*$/.exec(title)
  return match ? Number(match[1]) : null
}
