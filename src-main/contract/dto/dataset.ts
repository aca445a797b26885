import * as z from 'zod'

/** The scale on which a data set's ratings stand, and where like and dislike begin on it. Belongs to the data set; editable. */
export const ratingScale = z
  .object({
    min: z.number(),
    max: z.number(),
    /** Feedback is positive when rating >= positiveFrom. */
    positiveFrom: z.number(),
    /** Feedback is negative when rating <= negativeTo; between the two it is neutral. */
    negativeTo: z.number(),
  })
  .refine((scale) => scale.min < scale.max, 'The lowest rating must be below the highest.')
  .refine((scale) => scale.negativeTo < scale.positiveFrom, 'The negative threshold must lie below the positive one.')
export type RatingScale = z.infer<typeof ratingScale>

/** What the time column holds: seconds since 1970, a per-user rank, or nothing but the order in the file. */
export const timeKind = z.enum(['unix-seconds', 'per-user-rank', 'file-order'])
export type TimeKind = z.infer<typeof timeKind>

export const datasetSummary = z.object({
  id: z.int(),
  name: z.string(),
  /** Id of the reader, or "sample-lab". */
  format: z.string(),
  /** Where it came from: a path, or the generator and its seed. */
  source: z.string(),
  createdAt: z.int(),
  users: z.int(),
  items: z.int(),
  ratings: z.int(),
  /** ratings / (users * items), 0..1 */
  density: z.number(),
  scale: ratingScale,
  timeKind,
  /** SHA-256 of the packed interactions: two data sets with the same fingerprint hold the same ratings. */
  fingerprint: z.string(),
})
export type DatasetSummary = z.infer<typeof datasetSummary>

export const rejectedRow = z.object({
  file: z.string(),
  line: z.int(),
  byteOffset: z.int(),
  reason: z.string(),
  rawText: z.string(),
})
export type RejectedRow = z.infer<typeof rejectedRow>

export const importReport = z.object({
  /** accepted + rejected + duplicates = read */
  read: z.int(),
  accepted: z.int(),
  rejected: z.int(),
  duplicates: z.int(),
  /** The first 1,000. */
  rejectedRows: z.array(rejectedRow),
  durationMs: z.number(),
  /** Rows and cells that say "not rated"; they do not count as read. */
  missing: z.int().optional(),
  /** Which of several ratings of one item by one user were kept. Data sets of before 0.2 kept the last and do not say so. */
  duplicatesPolicy: z.enum(['last', 'first', 'mean', 'all']).optional(),
  /** Ratings per scenario (tab, scene) where the source tells in which each was given, the commonest first. */
  scenarios: z.array(z.object({ name: z.string(), count: z.int() })).optional(),
  /** Sentences about how rows were understood. */
  notes: z.array(z.string()).optional(),
  /** How the source was read, by the schema of import settings: what it takes to read it again in the same way. */
  settings: z.record(z.string(), z.unknown()).optional(),
})
export type ImportReport = z.infer<typeof importReport>

export const importProgress = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('progress'),
    stage: z.enum(['detecting', 'reading', 'storing', 'indexing']),
    rows: z.int(),
    bytesRead: z.int(),
    bytesTotal: z.int(),
    elapsedMs: z.number(),
    /** Of this stage, once it is known. */
    rowsPerSecond: z.number().nullable().optional(),
    remainingMs: z.number().nullable().optional(),
  }),
  z.object({ kind: z.literal('finished'), dataset: datasetSummary, report: importReport }),
])
export type ImportProgress = z.infer<typeof importProgress>

/** A histogram bin of ratings: exactly one value of the scale for up to 50 distinct values, otherwise a range. */
export const histogramBin = z.object({ from: z.number(), to: z.number(), count: z.int() })

export const datasetDetail = datasetSummary.extend({
  ratingHistogram: z.array(histogramBin),
  meanRating: z.number(),
  positives: z.int(),
  negatives: z.int(),
  /** Ratings per item, most rated first, at most 200 points evenly spaced in log rank: {rank from 1, count}. */
  itemPopularity: z.array(z.object({ rank: z.int(), count: z.int() })),
  userActivity: z.array(z.object({ rank: z.int(), count: z.int() })),
  report: importReport,
  runs: z.int(),
})
export type DatasetDetail = z.infer<typeof datasetDetail>

export const itemRow = z.object({
  itemIndex: z.int(),
  itemId: z.string(),
  title: z.string().nullable(),
  year: z.int().nullable(),
  genres: z.array(z.string()),
  /** What else its catalogue says: author, publisher. */
  attributes: z.record(z.string(), z.union([z.string(), z.number()])).nullable(),
  ratings: z.int(),
  meanRating: z.number().nullable(),
})
export type ItemRow = z.infer<typeof itemRow>
