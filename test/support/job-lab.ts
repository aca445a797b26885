import { defaultParams, type ParamValues } from '../../src-main/contract/params.ts'
import type { InteractionTable } from '../../src-main/engine/data/interaction-table.ts'
import { createTrainingJob, type JobOptions } from '../../src-main/engine/training/create-job.ts'
import { findModel } from '../../src-main/engine/training/find-model.ts'
import type {
  EmbeddingArtifact,
  EnginePoint,
  JobOutcome,
  JobSpec,
  TrainingJob,
} from '../../src-main/engine/training/job.types.ts'

/** MDRR-att that trains in a second: every part of the default preset is on, everything is small. */
export const smallMdrrAtt: ParamValues = {
  updates: 60,
  size: 3,
  lambda: 3,
  embeddingEpochs: 4,
  historyLength: 4,
  attentionHidden: 6,
  actorHidden: 8,
  criticHidden: 8,
  batchSize: 8,
  candidateSample: 3,
  criticOnlyUpdates: 20,
  learningStart: 40,
  replayCapacity: 128,
  validateEvery: 25,
  heldOutShare: 0.2,
  actorLearningRate: 0.003,
  headRidge: 30,
}

/** The same for every model that learns from replay; what a model does not have is to be left out. */
export const smallAgent: ParamValues = { ...smallMdrrAtt, hidden: 8, stateHidden: 5, learningRate: 0.003 }

export function specOf(modelId: string, params: ParamValues = {}, change: Partial<JobSpec> = {}): JobSpec {
  return {
    modelId,
    params: { ...defaultParams(findModel(modelId).params), ...params },
    split: 'random:0.8@1',
    seed: 1,
    protocols: ['rerank-sequential', 'rerank-oneshot'],
    ks: [3, 5],
    ...change,
  }
}

export interface Told {
  readonly points: EnginePoint[]
  readonly embeddings: EmbeddingArtifact[]
}

/** Turns a job to its end as a host does: points are taken after every slice. @param each called after every slice */
export function runJob(job: TrainingJob, each: (slice: number) => void = () => undefined): JobOutcome & Told {
  const told: Told = { points: [], embeddings: [] }
  for (let slice = 1; job.progress.stage !== 'finished'; slice++) {
    job.advance()
    told.points.push(...job.takePoints())
    told.embeddings.push(...job.takeEmbeddings())
    each(slice)
  }
  return { ...job.outcome(), ...told }
}

export function run(spec: JobSpec, table: InteractionTable, options?: JobOptions): JobOutcome & Told {
  return runJob(createTrainingJob(spec, table, options))
}

/** The value of one result row. */
export function valueOf(
  { rows }: Pick<JobOutcome, 'rows'>,
  wanted: { model: string; metric: string; k: number; protocol?: string; subset?: string },
): number {
  const row = rows.find(
    ({ model, metric, k, protocol, subset }) =>
      model === wanted.model &&
      metric === wanted.metric &&
      k === wanted.k &&
      protocol === (wanted.protocol ?? 'rerank-sequential') &&
      subset === (wanted.subset ?? 'all'),
  )
  if (!row) throw new Error(`There is no row ${JSON.stringify(wanted)}.`)
  return row.value
}
