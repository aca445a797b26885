import type { ImportSettings } from '../../../contract/dto/import-settings.ts'
import { chosenRoles, isSessionName, isWeightName, roleOfName, type Roles } from '../reading/column-roles.ts'
import type { RowMeaning } from '../reading/dataset-content.ts'
import { findExchange, readExchange, recogniseExchange, SIDECAR_NAME, type Exchange } from '../reading/exchange.ts'
import { baseName, type FileTree, type SourceFile } from '../reading/file-tree.ts'
import { missingRatings } from '../reading/movielens.ts'
import { readRatingTable } from '../reading/rating-table.ts'
import { idField, readRecboleItems, readRecboleUsers } from '../reading/recbole-catalogues.ts'
import { checkTypes, typedHeader, type FieldType, type TypedHeader } from '../reading/recbole-header.ts'
import { defineReader, NOT_RECOGNISED, type Recognition } from '../reading/reader.ts'
import type { RecordOptions } from '../reading/read-records.ts'
import type { TableFound } from '../reading/table-recognition.ts'
import { likelyMissing } from '../reading/rating-scales.ts'
import { detectTimeUnit } from '../reading/times.ts'

const INTER_NAME = /\.inter$/i
/** Files of one data set that was divided: ml.train.inter, ml.valid.inter, ml.test.inter, ml.part1.inter. */
const PART = /\.(train|valid|test|part_?\d+)\.inter$/i
const PART_ORDER = ['train', 'valid', 'test']
/** A folder of more files is looked at in part. */
const MAX_CANDIDATES = 40

/** The interactions of a source and the catalogues beside them. */
interface Located {
  readonly parts: readonly TypedHeader[]
  readonly table: TableFound
  readonly isWeight: boolean
  readonly others: readonly string[]
}

export default defineReader({
  id: 'recbole',
  title: 'RecBole atomic files',
  doc: 'A folder or zip of atomic files, or one .inter: typed headers (user_id:token, item_id:token, rating:float, timestamp:float), mostly with tabs. The rating is the field rating, else label; a weight is positive feedback of that strength; without any of them every row is positive feedback. .item gives title, year and genres, .user the attributes; parts (.train, .valid, .test) are read one after the other; .link, .kg and .net are passed over.',
  overridable: ['file', 'encoding', 'separator', 'columns', 'timeUnit', 'missing'],

  async recognise(source, settings) {
    const exchange = await exchangeOf(source, settings)
    if (exchange) return recogniseExchange(exchange, settings)
    const found = await locate(source, settings)
    if (!found) return NOT_RECOGNISED
    return { ...found.table.recognition, warnings: await warningsOf(source, found) }
  },

  async read(source, options, sink) {
    const exchange = await exchangeOf(source, options.settings)
    if (exchange) return readExchange(exchange, options, sink)
    const found = await locate(source, options.settings)
    if (!found) throw missingRatings(source, '.inter file with users and items in a typed header', 'recbole')
    const { encoding } = options.settings
    const items = await catalogue(source, found, 'item')
    const users = await catalogue(source, found, 'user')
    const files = [items, users, ...found.parts].flatMap((header) => (header ? [header.file] : []))
    const bytesTotal = files.reduce((sum, file) => sum + file.bytes, 0)
    const reading = ({ file }: TypedHeader): RecordOptions => {
      const before = files.slice(0, files.indexOf(file)).reduce((sum, { bytes }) => sum + bytes, 0)
      const onChunk = (bytes: number) => options.onProgress?.(sink.size, before + bytes, bytesTotal)
      return { encoding, signal: options.signal, sampleBytes: options.sampleBytes, onChunk }
    }
    if (items) await readRecboleItems(items, sink, reading(items))
    if (users) await readRecboleUsers(users, sink, reading(users))
    for (const part of found.parts) checkTypes(part, wantedTypes(found.table.roles))
    let meaning: RowMeaning = { path: source.display }
    for (const part of found.parts) {
      meaning = await readRatingTable({ ...found.table, file: part.file }, sink, reading(part))
    }
    return meaning
  },
})

