import type { InteractionTable } from '../../engine/data/interaction-table.ts'
import type { JobSpec } from '../../engine/training/job.types.ts'
import type { StoredRun } from '../../storage/repositories/runs.ts'
import { runNotFound, runState } from '../runs/run-errors.ts'
import type { Workspace } from '../workspace.ts'

/** A run whose policy can be played with. @throws PalateError RUN_NOT_FOUND, RUN_STATE */
export async function trainedRun({ repositories }: Workspace, runId: number): Promise<StoredRun> {
  const run = await repositories.runs.get(runId)
  if (!run) throw runNotFound(runId)
  if (run.state !== 'finished' && run.state !== 'stopped') throw runState(run, run.state, 'played with')
  return run
}

/** What a process must know of a run to play with its policy; nothing is evaluated. */
export function playedSpec({ modelId, params, split, seed }: StoredRun): JobSpec {
  return { modelId, params, split, seed, protocols: [], ks: [] }
}

/** @throws PalateError CHECKPOINT_UNUSABLE, DATASET_NOT_FOUND */
export async function playedModel(
  workspace: Workspace,
  run: StoredRun,
): Promise<{ spec: JobSpec; table: InteractionTable; model: Uint8Array }> {
  return {
    spec: playedSpec(run),
    table: await workspace.loadInteractions(run.datasetId),
    model: await workspace.repositories.checkpoints.loadModel(run.id),
  }
}
