import * as z from 'zod'
import { ratingScale, timeKind } from '../../contract/dto/dataset.ts'
import { metricPoint, resultRowWithInterval } from '../../contract/dto/run.ts'
import { genreTestStep, genreTestWish } from '../../contract/dto/genre-test.ts'
import { processFacts } from '../../contract/dto/run-log.ts'
import { errorRecord } from '../../contract/errors.ts'
import { paramValues } from '../../contract/params.ts'
import { comparedPair } from '../../contract/dto/evaluation.ts'
import { liveBatchPlayer } from '../../contract/dto/live-batch.ts'
import { liveAnswer, liveLearning, liveSetup } from '../../contract/dto/live.ts'
import { computeRequest, openedCompute, stepSizes } from '../compute/compute-request.ts'
import { livePersona } from '../../contract/dto/persona.ts'
import { liveReply, liveRequest } from '../live/live-protocol.ts'
import type { InteractionTable } from '../../engine/data/interaction-table.ts'
import type { FeatureField } from '../../engine/data/side-features.ts'
import type { PlayedBatch } from '../../engine/training/live/play-batch.ts'
import type { EmbeddingArtifact, JobOutcome, JobProgress, JobSpec } from '../../engine/training/job.types.ts'

/**
 * What the engine process and a trainer process say to each other over Node's IPC (`serialization: 'advanced'`, so that
 * typed arrays travel as they are). Both sides validate what they receive: a trainer may be of another build, and a
 * message that does not fit must end one run with a clear error, never corrupt the workspace.
 */
const int32: z.ZodType<Int32Array> = z.instanceof(Int32Array)
const float32: z.ZodType<Float32Array> = z.instanceof(Float32Array)
const float64: z.ZodType<Float64Array> = z.instanceof(Float64Array)
const bytes: z.ZodType<Uint8Array> = z.instanceof(Uint8Array)

const jobSpec: z.ZodType<JobSpec> = z.object({
  modelId: z.string(),
  params: paramValues,
  split: z.string(),
  seed: z.int(),
  protocols: z.array(z.string()),
  ks: z.array(z.int()),
})

const featureField: z.ZodType<FeatureField> = z
  .object({ name: z.string(), values: z.array(z.string()), start: int32, ids: int32 })
  .refine(({ start, ids }) => start.length > 0 && start.at(-1) === ids.length, 'A field has as many ids as its starts say.')

const interactionTable: z.ZodType<InteractionTable> = z
  .object({
    size: z.int().min(0),
    userCount: z.int().min(0),
    itemCount: z.int().min(0),
    userIndex: int32,
    itemIndex: int32,
    rating: float32,
    time: float64,
    timeKind,
    scale: ratingScale,
    features: z.object({ users: z.array(featureField), items: z.array(featureField) }).optional(),
  })
  .refine(
    (table) => [table.userIndex, table.itemIndex, table.rating, table.time].every((column) => column.length === table.size),
    'Every column of an interaction table has as many rows as the table.',
  )

export const toTrainer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('train'),
    compute: computeRequest,
    spec: jobSpec,
    table: interactionTable,
    /** Engine state to go on from; null starts from the beginning. */
    checkpoint: bytes.nullable(),
    /** Embeddings of this data set and split that are trained already. */
    embeddings: z.array(z.object({ key: z.string(), bytes })),
    /** Training time before this process, without pauses. */
    elapsedMs: z.number().min(0),
    checkpointEveryMs: z.number().min(0),
    /** Where the trainer leaves its state when the engine process is gone and can store nothing any more. */
    rescuePath: z.string(),
    /** Evaluate as it stands instead of training on (a paused run that was stopped). */
    stopAtOnce: z.boolean(),
  }),
  z.object({
    kind: z.literal('evaluate'),
    compute: computeRequest,
    spec: jobSpec,
    table: interactionTable,
    model: bytes,
  }),
  /** A session with a trained model, played up to where it stood; its first answer is the frame there. */
  z.object({
    kind: z.literal('live-open'),
    compute: computeRequest,
    spec: jobSpec,
    table: interactionTable,
    model: bytes,
    setup: liveSetup,
    persona: livePersona.nullable(),
    answers: z.array(liveAnswer),
  }),
  z.object({ kind: z.literal('live'), request: liveRequest }),
  /** Simulated users play the models of several runs. */
  z.object({
    kind: z.literal('batch'),
    compute: computeRequest,
    contenders: z.array(z.object({ spec: jobSpec, model: bytes })).min(1),
    table: interactionTable,
    settings: paramValues,
    learning: liveLearning,
  }),
  /** What a trained model makes of a taste for a genre. */
  z.object({
    kind: z.literal('genre-test'),
    compute: computeRequest,
    spec: jobSpec,
    table: interactionTable,
    model: bytes,
    wish: genreTestWish,
  }),
  /** Open it, say so, and with `selfTest` say whether it computes right, with `measure` how fast training steps of a size are. */
  z.object({ kind: z.literal('probe'), compute: computeRequest, selfTest: z.boolean(), measure: stepSizes.optional() }),
  /** End training after the present update and evaluate. */
  z.object({ kind: z.literal('stop') }),
  /** Hand over a checkpoint and leave. */
  z.object({ kind: z.literal('pause') }),
  /** The checkpoint sent last is on the disk. */
  z.object({ kind: z.literal('checkpoint-stored') }),
  /** So many points of this trainer process are on the disk. */
  z.object({ kind: z.literal('points-stored'), count: z.int().min(0) }),
  /** Everything has been received; the process may go. */
  z.object({ kind: z.literal('goodbye') }),
])
export type ToTrainer = z.infer<typeof toTrainer>