/** What Palate wrote itself, unless a person wants it read in another way. */
function exchangeOf(source: FileTree, settings: ImportSettings): Promise<Exchange | null> {
  const { columns, separator, timeUnit, missing, encoding } = settings
  const asItIs = [columns, separator, timeUnit, missing, encoding].every((setting) => setting === undefined)
  return asItIs ? findExchange(source, 'recbole', settings.file) : Promise.resolve(null)
}

async function locate(source: FileTree, settings: ImportSettings): Promise<Located | null> {
  const found: { header: TypedHeader; roles: Roles }[] = []
  for (const file of candidates(source, settings.file)) {
    const header = await typedHeader(file, settings.separator)
    const roles = header && rolesOf(header, settings)
    if (header && roles) found.push({ header, roles })
  }
  const first = found[0]
  if (!first) return null
  const stem = stemOf(first.header.file)
  const same = ({ header }: { header: TypedHeader }) =>
    PART.test(first.header.file.path) &&
    PART.test(header.file.path) &&
    stemOf(header.file) === stem &&
    alike(header, first.header)
  const parts = settings.file === undefined && !source.chosen ? found.filter((one) => one === first || same(one)) : [first]
  const headers = parts.map(({ header }) => header)
  const others = found.filter((one) => !parts.includes(one)).map(({ header }) => header.file.path)
  const { rating } = first.roles
  const isWeight = rating !== undefined && isWeightName(first.header.fields[rating]!.name)
  const table = tableOf(first.header, first.roles, settings, headers.length === 1)
  return { parts: headers, table, isWeight, others }
}

/** Interactions by their content; those of the usual name first, so that a stray copy under another comes last. */
function candidates(source: FileTree, wanted: string | undefined): readonly SourceFile[] {
  if (wanted !== undefined) return source.files.filter((file) => file.path === wanted).slice(0, 1)
  if (source.chosen && INTER_NAME.test(source.chosen.path)) return [source.chosen]
  const { chosen } = source
  const beside = chosen && source.files.filter((file) => INTER_NAME.test(file.path) && stemOf(file) === stemOf(chosen))
  if (chosen) return [chosen, ...(beside ?? [])]
  const rank = (file: SourceFile) => {
    const part = PART.exec(file.path)?.[1]?.toLowerCase()
    if (part !== undefined) return 1 + (PART_ORDER.includes(part) ? PART_ORDER.indexOf(part) : Number(part.replace(/\D/g, '')))
    return INTER_NAME.test(file.path) ? 0 : 1e6
  }
  return source.files
    .filter((file) => /\.(inter|txt|tsv|csv)$/i.test(file.path) || source.files.length === 1)
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, MAX_CANDIDATES)
}

/** "folder/ml" of folder/ml.inter and folder/ml.train.inter. */
function stemOf({ path }: SourceFile): string {
  return path.replace(PART, '').replace(/\.[a-z]+$/i, '')
}

function alike(a: TypedHeader, b: TypedHeader): boolean {
  return a.fields.map(({ written }) => written).join('\n') === b.fields.map(({ written }) => written).join('\n')
}

/** @returns null when the header names no users or no items */
function rolesOf(header: TypedHeader, settings: ImportSettings): Roles | null {
  const written = header.fields.map((field) => field.written)
  const chosen = chosenRoles(settings.columns, written, written.length)
  const find = (fits: (name: string) => boolean) => {
    const at = header.fields.findIndex(({ name, type }) => type !== 'token_seq' && type !== 'float_seq' && fits(name))
    return at < 0 ? undefined : at
  }
  const byRole = (role: 'user' | 'item' | 'rating' | 'time') => find((name) => roleOfName(name) === role)
  const roles: Roles = {
    user: chosen.user ?? byRole('user') ?? find(isSessionName),
    item: chosen.item ?? byRole('item'),
    rating: chosen.rating ?? byRole('rating') ?? find((name) => /^label$/i.test(name)) ?? find(isWeightName),
    time: chosen.time ?? byRole('time'),
  }
  if (roles.user === undefined || roles.item === undefined) return null
  return Object.fromEntries(Object.entries(roles).filter(([, column]) => column !== undefined && column >= 0))
}

