import * as z from 'zod'
import { histogramBin, ratingScale, rejectedRow, timeKind } from './dataset.ts'
import { columnFound, importSettings, previewRow } from './import-settings.ts'

const candidate = z.object({
  format: z.string(),
  title: z.string(),
  /** 0..1; below 0.4 an import wants the format to be named. */
  confidence: z.number(),
})

/** What a source looks like before it is imported, and how it will be read. */
export const inspection = candidate.extend({
  source: z.string(),
  suggestedName: z.string(),
  /** Other formats that could read it, surest first. */
  alternatives: z.array(candidate),
  files: z.array(z.object({ path: z.string(), bytes: z.int() })),
  /** What was detected, with the person's own settings in place of it. */
  settings: importSettings,
  /** Which of the settings the format lets a person change. */
  overridable: z.array(z.string()),
  columns: z.array(columnFound),
  /** The first 50 rows, as they will be read. */
  rows: z.array(previewRow),
  /** Rows of the sample from which the following come: the beginning of the source, not all of it. */
  sampleRows: z.int(),
  ratingHistogram: z.array(histogramBin),
  scale: ratingScale,
  timeKind,
  /** How often each behaviour stands in the sample; empty where there are none. */
  behaviours: z.array(z.object({ name: z.string(), count: z.int() })),
  rejectedRows: z.array(rejectedRow),
  warnings: z.array(z.string()),
})
export type Inspection = z.infer<typeof inspection>
