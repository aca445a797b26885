import { randomUUID } from 'node:crypto'
import type { RunSummary } from '../../contract/dto/run.ts'
import type { ContinuedTraining } from '../../engine/training/live/continue-training.ts'
import type { StoredLiveSession } from '../../storage/repositories/live-sessions.ts'
import type { StoredRun } from '../../storage/repositories/runs.ts'
import type { LiveOptions } from './live-options.types.ts'

/** Stores the run that goes on from a session, its beginning as its first checkpoint, and lets it wait for its turn. */
export async function storeContinued(
  { workspace, version, runs }: LiveOptions,
  session: StoredLiveSession,
  run: StoredRun,
  begun: ContinuedTraining,
  name: string | undefined,
): Promise<RunSummary> {
  const { repositories } = workspace
  const at = Date.now()
  const lineage = { runId: run.id, sessionId: session.id, answers: session.answers }
  const [runId] = await repositories.runs.insert([
    {
      group: randomUUID(),
      name: name || `${run.name}, continued`,
      datasetId: run.datasetId,
      modelId: run.modelId,
      modelVersion: run.modelVersion,
      preset: run.preset,
      params: begun.params,
      split: run.split,
      seed: run.seed,
      protocols: run.protocols,
      ks: run.ks,
      engineVersion: version,
      executor: run.executor,
      threads: run.threads,
      datasetFingerprint: run.datasetFingerprint,
      updatesTotal: Number(begun.params['updates']),
      createdAt: at,
      lineage,
    },
  ])
  const points = begun.points.map((point) => ({ ...point, elapsedMs: 0 }))
  await repositories.metricPoints.append(runId!, points)
  await repositories.checkpoints.save(runId!, { update: 0, elapsedMs: 0, createdAt: at, content: begun.checkpoint })
  const text = `Began with the weights of live session ${session.id} ("${session.name}", of run ${run.id}) after its ${session.answers} answers; its replay begins with their transitions, its schedules anew.`
  await repositories.runs.addNote(runId!, { at, text })
  await runs.enqueue([runId!])
  return runs.summary(runId!)
}