function wantedTypes({ user, item, rating }: Roles): ReadonlyMap<number, FieldType> {
  const wanted = new Map<number, FieldType>()
  if (user !== undefined) wanted.set(user, 'token')
  if (item !== undefined) wanted.set(item, 'token')
  if (rating !== undefined) wanted.set(rating, 'float')
  return wanted
}

function tableOf(header: TypedHeader, roles: Roles, given: ImportSettings, alone: boolean): TableFound {
  const { file, dialect, fields, rows } = header
  const written = fields.map((field) => field.written)
  const timeUnit = roles.time === undefined ? null : detectTimeUnit(rows.map((row) => row[roles.time!] ?? ''))
  const ratings = roles.rating === undefined ? [] : rows.map((row) => row[roles.rating!] ?? '')
  const missing = given.missing ?? likelyMissing(ratings)
  const found = Object.entries(roles) as [keyof Roles, number][]
  const roleOf = (at: number) => found.find(([, held]) => held === at)?.[0] ?? null
  const settings: ImportSettings = {
    ...(timeUnit ? { timeUnit } : {}),
    ...(missing.length > 0 ? { missing: [...missing] } : {}),
    ...given,
    // Of several parts none is the file that holds the ratings.
    ...(alone ? { file: file.path } : {}),
    separator: dialect.separator!,
    columns: { ...given.columns, ...Object.fromEntries(found.map(([role, at]) => [role, written[at]!])) },
  }
  const recognition: Recognition = {
    confidence: INTER_NAME.test(baseName(file.path)) ? 0.99 : 0.97,
    settings,
    columns: written.map((name, at) => ({ name, role: roleOf(at), samples: rows.slice(0, 5).map((row) => row[at]!) })),
    warnings: missing.map((marker) => `A rating of ${marker} is taken for "not rated".`),
  }
  const encoding = given.encoding ?? 'auto'
  return { file, encoding, dialect, header: written, width: written.length, roles, settings, recognition }
}

async function warningsOf(source: FileTree, { table, isWeight, others }: Located): Promise<string[]> {
  const { rating, time } = table.roles
  const hasSidecar = source.files.some((file) => baseName(file.path) === SIDECAR_NAME)
  const isIgnored = hasSidecar && (await findExchange(source, 'recbole', undefined)) === null
  return [
    ...(rating === undefined ? ['No field holds ratings or labels: every row will be read as positive feedback.'] : []),
    ...(isWeight ? [`The field "${table.header![rating!]!}" is read as the strength of positive feedback.`] : []),
    ...(time === undefined ? ['No field holds times: the order in the file stands for them.'] : []),
    ...table.recognition.warnings,
    ...(others.length > 0
      ? [`Other interactions lie here too (${others.slice(0, 3).join(', ')}): choose one of them to read it instead.`]
      : []),
    ...(isIgnored ? [`${SIDECAR_NAME} could not be understood, so its scale and its encoding of ids are not heeded.`] : []),
  ]
}

/** The .item or .user file of the interactions: of the same name, or the only one beside them. */
async function catalogue(source: FileTree, { parts }: Located, role: 'item' | 'user'): Promise<TypedHeader | null> {
  const inter = parts[0]!.file
  const folder = inter.path.slice(0, inter.path.length - baseName(inter.path).length)
  const here = source.files.filter((file) => file.path.startsWith(folder) && file.path.toLowerCase().endsWith(`.${role}`))
  const named = here.find((file) => stemOf(file) === stemOf(inter))
  const file = named ?? (here.length === 1 && !source.chosen ? here[0] : undefined)
  const header = file ? await typedHeader(file) : null
  return header && idField(header, role) >= 0 ? header : null
}
