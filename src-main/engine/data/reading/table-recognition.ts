import type { ImportSettings, QuoteEscape, TextEncoding } from '../../../contract/dto/import-settings.ts'
import { isPalateError, type PalateError } from '../../../contract/errors.ts'
import { chosenRoles, findRoles, isWeightName, looksLikeHeader, type Roles, type RolesFound } from './column-roles.ts'
import { detectEncoding } from './decoding.ts'
import { readHead, type SourceFile } from './file-tree.ts'
import { parseNumber } from './numbers.ts'
import { hasDoubtfulZeros, likelyMissing, usualMeaning } from './rating-scales.ts'
import { readRecords, unlessRefused } from './read-records.ts'
import type { Dialect } from './record.ts'
import type { Recognition } from './reader.ts'

const HEAD_BYTES = 64 * 1024
const SAMPLE_RECORDS = 500
/** As people use them; "::" before ":" and the tab before the blank, so that the longer one wins a draw. Jester doubles tabs. */
const SEPARATORS = ['\t\t', '\t', '::', ',', ';', '|', ':', '^', '\u0001', ' ']
/** Said where zeros stand among ratings from 1. */
export const DOUBTFUL_ZEROS = 'Some ratings are 0, which is read as the lowest. Where it means "not rated", name 0 as missing.'
const NEVER_QUOTED = new Set(['\t\t', '::', ' ', ':', '\u0001'])

/** A table of ratings as it was recognised: everything that `readRatingTable` wants to know. */
export interface TableFound {
  readonly file: SourceFile
  readonly encoding: TextEncoding
  readonly dialect: Dialect
  readonly header: readonly string[] | null
  readonly width: number
  readonly roles: Roles
  readonly settings: ImportSettings
  readonly recognition: Recognition
}

interface Attempt {
  readonly dialect: Dialect
  readonly header: readonly string[] | null
  readonly rows: readonly (readonly string[])[]
  readonly width: number
  readonly found: RolesFound
  readonly consistency: number
  readonly score: number
  /** A column that the person named is not among these. */
  readonly misfit: PalateError | null
}

/**
 * Finds out how a table is written and what its columns are, from its first 64 KiB.
 *
 * @param settings what the person decided: never overruled
 * @returns null when it is no table of at least two columns
 * @throws PalateError INPUT_INVALID when the person named a column that is not there
 */
export async function recogniseTable(file: SourceFile, settings: ImportSettings): Promise<TableFound | null> {
  const head = await readHead(file, HEAD_BYTES)
  if (head.length === 0) return null
  const detected = detectEncoding(head)
  // Copies of a file hold both: a line of UTF-8 among single bytes must not come out as two signs for each.
  const encoding = settings.encoding ?? (detected === 'windows-1252' ? 'auto' : detected)
  const complete = head.length < HEAD_BYTES
  const sample: SourceFile = {
    ...file,
    async *open() {
      yield await Promise.resolve(head)
      // Something follows: a last line that the sample cuts is left out.
      if (!complete) yield Uint8Array.of(10)
    },
  }
  const attempts: Attempt[] = []
  for (const dialect of dialectsToTry(settings, head)) {
    const attempt = await tryDialect(sample, dialect, encoding, settings, head.length)
    if (attempt) attempts.push(attempt)
  }
  // The first of those that are equally good: the order in which dialects are tried is an order of preference.
  const best = attempts.reduce<Attempt | null>((a, b) => (b.score > (a?.score ?? 0) ? b : a), null)
  if (best) return describe(file, encoding, best, settings)
  // A column that no dialect has: said of the one that divides the lines best.
  const misfit = attempts.filter((attempt) => attempt.misfit !== null).sort((a, b) => b.width - a.width)[0]
  if (misfit?.misfit) throw misfit.misfit
  return null
}

