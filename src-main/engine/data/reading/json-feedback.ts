import type { ColumnFound, ColumnRole, ImportSettings, TimeUnit } from '../../../contract/dto/import-settings.ts'
import { PalateError } from '../../../contract/errors.ts'
import { roleOfName } from './column-roles.ts'
import { readHead, type SourceFile } from './file-tree.ts'
import { readLines } from './lines.ts'
import { ObjectLine, type FieldValue } from './object-line.ts'
import { unlessRefused } from './read-records.ts'
import type { Recognition } from './reader.ts'
import { detectTimeUnit, parseIsoTime } from './times.ts'

const HEAD_BYTES = 256 * 1024
const SAMPLE_LINES = 200
/** A field that stands in fewer of the lines is no column of all of them. */
const LEAST_SHARE = 0.5

type FeedbackRole = Exclude<ColumnRole, 'behaviour' | 'scenario'>
const ROLES: readonly FeedbackRole[] = ['user', 'item', 'rating', 'time']

/** Names that Amazon's reviews have, the more telling first: products of one parent are one product in another colour. */
const NAMES: Record<FeedbackRole, readonly string[]> = {
  user: ['reviewerID', 'user_id'],
  item: ['parent_asin', 'asin'],
  rating: ['overall', 'rating', 'stars'],
  time: ['unixReviewTime', 'timestamp', 'reviewTime'],
}

/** Which field of a line plays which part. */
export type FieldNames = { readonly user: string; readonly item: string; readonly rating?: string; readonly time?: string }

/** The first lines of a file, as far as they are objects. */
export interface JsonSample {
  readonly file: SourceFile
  /** By name: what stands in each line that has the field; lists and objects left out. */
  readonly texts: ReadonlyMap<string, readonly string[]>
  readonly objects: number
  readonly lines: number
}

/** A file that is no text gives a sample without objects. @throws PalateError PATH_NOT_FOUND where it cannot be read at all */
export async function sampleOf(file: SourceFile): Promise<JsonSample> {
  const head = await readHead(file, HEAD_BYTES)
  const complete = head.length < HEAD_BYTES
  const texts = new Map<string, string[]>()
  let objects = 0
  let lines = 0
  const line = new ObjectLine(null)
  const sample: SourceFile = {
    ...file,
    async *open() {
      yield await Promise.resolve(head)
      // A last line that the sample cuts is left out.
      if (!complete) yield Uint8Array.of(10)
    },
  }
  const take = (bytes: Uint8Array, start: number, end: number) => {
    if (++lines > SAMPLE_LINES || line.read(bytes, start, end) !== null) return
    objects++
    for (const [name, value] of line.fields) {
      const text = textOfField(value)
      if (text === null) continue
      const held = texts.get(name)
      if (held) held.push(text)
      else texts.set(name, [text])
    }
  }
  await unlessRefused(readLines(sample, take, { sampleBytes: head.length }))
  return { file, texts, objects, lines: Math.min(lines, SAMPLE_LINES) }
}

/** @returns null for what is no text and no number */
export function textOfField(value: FieldValue | undefined): string | null {
  if (typeof value === 'string') return value
  return typeof value === 'object' && value !== null && 'written' in value ? value.written : null
}

/** Seconds since 1970, or NaN: a date, also as Amazon writes it ("02 28, 2014"). */
export function dateOfText(text: string): number {
  const american = /^\s*(\d{1,2}) (\d{1,2}), (\d{4})\s*$/.exec(text)
  return parseIsoTime(american ? `${american[3]!}-${american[1]!}-${american[2]!}` : text)
}

/** What is found in a sample, or null when its lines are no feedback of users on items. */
export interface JsonFound {
  readonly fields: FieldNames
  readonly recognition: Recognition
}

/** @throws PalateError INPUT_INVALID when the person named a field that no line has */
export function findFeedback(sample: JsonSample, settings: ImportSettings): JsonFound | null {
  if (sample.objects === 0) return null
  const common = [...sample.texts].filter(([, texts]) => texts.length >= LEAST_SHARE * sample.objects).map(([name]) => name)
  const named = Object.fromEntries(ROLES.map((role) => [role, fieldOf(role, sample, common, settings)]))
  const { user, item, rating, time } = named
  if (!user || !item || user === item) return null
  const timeUnit = time ? (settings.timeUnit ?? unitOf(sample.texts.get(time) ?? [])) : undefined
  const known = time && timeUnit ? { time } : {}
  const fields: FieldNames = { user, item, ...(rating ? { rating } : {}), ...known }
  const share = sample.objects / sample.lines
  const chosen = settings.columns?.user !== undefined && settings.columns.item !== undefined
  const confidence = share * (chosen ? 0.98 : 0.78 + (rating ? 0.12 : 0) + (fields.time ? 0.08 : 0))
  const recognised: ImportSettings = {
    ...settings,
    file: sample.file.path,
    // What the person ruled out stays ruled out.
    columns: { ...settings.columns, ...fields },
    ...(fields.time ? { timeUnit: timeUnit! } : {}),
  }
  return {
    fields,
    recognition: { confidence, settings: recognised, columns: columnsOf(sample, fields), warnings: warningsOf(fields) },
  }
}

function fieldOf(role: FeedbackRole, sample: JsonSample, common: readonly string[], settings: ImportSettings): string | null {
  const wanted = settings.columns?.[role]
  if (wanted === '') return null
  if (wanted !== undefined) {
    if (sample.texts.has(wanted)) return wanted
    const message = `There is no field "${wanted}" for the ${role}. The fields are: ${[...sample.texts.keys()].join(', ')}.`
    throw new PalateError('INPUT_INVALID', message, { issues: [{ path: `columns.${role}`, message }] })
  }
  const usual = NAMES[role].find((name) => common.includes(name))
  return usual ?? common.find((name) => roleOfName(name) === role) ?? null
}

function unitOf(texts: readonly string[]): TimeUnit | undefined {
  const dates = texts.filter((text) => !Number.isNaN(dateOfText(text))).length
  return dates > texts.length / 2 ? 'iso' : (detectTimeUnit(texts) ?? undefined)
}

function columnsOf(sample: JsonSample, fields: FieldNames): ColumnFound[] {
  const roleOf = (name: string) => ROLES.find((role) => fields[role] === name) ?? null
  return [...sample.texts].map(([name, texts]) => ({
    name,
    role: roleOf(name),
    samples: texts.slice(0, 5).map((text) => (text.length > 200 ? `${text.slice(0, 200)}…` : text)),
  }))
}

function warningsOf({ rating, time }: FieldNames): string[] {
  return [
    ...(rating ? [] : ['No field holds ratings: every line will be read as positive feedback.']),
    ...(time ? [] : ['No field holds times: the order in the file stands for them.']),
  ]
}
