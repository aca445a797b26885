import * as z from 'zod'
import { ratingScale } from './dataset.ts'

/**
 * How the bytes of a file are read as text. "auto": a byte order mark decides; without one, a line is UTF-8 where it is valid
 * UTF-8 and windows-1252 elsewhere. "utf-8" is strict: a line that is no valid UTF-8 is a bad row.
 */
export const textEncoding = z.enum(['auto', 'utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'latin-1'])
export type TextEncoding = z.infer<typeof textEncoding>

/**
 * How a quote character inside a quoted field is written: "" or \" or either. "auto": doubled, and a record that does not come
 * out in that way is read once more with either.
 */
export const quoteEscape = z.enum(['auto', 'double', 'backslash', 'both'])
export type QuoteEscape = z.infer<typeof quoteEscape>

/** What the numbers of a time column count; "iso" are dates such as 2018-01-31 or 2018-01-31T12:00:00Z. */
export const timeUnit = z.enum(['seconds', 'milliseconds', 'iso'])
export type TimeUnit = z.infer<typeof timeUnit>

/** Which of a user's several ratings of an item stand: the last or first of the file, one with their mean, or all of them. */
export const duplicatesPolicy = z.enum(['last', 'first', 'mean', 'all'])
export type DuplicatesPolicy = z.infer<typeof duplicatesPolicy>

export const columnRole = z.enum(['user', 'item', 'rating', 'time', 'behaviour', 'scenario'])
export type ColumnRole = z.infer<typeof columnRole>

/** What a behaviour ("buy", "pv") says about an item. Its rating is what is stored: the weight of the feedback. */
export const behaviourMeaning = z.object({
  feedback: z.enum(['positive', 'neutral', 'negative']),
  rating: z.number().min(-1e6).max(1e6),
})
export type BehaviourMeaning = z.infer<typeof behaviourMeaning>

/** A column by its name in the header, or by its number from 1; empty: no column has this role. */
const columnRef = z.string().max(1000)

/** Everything about the reading of a source that a person may decide; what is left out is detected. */
export const importSettings = z.object({
  /** Which file of the source holds the ratings: its path inside the folder or zip. */
  file: z.string().min(1).max(4096).optional(),
  encoding: textEncoding.optional(),
  separator: z.string().min(1).max(16).optional(),
  /** One character, or empty where fields are never quoted. */
  quote: z.string().max(1).optional(),
  quoteEscape: quoteEscape.optional(),
  /** The first line names the columns. */
  header: z.boolean().optional(),
  columns: z.partialRecord(columnRole, columnRef).optional(),
  /** 4,5 is a number. */
  decimalComma: z.boolean().optional(),
  timeUnit: timeUnit.optional(),
  /** Texts in place of a rating that mean "not rated": such a row or cell is no feedback at all. */
  missing: z.array(z.string().max(100)).max(20).optional(),
  behaviours: z.record(z.string().max(200), behaviourMeaning).optional(),
  /** Ratings outside it are bad rows. Without it, the scale is taken from all the ratings. */
  scale: ratingScale.optional(),
  duplicates: duplicatesPolicy.optional(),
  /** With "skip with report": the import stops when a larger share of the rows is bad, 0..1. */
  maxRejectRate: z.number().min(0).max(1).optional(),
})
export type ImportSettings = z.infer<typeof importSettings>

/** A column of the source, as it was recognised. */
export const columnFound = z.object({
  /** From the header, else "column 3". */
  name: z.string(),
  role: columnRole.nullable(),
  samples: z.array(z.string()),
})
export type ColumnFound = z.infer<typeof columnFound>

/** A row as it will be stored; `line` is 0 where a reader knows none. */
export const previewRow = z.object({
  line: z.int(),
  userId: z.string(),
  itemId: z.string(),
  title: z.string().nullable(),
  rating: z.number(),
  /** Seconds since 1970, a rank, or the row number, by the time kind. */
  time: z.number(),
  feedback: z.enum(['positive', 'neutral', 'negative']),
  /** All fields of its line as text, in the order of `columns`, where the format is a table. */
  cells: z.array(z.string()).optional(),
})
export type PreviewRow = z.infer<typeof previewRow>