function dialectsToTry(settings: ImportSettings, head: Uint8Array): Dialect[] {
  const escapes: QuoteEscape[] = head.includes(92) ? ['auto', 'both'] : ['auto']
  return (settings.separator === undefined ? SEPARATORS : [settings.separator]).flatMap((separator) => {
    const usual = NEVER_QUOTED.has(separator) && settings.separator === undefined ? [''] : head.includes(34) ? ['"', ''] : ['"']
    return (settings.quote === undefined ? usual : [settings.quote]).flatMap((quote) =>
      (settings.quoteEscape === undefined ? escapes : [settings.quoteEscape]).map((quoteEscape) => ({
        separator,
        quote,
        quoteEscape,
      })),
    )
  })
}

async function tryDialect(
  sample: SourceFile,
  dialect: Dialect,
  encoding: TextEncoding,
  settings: ImportSettings,
  sampleBytes: number,
): Promise<Attempt | null> {
  const records: string[][] = []
  let seen = 0
  const options = { encoding, sampleBytes }
  const read = readRecords(
    sample,
    dialect,
    (record) => {
      if (++seen <= SAMPLE_RECORDS) records.push(record.fault === null ? record.texts() : [])
    },
    options,
  )
  // Refused for its size or for NUL bytes: no table in this dialect; the import itself will say so.
  if (!(await unlessRefused(read))) return null
  const width = commonest(records.map((record) => record.length))
  if (width < 2 && settings.columns === undefined) return null
  const [first, ...others] = records
  if (!first) return null
  const hasHeader = settings.header ?? looksLikeHeader(first, others)
  const header = hasHeader ? first : null
  const rows = hasHeader ? others : records
  const { chosen, misfit } = chosenOf(settings, header, Math.max(width, header?.length ?? 0))
  const regular = rows.filter((row) => row.length === width)
  const found = findRoles(header, regular, chosen)
  const consistency = rows.length === 0 ? 1 : regular.length / rows.length
  // Quotes that would be taken for a part of the fields.
  const stray = dialect.quote === '' && records.some((record) => record.some((cell) => cell.startsWith('"'))) ? 0.5 : 1
  const score = misfit ? 0 : consistency ** 2 * (0.05 + found.confidence) * stray
  return { dialect, header, rows: regular, width, found, consistency, score, misfit }
}

function chosenOf(
  settings: ImportSettings,
  header: readonly string[] | null,
  width: number,
): { chosen: Roles; misfit: PalateError | null } {
  try {
    return { chosen: chosenRoles(settings.columns, header, width), misfit: null }
  } catch (error) {
    if (isPalateError(error)) return { chosen: {}, misfit: error }
    throw error
  }
}

function commonest(values: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0
}