const jobProgress: z.ZodType<JobProgress> = z.object({
  stage: z.enum(['preparing', 'embedding', 'training', 'evaluating', 'finished']),
  updatesDone: z.int().min(0),
  updatesTotal: z.int().min(0),
  stageShare: z.number(),
})

const embeddingArtifact: z.ZodType<EmbeddingArtifact> = z.object({
  key: z.string(),
  kind: z.string(),
  params: paramValues,
  size: z.int(),
  validationRmse: z.number(),
  lossCurve: z.array(z.number()),
  bytes,
})

const jobOutcome: z.ZodType<JobOutcome> = z.object({
  rows: z.array(resultRowWithInterval),
  recommendations: z.object({
    protocol: z.array(z.string()),
    userIndex: int32,
    rank: int32,
    itemIndex: int32,
    score: float32,
    rating: float32,
  }),
  userMetrics: z.object({
    model: z.array(z.string()),
    protocol: z.array(z.string()),
    userIndex: int32,
    candidates: int32,
    k: int32,
    metric: z.array(z.string()),
    value: float64,
  }),
  remarks: z.array(z.string()),
})

const playedBatch: z.ZodType<PlayedBatch> = z.object({
  split: z.string(),
  users: int32,
  steps: z.int(),
  players: z.array(liveBatchPlayer.omit({ name: true, runId: true }).extend({ rewards: float32 })),
  pairs: z.array(comparedPair),
  remarks: z.array(z.string()),
})

/** Engine state with what the host must know to continue the history exactly from it. */
const checkpoint = z.object({
  update: z.int().min(0),
  elapsedMs: z.number().min(0),
  bytes,
})
export type TrainerCheckpoint = z.infer<typeof checkpoint>

export const fromTrainer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), splitHash: z.string(), compute: openedCompute }),
  /** What computes: the first answer to an evaluation and to a probe. */
  z.object({ kind: z.literal('opened'), compute: openedCompute }),
  /** The second answer to a probe: what it computes wrongly, one sentence each. */
  z.object({ kind: z.literal('tested'), problems: z.array(z.string()) }),
  /** The last answer to a probe that measures. */
  z.object({ kind: z.literal('measured'), flopsPerSecond: z.number().positive() }),
  z.object({
    kind: z.literal('progress'),
    progress: jobProgress,
    elapsedMs: z.number().min(0),
    /** At most once a second; `cpuMs` since the process began. */
    process: processFacts.extend({ cpuMs: z.number().min(0) }).optional(),
  }),
  z.object({ kind: z.literal('points'), points: z.array(metricPoint) }),
  z.object({ kind: z.literal('embedding'), embedding: embeddingArtifact }),
  z.object({ kind: z.literal('checkpoint'), checkpoint }),
  /** The job is over. `endedEarly`: by a stop, before its last update. */
  z.object({
    kind: z.literal('outcome'),
    outcome: jobOutcome,
    model: bytes.nullable(),
    endedEarly: z.boolean(),
    elapsedMs: z.number().min(0),
  }),
  z.object({ kind: z.literal('live'), reply: liveReply }),
  /** Who of a batch plays, and how much of everything is done. */
  z.object({ kind: z.literal('batch-progress'), player: z.int(), model: z.string(), share: z.number() }),
  z.object({ kind: z.literal('batch-outcome'), played: playedBatch }),
  z.object({ kind: z.literal('genre-tested'), step: genreTestStep }),
  /** What was asked of a live session cannot be done; the session stands as it stood. */
  z.object({ kind: z.literal('live-refused'), error: errorRecord }),
  z.object({ kind: z.literal('failed'), error: errorRecord }),
  /** Paused as asked: the checkpoint before this message is the last. */
  z.object({ kind: z.literal('paused'), elapsedMs: z.number().min(0) }),
])
export type FromTrainer = z.infer<typeof fromTrainer>

/** What a trainer writes by itself when the engine process is gone: see `rescue-file.ts`. */
export const rescueHeader = z.object({
  update: z.int().min(0),
  elapsedMs: z.number().min(0),
  /** Points that the trainer does not know to be stored; some of them may be, with the same values. */
  points: z.array(metricPoint),
  sha256: z.string(),
})
export type RescueHeader = z.infer<typeof rescueHeader>
