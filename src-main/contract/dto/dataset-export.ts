import * as z from 'zod'
import { ratingScale, timeKind } from './dataset.ts'

/** Tables separated by commas, or the atomic files of RecBole. */
export const datasetExportFormat = z.enum(['csv', 'recbole'])
export type DatasetExportFormat = z.infer<typeof datasetExportFormat>

/** A part of one of the files of an export: parts of a file come one after the other, file by file. */
export const exportedText = z.object({ file: z.string(), text: z.string() })
export type ExportedText = z.infer<typeof exportedText>

/** How the cells of a column of attributes are read; a cell may be empty where a user or item lacks an optional one. */
export const attributeColumn = z.object({
  name: z.string(),
  kind: z.enum(['number', 'text', 'json']),
  optional: z.boolean(),
})
export type AttributeColumn = z.infer<typeof attributeColumn>

/** What lies beside the tables of an exported data set: all that they cannot say themselves. */
export const datasetSidecar = z.object({
  /** Of this schema. */
  palateDataset: z.literal(1),
  name: z.string(),
  format: datasetExportFormat,
  timeKind,
  scale: ratingScale,
  users: z.int(),
  items: z.int(),
  ratings: z.int(),
  /** Names of the files beside it. */
  files: z.object({ ratings: z.string(), items: z.string(), users: z.string() }),
  /** Columns of the users' file after the id. */
  userAttributes: z.array(attributeColumn),
  /** Columns of the items' file after the genres. */
  itemAttributes: z.array(attributeColumn).default([]),
  /** The ratings' file has a last column that tells the scenario; empty for none. */
  scenarios: z.boolean().default(false),
  /** Texts that a spreadsheet would run carry one apostrophe more than they have. */
  apostrophes: z.boolean(),
})
export type DatasetSidecar = z.infer<typeof datasetSidecar>
