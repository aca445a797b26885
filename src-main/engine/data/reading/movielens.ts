import { PalateError } from '../../../contract/errors.ts'
import type { RatingScale } from '../../../contract/dto/dataset.ts'
import { DatasetBuilder } from './dataset-builder.ts'
import { baseName, readHead, type FileTree, type SourceFile } from './file-tree.ts'
import { readIntegers } from './integers.ts'
import { readLines } from './lines.ts'
import type { DatasetItem, DatasetUser, ReadOptions } from './reader.ts'
import { decodeText } from './text.ts'

/** Five stars: four and five please, one and two displease. */
const FIVE_STARS: RatingScale = { min: 1, max: 5, positiveFrom: 4, negativeTo: 2 }

const FIELDS = ['user id', 'item id', 'rating', 'time']

/** How the fields of a family's rating lines are divided. */
export interface Separator {
  readonly text: string
  readonly byte: number
  readonly repeat: number
}

export const TAB: Separator = { text: '\t', byte: 9, repeat: 1 }
export const DOUBLE_COLON: Separator = { text: '::', byte: 58, repeat: 2 }

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
 * @returns how likely `file` holds rating lines: the share of its first lines that fit (whatever the rating says), with
 *          a bonus for the expected name and neighbours. An empty file of the right name still counts, so that it is called empty.
 */
export async function ratingsConfidence(
  file: SourceFile | undefined,
  separator: Separator,
  expected: { name: RegExp; neighbours: number },
): Promise<number> {
  if (!file) return 0
  const named = expected.name.test(baseName(file.path))
  const head = await readHead(file, 4096)
  if (head.length === 0) return named ? 0.5 : 0
  // The last line may be cut off by the head's end.
  const lines = decodeText(head, 0, head.length).split('\n').slice(0, 50)
  const whole = (lines.length > 1 ? lines.slice(0, -1) : lines).filter((line) => line.trim() !== '')
  const fitting = whole.filter((line) => {
    const fields = line.trimEnd().split(separator.text)
    return fields.length === 4 && fields.every((field) => /^\d+$/.test(field))
  })
  if (fitting.length === 0) return 0
  return 0.7 * (fitting.length / whole.length) + (named ? 0.2 : 0) + 0.05 * expected.neighbours
}

/** Reads users, items and ratings of one of the MovieLens families. */
export async function readMovielens(files: MovielensFiles, lines: MovielensLines, options: ReadOptions) {
  const builder = new DatasetBuilder(options.onBadRow)
  const bytesTotal = files.ratings.bytes + (files.items?.bytes ?? 0) + (files.users?.bytes ?? 0)
  let bytesBefore = 0
  const lineOptions = () => ({
    signal: options.signal,
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
  await readRatings(files, lines.separator, builder, { users, items }, lineOptions())
  return builder.finish({ path: files.ratings.display, scale: FIVE_STARS })
}

async function readCatalogue<T extends DatasetItem | DatasetUser>(
  file: SourceFile,
  builder: DatasetBuilder,
  indexes: Map<number, number>,
  parse: (line: string) => T | null,
  add: (entry: T) => number,
  lineOptions: Parameters<typeof readLines>[2],
): Promise<void> {
  await readLines(
    file,
    (bytes, start, end, line, byteOffset) => {
      const rawText = decodeText(bytes, start, end)
      const entry = parse(rawText)
      const id = entry && ('itemId' in entry ? entry.itemId : entry.userId)
      if (entry === null || id === null || !/^(0|[1-9]\d{0,14})$/.test(id)) {
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

async function readRatings(
  files: MovielensFiles,
  separator: Separator,
  builder: DatasetBuilder,
  { users, items }: { users: Map<number, number>; items: Map<number, number> },
  lineOptions: Parameters<typeof readLines>[2],
): Promise<void> {
  const { ratings } = files
  const row = new Float64Array(4)
  await readLines(
    ratings,
    (bytes, start, end, line, byteOffset) => {
      const wrong = readIntegers(bytes, start, end, separator.byte, separator.repeat, row)
      const rating = row[2]!
      let itemIndex = wrong < 0 ? items.get(row[1]!) : undefined
      if (wrong >= 0 || rating < FIVE_STARS.min || rating > FIVE_STARS.max || (itemIndex === undefined && files.items)) {
        const rawText = decodeText(bytes, start, end)
        const reason = reasonOf(rawText, separator, wrong, files.items)
        builder.reject({ file: ratings.display, line, byteOffset, reason, rawText })
        return
      }
      if (itemIndex === undefined) {
        itemIndex = builder.addItem({ itemId: String(row[1]!), title: null, year: null, genres: [] })
        items.set(row[1]!, itemIndex)
      }
      let userIndex = users.get(row[0]!)
      if (userIndex === undefined) {
        userIndex = builder.addUser({ userId: String(row[0]!), attributes: null })
        users.set(row[0]!, userIndex)
      }
      builder.addRating(userIndex, itemIndex, rating, row[3]!)
    },
    lineOptions,
  )
}

/** @param wrong what readIntegers said about the line */
function reasonOf(rawText: string, separator: Separator, wrong: number, items: SourceFile | undefined): string {
  const fields = rawText.split(separator.text)
  if (fields.length !== FIELDS.length) {
    return `it has ${fields.length} ${fields.length === 1 ? 'field' : 'fields'} instead of 4 (${FIELDS.join(', ')})`
  }
  if (wrong >= 0 && wrong !== 2) return `the ${FIELDS[wrong]!} "${fields[wrong]!}" is not a whole number`
  const rating = fields[2]!
  if (wrong === 2 || Number(rating) < FIVE_STARS.min || Number(rating) > FIVE_STARS.max) {
    return `the rating "${rating}" is not a whole number from ${FIVE_STARS.min} to ${FIVE_STARS.max}`
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
