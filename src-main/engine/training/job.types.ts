import type { ParamValues } from '../../contract/params.ts'
import type { ResultRowWithInterval } from '../../contract/dto/run.ts'

/** All that decides a run's figures, beside the data itself. */
export interface JobSpec {
  readonly modelId: string
  /** Complete values, already checked by parseParams. */
  readonly params: ParamValues
  /** For instance `random:0.8@1`, seed included. */
  readonly split: string
  readonly seed: number
  readonly protocols: readonly string[]
  readonly ks: readonly number[]
}

export interface JobProgress {
  readonly stage: 'preparing' | 'embedding' | 'training' | 'evaluating' | 'finished'
  readonly updatesDone: number
  readonly updatesTotal: number
  /** How much of the present stage is done, 0..1. */
  readonly stageShare: number
}

/** A metric point as the engine knows it: the engine has no clock, so the host adds the time. */
export interface EnginePoint {
  readonly name: string
  readonly update: number
  readonly value: number
}

/** A trained embedding that other runs may use again: same key, same bytes. */
export interface EmbeddingArtifact {
  /** Hash of kind, parameters, split and seed. */
  readonly key: string
  readonly kind: string
  readonly params: ParamValues
  readonly size: number
  readonly validationRmse: number
  /** Training loss per epoch. */
  readonly lossCurve: readonly number[]
  readonly bytes: Uint8Array
}

/** Columns of what was recommended in evaluation, one row per user and rank (rank from 1). */
export interface RecommendationColumns {
  readonly protocol: string[]
  readonly userIndex: Int32Array
  readonly rank: Int32Array
  readonly itemIndex: Int32Array
  readonly score: Float32Array
  /** The logged rating that came back; NaN where the user never rated the item. */
  readonly rating: Float32Array
}

/** Columns of per-user metrics: one row per model, protocol, user, k and metric. */
export interface UserMetricColumns {
  readonly model: string[]
  readonly protocol: string[]
  readonly userIndex: Int32Array
  readonly candidates: Int32Array
  readonly k: Int32Array
  readonly metric: string[]
  readonly value: Float64Array
}

export interface JobOutcome {
  /** The model's rows and those of every floor and the ceiling, on the same split. */
  readonly rows: readonly ResultRowWithInterval[]
  readonly recommendations: RecommendationColumns
  /** The trained model's rows only, floors left out. */
  readonly userMetrics: UserMetricColumns
  /** What a reader of the figures must know: one sentence or two each, kept with the run. */
  readonly remarks: readonly string[]
}

/**
 * One run, as a machine that its host turns: `advance` does a bounded slice of work (well under 100 ms as a rule), so
 * that pause, stop and cancel are heard in between. The same spec and table give the same bits on the same executor.
 */
export interface TrainingJob {
  readonly progress: JobProgress
  readonly splitHash: string
  /** @throws PalateError RUN_DIVERGED when a loss, a gradient norm or a parameter is no longer finite */
  advance(): void
  /** Ends training after the present update; evaluation follows. */
  stopEarly(): void
  /** Points since the last call. */
  takePoints(): EnginePoint[]
  /** Embeddings trained since the last call. */
  takeEmbeddings(): EmbeddingArtifact[]
  /** Everything needed to go on bit by bit the same; valid between two calls of `advance`. */
  snapshot(): Uint8Array
  /** The trained model alone, for evaluating again; valid once training is over. */
  modelSnapshot(): Uint8Array
  /** Valid once progress.stage is "finished". */
  outcome(): JobOutcome
}
