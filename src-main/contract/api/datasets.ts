import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { datasetDetail, datasetSummary, importProgress, itemRow, ratingScale } from '../dto/dataset.ts'
import { procedure } from './base.ts'

const datasetRef = z.union([z.int(), z.string()]).describe('Number or name of a data set.')

export const datasetsApi = {
  list: procedure.output(z.array(datasetSummary)),
  get: procedure.input(z.object({ dataset: datasetRef })).output(datasetDetail),
  /** Which reader would take this path, and how sure it is (0..1). */
  detect: procedure
    .input(z.object({ path: z.string().min(1).max(4096) }))
    .output(z.object({ format: z.string(), title: z.string(), confidence: z.number(), suggestedName: z.string() })),
  formats: procedure.output(z.array(z.object({ id: z.string(), title: z.string(), doc: z.string() }))),
  /** Reads a file, folder or zip. Nothing is visible until it is complete; ending the subscription cancels it. */
  import: procedure
    .input(
      z.object({
        path: z.string().min(1).max(4096),
        name: z.string().trim().min(1).max(200).optional(),
        format: z.string().optional(),
        onBadRow: z.enum(['fail', 'skip']).default('fail'),
      }),
    )
    .output(eventIterator(importProgress)),
  /** Makes the sample lab; returns the present one if a data set of that name and seed stands already. */
  createSampleLab: procedure
    .input(
      z.object({
        seed: z
          .int()
          .min(0)
          .max(2 ** 31 - 1)
          .default(1),
        name: z.string().trim().min(1).max(200).default('Sample lab'),
      }),
    )
    .output(datasetSummary),
  items: procedure
    .input(
      z.object({
        dataset: datasetRef,
        search: z.string().max(200).default(''),
        sort: z.enum(['ratings', 'title', 'meanRating']).default('ratings'),
        offset: z.int().min(0).default(0),
        limit: z.int().min(1).max(500).default(50),
      }),
    )
    .output(z.object({ total: z.int(), rows: z.array(itemRow) })),
  rename: procedure.input(z.object({ dataset: datasetRef, name: z.string().trim().min(1).max(200) })).output(datasetSummary),
  setScale: procedure.input(z.object({ dataset: datasetRef, scale: ratingScale })).output(datasetSummary),
  /** Refused while runs refer to it. */
  remove: procedure.input(z.object({ dataset: datasetRef })).output(z.object({ removed: z.boolean() })),
}
