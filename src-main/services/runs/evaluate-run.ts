import { fromErrorRecord, PalateError } from '../../contract/errors.ts'
import type { JobOutcome } from '../../engine/training/job.types.ts'
import type { StoredRun } from '../../storage/repositories/runs.ts'
import type { Workspace } from '../workspace.ts'
import { TrainerProcess, type TrainerLaunch } from './trainer-process.ts'
import { lostTrainer } from './trainer-lost.ts'

/**
 * Scores the trained model of a run under other protocols or list lengths, in a process of its own.
 *
 * @throws PalateError CHECKPOINT_UNUSABLE when the run has kept no model, CANCELLED when the signal aborts, TRAINER_LOST
 */
export async function evaluateRun(
  workspace: Workspace,
  launch: TrainerLaunch,
  run: StoredRun,
  wanted: { readonly protocols: readonly string[]; readonly ks: readonly number[] },
  signal?: AbortSignal,
): Promise<JobOutcome> {
  const model = await workspace.repositories.checkpoints.loadModel(run.id)
  const table = await workspace.loadInteractions(run.datasetId)
  const trainer = new TrainerProcess(launch)
  const kill = () => trainer.kill()
  signal?.addEventListener('abort', kill, { once: true })
  if (signal?.aborted) kill()
  try {
    const { modelId, params, split, seed } = run
    trainer.send({
      kind: 'evaluate',
      spec: { modelId, params, split, seed, protocols: [...wanted.protocols], ks: [...wanted.ks] },
      table,
      model,
    })
    for await (const message of trainer.messages()) {
      if (message.kind !== 'outcome' && message.kind !== 'failed') continue
      await trainer.goodbye()
      if (message.kind === 'failed') throw fromErrorRecord(message.error)
      return message.outcome
    }
    if (signal?.aborted) {
      throw new PalateError('CANCELLED', `The evaluation of run ${run.id} was cancelled. Nothing was changed.`, {
        what: `evaluation of run ${run.id}`,
      })
    }
    throw lostTrainer(run.id, await trainer.exit)
  } finally {
    signal?.removeEventListener('abort', kill)
  }
}
