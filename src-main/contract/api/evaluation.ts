import * as z from 'zod'
import { comparison } from '../dto/evaluation.ts'
import { splitCheck, splitText } from '../dto/split.ts'
import { procedure } from './base.ts'

export const evaluationApi = {
  /** Makes a split as a run would, without storing it, and says what the leakage check finds. */
  checkSplit: procedure
    .input(
      z.object({
        dataset: z.union([z.int(), z.string()]),
        split: splitText,
        /** Seed of a random split whose text names none. */
        seed: z
          .int()
          .min(0)
          .max(2 ** 31 - 1)
          .default(1),
      }),
    )
    .output(splitCheck),
  /**
   * Compares evaluated runs of one data set user by user. Runs that differ in seed or split only count as one contender;
   * contenders are compared on the splits and seeds that all of them have.
   */
  compare: procedure
    .input(
      z.object({
        runIds: z.array(z.int()).min(2).max(200),
        metric: z.string().default('ndcg'),
        k: z.int().min(1).max(10_000).default(20),
        protocol: z.string().default('rerank-sequential'),
        subset: z.enum(['all', 'full-length']).default('all'),
        /** Of the bootstrap. */
        seed: z
          .int()
          .min(0)
          .max(2 ** 31 - 1)
          .default(1),
      }),
    )
    .output(comparison),
}
