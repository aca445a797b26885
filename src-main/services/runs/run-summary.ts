import type { ResultRowWithInterval, RunDetail, RunSummary } from '../../contract/dto/run.ts'
import type { RunChange, StoredRun } from '../../storage/repositories/runs.ts'
import type { Repositories } from '../../storage/repositories/repositories.ts'

/** @param live what is newer than the row: progress between two writes */
export function toRunSummary(stored: StoredRun, live: RunChange = {}): RunSummary {
  const run = { ...stored, ...live }
  return {
    id: run.id,
    group: run.group,
    name: run.name,
    datasetId: run.datasetId,
    datasetName: run.datasetName,
    modelId: run.modelId,
    modelVersion: run.modelVersion,
    preset: run.preset,
    split: run.split,
    seed: run.seed,
    state: run.state,
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    updatesDone: run.updatesDone,
    updatesTotal: run.updatesTotal,
    updatesPerSecond: run.updatesPerSecond,
    remainingMs: run.remainingMs,
    stage: run.stage,
    validationNdcg: run.validationNdcg,
    precision20: run.precision20,
    ndcg20: run.ndcg20,
    error: run.error,
    origin: run.origin,
    tags: [...run.tags],
    comment: run.comment,
    archived: run.archivedAt !== null,
  }
}

export async function toRunDetail(stored: StoredRun, live: RunChange, repositories: Repositories): Promise<RunDetail> {
  const checkpoints = await repositories.checkpoints.list(stored.id)
  return {
    ...toRunSummary(stored, live),
    params: { ...stored.params },
    protocols: [...stored.protocols],
    ks: [...stored.ks],
    engineVersion: stored.engineVersion,
    executor: live.executor ?? stored.executor,
    device: live.device ?? stored.device,
    executorVersions: { ...(live.executorVersions ?? stored.executorVersions) },
    threads: stored.threads,
    datasetFingerprint: stored.datasetFingerprint,
    splitHash: live.splitHash ?? stored.splitHash,
    checkpoints: checkpoints.map(({ update, bytes, createdAt }) => ({ update, bytes, createdAt })),
    lineage: stored.lineage,
    notes: await repositories.runs.notes(stored.id),
  }
}

/** The two figures that the table of runs shows: the model's own, at 20, re-ranking in sequence, full-length users. */
export function headlineFigures(
  modelId: string,
  rows: readonly ResultRowWithInterval[],
): { precision20: number | null; ndcg20: number | null } {
  const value = (metric: string) =>
    rows.find(
      (row) =>
        row.model === modelId &&
        row.protocol === 'rerank-sequential' &&
        row.subset === 'full-length' &&
        row.k === 20 &&
        row.metric === metric,
    )?.value ?? null
  return { precision20: value('precision'), ndcg20: value('ndcg') }
}
