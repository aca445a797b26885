import * as z from 'zod'
import { errorRecord } from '../errors.ts'
import { paramValues } from '../params.ts'
import { comparedPair } from './evaluation.ts'
import { liveLearning } from './live.ts'

/** Several policies among the same simulated users, with the same chances. */
export const liveBatchSetup = z.object({
  /** Trained runs on one data set and one split. */
  runs: z
    .array(z.int())
    .min(1)
    .max(12)
    .refine((runs) => new Set(runs).size === runs.length, 'Every run is named once.'),
  /** Of the test side, drawn at random; the same for every policy. */
  users: z.int().min(2).max(10_000),
  /** Items shown to each user at most. */
  steps: z.int().min(1).max(500),
  simulator: z.enum(['logged', 'virtual']),
  /** Settings of the simulator that differ from its defaults. */
  settings: paramValues,
  /** Of the simulated world and of learning on line. */
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  /** Every user meets the policy as it was trained; learning goes as far as the user's own session. */
  learning: liveLearning,
})
export type LiveBatchSetup = z.infer<typeof liveBatchSetup>

/** A mean over users with its 95 % bootstrap interval; null below two users. */
const estimate = z.object({ mean: z.number(), low: z.number().nullable(), high: z.number().nullable() })
export type BatchEstimate = z.infer<typeof estimate>

export const liveBatchPlayer = z.object({
  name: z.string(),
  model: z.string(),
  kind: z.enum(['run', 'floor', 'ceiling']),
  runId: z.int().nullable(),
  /** Sum of the rewards of an episode. */
  episode: estimate,
  /** Mean per episode of the items shown and of those liked, and share of the episodes that ended before the last step. */
  steps: z.number(),
  likes: z.number(),
  endedEarly: z.number(),
  /** By step, from the first: mean reward; whoever has gone earns nothing. */
  perStep: z.array(estimate),
  /** By step: mean sum of the rewards so far. */
  soFar: z.array(estimate),
  /** Gradient updates made on line, of all episodes. */
  updates: z.int(),
})
export type LiveBatchPlayer = z.infer<typeof liveBatchPlayer>

export const liveBatchResult = z.object({
  split: z.string(),
  /** Users that were simulated: no more than there are. */
  users: z.int(),
  players: z.array(liveBatchPlayer),
  /** Paired differences of the sum of an episode: runs with each other and with the floors, one family for Holm's correction. */
  pairs: z.array(comparedPair),
  remarks: z.array(z.string()),
})
export type LiveBatchResult = z.infer<typeof liveBatchResult>

export const liveBatchState = z.enum(['running', 'finished', 'cancelled', 'failed', 'interrupted'])
export type LiveBatchState = z.infer<typeof liveBatchState>

export const liveBatch = z.object({
  id: z.int(),
  name: z.string(),
  datasetId: z.int(),
  datasetName: z.string(),
  setup: liveBatchSetup,
  state: liveBatchState,
  createdAt: z.number(),
  elapsedMs: z.number(),
  /** Why it failed. */
  error: errorRecord.nullable(),
})
export type LiveBatch = z.infer<typeof liveBatch>

/** A batch as it stands: how far it is while it runs, what came of it afterwards. */
export const liveBatchView = z.object({
  batch: liveBatch,
  /** Who plays, among how many, and the share of everything that is done; null when nobody plays. */
  progress: z.object({ player: z.string(), share: z.number() }).nullable(),
  result: liveBatchResult.nullable(),
})
export type LiveBatchView = z.infer<typeof liveBatchView>
