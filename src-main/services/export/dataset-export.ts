import type { DatasetExportFormat, DatasetSidecar, ExportedText } from '../../contract/dto/dataset-export.ts'
import type { RatingScale, TimeKind } from '../../contract/dto/dataset.ts'
import { PalateError } from '../../contract/errors.ts'
import { attributeColumnsOf, encodeAttribute, shortFloat, type Attributed } from '../../engine/data/reading/exchange-cells.ts'
import { SIDECAR_NAME } from '../../engine/data/reading/exchange.ts'
import { MAX_RECORD_BYTES } from '../../engine/data/reading/limits.ts'
import type { NewItem, NewUser, Scenarios } from '../../storage/repositories/new-dataset.ts'
import type { PackedColumns } from '../../storage/repositories/packed-columns.ts'
import type { Workspace } from '../workspace.ts'
import { csvStyle } from './dataset-csv.ts'
import { recboleStyle } from './dataset-recbole.ts'
import type { TableStyle } from './table-style.ts'

/** Of the parts in which a file comes. */
const CHUNK_LENGTH = 64 * 1024

/** Everything that is written of a data set; indices are positions in `users` and `items`. */
export interface WrittenDataset {
  readonly name: string
  readonly scale: RatingScale
  readonly timeKind: TimeKind
  readonly users: readonly NewUser[]
  readonly items: readonly NewItem[]
  readonly columns: PackedColumns
  readonly scenarios?: Scenarios | null
}

/**
 * A stored data set as text, file by file.
 *
 * @throws PalateError DATASET_NOT_FOUND before the first part, DATA_UNSUITABLE for ids that are too long to be read again
 */
export async function* exportDataset(
  workspace: Workspace,
  dataset: number | string,
  format: DatasetExportFormat,
  formulaGuard: () => Promise<boolean>,
): AsyncGenerator<ExportedText, void, void> {
  const { datasets, contents } = workspace.repositories
  const { id, name, scale, timeKind } = await datasets.get(dataset)
  const [users, items, columns, scenarios] = await Promise.all([
    contents.users(id),
    contents.items(id),
    workspace.loadInteractions(id),
    contents.scenarios(id),
  ])
  yield* writeDataset({ name, scale, timeKind, users, items, columns, scenarios }, format, await formulaGuard())
}

/**
 * The files of a data set in parts: ratings, items, users, and the sidecar that the readers of Palate go by. Users and items
 * stand in the order of their indices, so that they get the same again.
 *
 * @param formulaGuard give texts that a spreadsheet would run a leading apostrophe; CSV only
 * @throws PalateError DATA_UNSUITABLE
 */
export function* writeDataset(
  dataset: WrittenDataset,
  format: DatasetExportFormat,
  formulaGuard: boolean,
): Generator<ExportedText, void, void> {
  const style = format === 'csv' ? csvStyle(formulaGuard) : recboleStyle(dataset.name)
  const { codec, quote } = style
  const text = (value: string) => quote(codec.encode(value))
  const userCells = dataset.users.map(({ userId }) => text(userId))
  const itemCells = dataset.items.map(({ itemId }) => text(itemId))
  const attributes = attributeColumnsOf(dataset.users)
  const itemAttributes = attributeColumnsOf(dataset.items)
  const scenarios = dataset.scenarios ?? null
  const headers = style.headers(dataset.timeKind, { users: attributes, items: itemAttributes, scenarios: scenarios !== null })
  const scenarioCells = scenarios && ['', ...scenarios.names.map(text)]
  const records = ratingRecords(dataset.columns, userCells, itemCells, scenarioCells && { ...scenarios, cells: scenarioCells })
  yield* inParts(style.files.ratings, style, headers.ratings, records)
  yield* inParts(
    style.files.items,
    style,
    headers.items,
    mapped(dataset.items, (item, at) => [
      itemCells[at]!,
      text(item.title ?? ''),
      item.year === null ? '' : String(item.year),
      quote(codec.encodeGenres(item.genres)),
      ...itemAttributes.map((column) => quote(encodeAttribute(attributeOf(item, column.name), column, codec))),
    ]),
  )
  yield* inParts(
    style.files.users,
    style,
    headers.users,
    mapped(dataset.users, (user, at) => [
      userCells[at]!,
      ...attributes.map((column) => quote(encodeAttribute(attributeOf(user, column.name), column, codec))),
    ]),
  )
  const sidecar: DatasetSidecar = {
    palateDataset: 1,
    name: dataset.name,
    format,
    timeKind: dataset.timeKind,
    scale: dataset.scale,
    users: dataset.users.length,
    items: dataset.items.length,
    ratings: dataset.columns.rating.length,
    files: style.files,
    userAttributes: attributes,
    itemAttributes,
    scenarios: scenarios !== null,
    apostrophes: format === 'csv' && formulaGuard,
  }
  yield { file: SIDECAR_NAME, text: checked(`${JSON.stringify(sidecar, null, 2)}\n`, SIDECAR_NAME) }
}

/** Own ones alone: an attribute may be called "constructor". */
function attributeOf({ attributes }: Attributed, name: string): string | number | undefined {
  return attributes && Object.hasOwn(attributes, name) ? attributes[name] : undefined
}

function* ratingRecords(
  { userIndex, itemIndex, rating, time }: PackedColumns,
  userCells: readonly string[],
  itemCells: readonly string[],
  scenarios: { readonly codes: Uint16Array; readonly cells: readonly string[] } | null,
): Generator<readonly string[]> {
  // Ratings are few different numbers, as a rule.
  const written = new Map<number, string>()
  for (let row = 0; row < rating.length; row++) {
    const value = rating[row]!
    let text = written.get(value)
    if (text === undefined) {
      text = shortFloat(value)
      if (written.size < 1000) written.set(value, text)
    }
    const cells = [userCells[userIndex[row]!]!, itemCells[itemIndex[row]!]!, text, String(time[row]!)]
    yield scenarios ? [...cells, scenarios.cells[scenarios.codes[row]!]!] : cells
  }
}

function* mapped<T>(entries: readonly T[], record: (entry: T, at: number) => readonly string[]): Generator<readonly string[]> {
  for (const [at, entry] of entries.entries()) yield record(entry, at)
}

function* inParts(
  file: string,
  { separator, lineEnd }: TableStyle,
  header: readonly string[],
  records: Iterable<readonly string[]>,
): Generator<ExportedText, void, void> {
  let text = header.join(separator) + lineEnd
  for (const record of records) {
    text += checked(record.join(separator), file) + lineEnd
    if (text.length < CHUNK_LENGTH) continue
    yield { file, text }
    text = ''
  }
  if (text !== '') yield { file, text }
}

/** Nobody could read a longer line again. @throws PalateError DATA_UNSUITABLE */
function checked(line: string, file: string): string {
  // No character takes more than three bytes for each of its UTF-16 units.
  if (line.length * 3 <= MAX_RECORD_BYTES || Buffer.byteLength(line) <= MAX_RECORD_BYTES) return line
  const reason = `a line of ${file} would be longer than 1 MiB: it begins with "${line.slice(0, 60)}…"`
  throw new PalateError(
    'DATA_UNSUITABLE',
    `The data set cannot be exported: ${reason}. Shorten its ids or titles at their source and import it again.`,
    {
      reason,
    },
  )
}
