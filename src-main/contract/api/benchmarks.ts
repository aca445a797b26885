import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { benchmarkExportFormat, benchmarkProgress, benchmarkRecipe, benchmarkResult } from '../dto/benchmark.ts'
import { computeChoice } from '../dto/system.ts'
import { procedure } from './base.ts'

const benchmarkRef = z.object({ benchmarkId: z.int() })

const seed = z
  .int()
  .min(0)
  .max(2 ** 31 - 1)

export const benchmarksApi = {
  /** Every recipe, with what of it stands in this workspace. */
  list: procedure.output(z.array(benchmarkRecipe)),
  /**
   * Starts a recipe on a data set, or goes on with it: cells that are done stay done, interrupted ones continue from their last
   * checkpoint, failed ones are tried again unless they diverged. Returns at once; `watch` tells how it gets on.
   */
  start: procedure
    .input(
      z.object({
        recipe: z.string().max(100),
        /** Left out: the one data set of the workspace that the recipe is about. */
        dataset: z.union([z.int(), z.string()]).optional(),
        /** Left out: 1 to the recipe's number of seeds. */
        seeds: z.array(seed).min(1).max(100).optional(),
        /** Rows by id, or all presets of a model by its name; floors and ceiling are always there. Left out: all. */
        rows: z.array(z.string().max(200)).min(1).max(200).optional(),
        /** No cell begins later than this; those at work are paused then and go on at the next start. */
        budgetMinutes: z.number().gt(0).max(100_000).optional(),
        ...computeChoice,
      }),
    )
    .output(benchmarkProgress),
  /** How it stands, cell by cell. */
  get: procedure.input(benchmarkRef).output(benchmarkProgress),
  /** The present state at once, then at each change and about once a second. Ends when the benchmark is not at work any more. */
  watch: procedure.input(benchmarkRef).output(eventIterator(benchmarkProgress)),
  /** Begins no further cell and pauses those at work: `start` goes on from there. */
  cancel: procedure.input(benchmarkRef).output(benchmarkProgress),
  /** The table as far as it is filled, with intervals and paired tests. */
  result: procedure.input(benchmarkRef).output(benchmarkResult),
  /** The table as text, in chunks. "json" is `result` as a document. */
  export: procedure.input(benchmarkRef.extend({ format: benchmarkExportFormat })).output(eventIterator(z.string())),
  /** Forgets the table; its runs stay. Refused while it is at work. */
  remove: procedure.input(benchmarkRef).output(z.object({ removed: z.boolean() })),
}
