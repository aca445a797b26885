import * as z from 'zod'
import { comparison, recommendedItem, userDifference, userDifferences } from '../dto/evaluation.ts'
import { splitCheck, splitText } from '../dto/split.ts'
import { procedure } from './base.ts'

/** Two runs of one data set, of the same split: their test items, and with them their users, are the same. */
const twoRuns = z.tuple([z.int(), z.int()])

const figureOfTwo = z.object({
  runIds: twoRuns,
  metric: z.string().max(100).default('ndcg'),
  k: z.int().min(1).max(10_000).default(20),
  protocol: z.string().max(500).default('rerank-sequential'),
  subset: z.enum(['all', 'full-length']).default('all'),
  /** Most bars of the histogram. */
  bars: z.int().min(5).max(201).default(41),
})
const page = { offset: z.int().min(0).default(0), limit: z.int().min(1).max(500).default(100) }

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
  /** How the differences of two runs spread over the users. */
  differences: procedure.input(figureOfTwo).output(userDifferences),
  /** The users behind a bar of `differences` (all when none is named), page by page. */
  differentUsers: procedure
    .input(
      figureOfTwo.extend({ bar: z.int().nullable().default(null), direction: z.enum(['asc', 'desc']).default('desc'), ...page }),
    )
    .output(z.object({ total: z.int(), rows: z.array(userDifference) })),
  /** Users for whom all of the runs made a list under a protocol. */
  recommendedUsers: procedure
    .input(
      z.object({
        runIds: z.array(z.int()).min(1).max(20),
        protocol: z.string().max(500),
        /** Part of a user id, case ignored. */
        search: z.string().max(200).default(''),
        ...page,
      }),
    )
    .output(z.object({ total: z.int(), rows: z.array(z.object({ userIndex: z.int(), userId: z.string() })) })),
  /** What a run recommended to a user in evaluation, page by page; nothing where it made no list for them. */
  recommendations: procedure
    .input(z.object({ runId: z.int(), protocol: z.string().max(500), userIndex: z.int().min(0), ...page }))
    .output(z.object({ total: z.int(), rows: z.array(recommendedItem) })),
}
