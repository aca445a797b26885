import * as z from 'zod'
import { errorRecord } from '../errors.ts'
import { paramValues } from '../params.ts'
import { queueState } from './queue.ts'
import { processFacts, runLogEntry } from './run-log.ts'
import { ownRunDefaults, runLimits } from './run-defaults.ts'
import { splitText } from './split.ts'
import { computeChoice } from './system.ts'

export const runState = z.enum(['queued', 'running', 'paused', 'stopped', 'interrupted', 'diverged', 'failed', 'finished'])
export type RunState = z.infer<typeof runState>

/** Where a run came from that was not made here. */
export const runOrigin = z.object({
  /** File name of the bundle. */
  bundle: z.string(),
  /** Version of the Palate that packed it. */
  palate: z.string(),
  /** Its number there. */
  runId: z.int(),
  importedAt: z.int(),
})
export type RunOrigin = z.infer<typeof runOrigin>
/** Words of a person's own; a comma would stand between two. */
export const runTag = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^,\p{Cc}]*$/u, 'A tag has no comma and is one line.')

/** The longest notes on a run. */
export const maxRunNotes = 20_000

export const runSummary = z.object({
  id: z.int(),
  /** Runs that were started together (one per seed) share it. */
  group: z.string(),
  name: z.string(),
  datasetId: z.int(),
  datasetName: z.string(),
  modelId: z.string(),
  modelVersion: z.int(),
  preset: z.string(),
  split: z.string(),
  seed: z.int(),
  state: runState,
  createdAt: z.int(),
  startedAt: z.int().nullable(),
  endedAt: z.int().nullable(),
  updatesDone: z.int(),
  updatesTotal: z.int(),
  /** Averaged over the last seconds; null until measured. */
  updatesPerSecond: z.number().nullable(),
  remainingMs: z.number().nullable(),
  /** What it is at: "embedding", "training", "evaluating" … */
  stage: z.string(),
  /** Last validation NDCG@20 seen while training, or null. */
  validationNdcg: z.number().nullable(),
  /** precision@20 and NDCG@20 of rerank-sequential on full-length users, once evaluated. */
  precision20: z.number().nullable(),
  ndcg20: z.number().nullable(),
  error: errorRecord.nullable(),
  /** Absent or null: it was made in this workspace. */
  origin: runOrigin.nullish(),
  /** Sorted. */
  tags: z.array(z.string()),
  /** A person's own notes; `notes` of the detail are the program's. */
  comment: z.string(),
  archived: z.boolean(),
})
export type RunSummary = z.infer<typeof runSummary>

/** What a run was made with: enough to make it again. */
export const runDetail = runSummary.extend({
  params: paramValues,
  protocols: z.array(z.string()),
  ks: z.array(z.int()),
  engineVersion: z.string(),
  /** What computes it; until it has started, what was asked for ("auto" among others). */
  executor: z.string(),
  /** What the executor computes on, in words; empty until the run has started. */
  device: z.string(),
  /** Versions of what computes, by library. */
  executorVersions: z.record(z.string(), z.string()),
  /** Threads that were asked for; null: chosen at the start, see `device`. */
  threads: z.int().nullable(),
  datasetFingerprint: z.string(),
  splitHash: z.string().nullable(),
  checkpoints: z.array(z.object({ update: z.int(), bytes: z.int(), createdAt: z.int() })),
  notes: z.array(z.object({ at: z.int(), text: z.string() })),
  /** The live session whose weights and transitions it began with, and the run behind that; null where it began by itself. */
  lineage: z.object({ runId: z.int(), sessionId: z.int(), answers: z.int() }).nullable(),
})
export type RunDetail = z.infer<typeof runDetail>

/** One measured value. `update` counts gradient updates from 0; `elapsedMs` is training time without pauses. */
export const metricPoint = z.object({ name: z.string(), update: z.int(), value: z.number(), elapsedMs: z.number() })
export type MetricPoint = z.infer<typeof metricPoint>

/** A curve as columns. `total` counts the stored points; fewer are shown when down-sampled. */
export const metricSeries = z.object({
  name: z.string(),
  total: z.int(),
  update: z.array(z.int()),
  value: z.array(z.number()),
  elapsedMs: z.array(z.number()),
})
export type MetricSeries = z.infer<typeof metricSeries>

/** A tidy result row; floors and ceiling are rows of their own. */
export const resultRow = z.object({
  model: z.string(),
  seed: z.int(),
  split: z.string(),
  protocol: z.string(),
  /** "full-length": only users with at least k candidates. */
  subset: z.enum(['all', 'full-length']),
  k: z.int(),
  metric: z.string(),
  value: z.number(),
  /** How many users the value averages over. */
  users: z.int(),
})
export type ResultRow = z.infer<typeof resultRow>

/** A result row with its 95 % bootstrap interval over users (null below two users). */
export const resultRowWithInterval = resultRow.extend({ low: z.number().nullable(), high: z.number().nullable() })
export type ResultRowWithInterval = z.infer<typeof resultRowWithInterval>

export const startRunsInput = z.object({
  dataset: z.union([z.int(), z.string()]),
  model: z.string(),
  preset: z.string().optional(),
  params: z.record(z.string(), z.unknown()).default({}),
  split: splitText.default(ownRunDefaults.defaultSplit),
  seeds: z.array(z.int().min(runLimits.seeds.min).max(runLimits.seeds.max)).min(1).max(runLimits.seeds.most).default([1]),
  /** Overrides the model's number of gradient updates. */
  updates: z.int().min(0).max(1e9).optional(),
  protocols: z.array(z.string()).min(1).default(ownRunDefaults.defaultProtocols),
  ks: z.array(z.int().min(runLimits.ks.min).max(runLimits.ks.max)).min(1).default(ownRunDefaults.defaultKs),
  name: z.string().max(200).optional(),
  ...computeChoice,
})
export type StartRunsInput = z.input<typeof startRunsInput>

export const runEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run'), run: runSummary }),
  z.object({ kind: z.literal('removed'), runId: z.int() }),
  /** The last news of several runs in one, for who asked for them together. */
  z.object({ kind: z.literal('many'), runs: z.array(runSummary), removed: z.array(z.int()) }),
  z.object({ kind: z.literal('points'), runId: z.int(), points: z.array(metricPoint) }),
  z.object({ kind: z.literal('results'), runId: z.int() }),
  z.object({ kind: z.literal('log'), runId: z.int(), entry: runLogEntry }),
  /** About once a second while a run trains. */
  z.object({ kind: z.literal('process'), runId: z.int(), facts: processFacts }),
  /** Order or hold of the queue have changed; told to those who watch all runs. */
  z.object({ kind: z.literal('queue'), queue: queueState }),
  /** Something to be told; it stands in the run's notes. `urgent`: out of the ordinary, so that whoever looks elsewhere must know. */
  z.object({ kind: z.literal('note'), runId: z.int(), text: z.string(), urgent: z.boolean() }),
])
export type RunEvent = z.infer<typeof runEvent>