function describe(file: SourceFile, encoding: TextEncoding, attempt: Attempt, given: ImportSettings): TableFound {
  const { dialect, header, rows, width, found, consistency } = attempt
  const { roles } = found
  const name = (column: number) => header?.[column] ?? `column ${column + 1}`
  // A name that stands twice in the header would point at the first of them.
  const reference = (column: number) =>
    header && header.indexOf(header[column]!) === column ? header[column]! : String(column + 1)
  const ratings = roles.rating === undefined ? [] : rows.map((row) => row[roles.rating!] ?? '')
  const missing = likelyMissing(ratings)
  const behaviours = roles.behaviour === undefined ? [] : countsOf(rows.map((row) => row[roles.behaviour!] ?? ''))
  const settings: ImportSettings = {
    file: file.path,
    encoding,
    separator: dialect.separator ?? ',',
    quote: dialect.quote,
    quoteEscape: dialect.quoteEscape,
    header: header !== null,
    ...(ratings.length > 0 ? { decimalComma: hasDecimalCommas(ratings) } : {}),
    ...(missing.length > 0 ? { missing: [...missing] } : {}),
    ...(found.timeUnit ? { timeUnit: found.timeUnit } : {}),
    ...dropUndefined(given),
    columns: {
      ...Object.fromEntries(Object.entries(given.columns ?? {}).filter(([, column]) => column === '')),
      ...Object.fromEntries(
        Object.entries(roles).flatMap(([role, column]) => (column === undefined ? [] : [[role, reference(column)]])),
      ),
    },
    ...(behaviours.length > 0 ? { behaviours: { ...meaningsOf(behaviours), ...given.behaviours } } : {}),
    // A log of events holds the same pair many times, and each of them happened.
    ...(behaviours.length > 0 && given.duplicates === undefined ? { duplicates: 'all' as const } : {}),
  }
  const roleOf = (column: number) =>
    (Object.entries(roles) as [keyof Roles, number][]).find(([, held]) => held === column)?.[0] ?? null
  const columns = Array.from({ length: width }, (_, column) => ({
    name: name(column),
    role: roleOf(column),
    samples: rows.slice(0, 5).map((row) => row[column] ?? ''),
  }))
  const confidence = Math.min(1, found.confidence * consistency)
  const unexplained = behaviours.filter(({ name: behaviour }) => settings.behaviours?.[behaviour] === undefined)
  const warnings = [...warningsOf(attempt, unexplained), ...ratingWarnings(attempt, ratings, settings.missing ?? [])]
  const recognition: Recognition = { confidence, settings, columns, behaviours, warnings }
  return { file, encoding, dialect, header, width: header?.length ?? width, roles, settings, recognition }
}

function warningsOf({ found: { roles }, consistency }: Attempt, unexplained: readonly { name: string }[]): string[] {
  const unknown = unexplained.map(({ name }) => `"${name}"`)
  return [
    ...(roles.rating === undefined && roles.behaviour === undefined
      ? ['No column holds ratings or behaviours: every row will be read as positive feedback.']
      : []),
    ...(roles.time === undefined ? ['No column holds times: the order in the file stands for them.'] : []),
    ...(consistency < 1
      ? [`${Math.round((1 - consistency) * 1000) / 10} % of the sampled rows have another number of fields than the others.`]
      : []),
    ...(unknown.length > 0 ? [`Say what these behaviours mean: ${unknown.slice(0, 10).join(', ')}.`] : []),
  ]
}

/** What was guessed about the ratings and may be wrong. */
function ratingWarnings({ header, found }: Attempt, ratings: readonly string[], missing: readonly string[]): string[] {
  const name = found.roles.rating === undefined || header === null ? '' : (header[found.roles.rating] ?? '')
  const marked = likelyMissing(ratings).filter((marker) => missing.includes(marker))
  return [
    ...(isWeightName(name) ? [`The column "${name}" is read as the strength of positive feedback.`] : []),
    ...(found.isRatingGuessed ? [`The column "${name}" was taken for the ratings by what stands in it.`] : []),
    ...marked.map((marker) => `A rating of ${marker} is taken for "not rated": no other lies below zero.`),
    ...(hasDoubtfulZeros(ratings) && !missing.includes('0') ? [DOUBTFUL_ZEROS] : []),
  ]
}

function countsOf(names: readonly string[]): { name: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1]).map(([name, count]) => ({ name, count }))
}

function meaningsOf(behaviours: readonly { name: string }[]): NonNullable<ImportSettings['behaviours']> {
  return Object.fromEntries(
    behaviours.flatMap(({ name }) => {
      const meaning = usualMeaning(name)
      return meaning ? [[name, meaning]] : []
    }),
  )
}

/** Numbers with a comma, none with a point. */
function hasDecimalCommas(cells: readonly string[]): boolean {
  return (
    cells.some((cell) => /^\s*[+-]?\d+,\d+\s*$/.test(cell)) &&
    cells.every((cell) => !cell.includes('.')) &&
    cells.filter((cell) => !Number.isNaN(parseNumber(cell, true))).length > cells.length / 2
  )
}

function dropUndefined(settings: ImportSettings): ImportSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
}
