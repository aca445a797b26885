import { isPalateError, PalateError, toErrorRecord } from '../../contract/errors.ts'
import type { JobOutcome } from '../../engine/training/job.types.ts'
import type { StoredRun } from '../../storage/repositories/runs.ts'
import type { OpenedCompute } from '../compute/compute-request.ts'
import type { ComputeService } from '../compute/compute-service.ts'
import type { ToTrainer } from '../trainer/trainer-protocol.ts'
import type { Workspace } from '../workspace.ts'
import { askTrainer, type Errand } from './ask-trainer.ts'
import { fallbackFor, fallbackNote } from './fallback.ts'
import { threadsColumn } from './plan-runs.ts'
import type { ComputeChange } from './run-manager.ts'
import type { TrainerLaunch } from './trainer-process.ts'
import { lostWhileComputing } from './trainer-lost.ts'

export interface EvaluationHost {
  readonly workspace: Workspace
  readonly launch: TrainerLaunch
  readonly compute: ComputeService
  readonly signal?: AbortSignal
}

export interface EvaluationWish extends ComputeChange {
  readonly protocols: readonly string[]
  readonly ks: readonly number[]
}

/**
 * Scores the trained model of a run under other protocols or list lengths, in a process of its own; on the executor that
 * trained it unless another one is asked for, which is noted with the run.
 *
 * @throws PalateError CHECKPOINT_UNUSABLE when the run has kept no model, CANCELLED when the signal aborts, TRAINER_LOST,
 *         BACKEND_UNAVAILABLE, BACKEND_LOST
 */
export async function evaluateRun(host: EvaluationHost, run: StoredRun, wanted: EvaluationWish): Promise<JobOutcome> {
  const { workspace, compute } = host
  const note = (text: string) => workspace.repositories.runs.addNote(run.id, { at: Date.now(), text })
  const threads = wanted.threads === undefined ? run.threads : threadsColumn(wanted.threads)
  const { modelId, params, split, seed } = run
  const work = {
    spec: { modelId, params, split, seed, protocols: [...wanted.protocols], ks: [...wanted.ks] },
    table: await workspace.loadInteractions(run.datasetId),
    model: await workspace.repositories.checkpoints.loadModel(run.id),
  }
  for (let backend = wanted.backend ?? run.executor; ;) {
    const request = await compute.request(backend, threads, 1)
    try {
      const { outcome, opened } = await evaluateOnce(host, run.id, { kind: 'evaluate', compute: request, ...work })
      if (opened && opened.executor !== run.executor) {
        await note(`Evaluated with "${opened.executor}" (${opened.device}); it was trained with "${run.executor}".`)
      }
      return outcome
    } catch (error) {
      const fallback = isPalateError(error) ? await fallbackFor(toErrorRecord(error), compute) : null
      if (!fallback) throw error
      await note(fallbackNote(fallback))
      backend = fallback.to
    }
  }
}

/**
 * One evaluation in a process of its own; stores nothing.
 *
 * @param runId for messages
 * @throws PalateError as evaluateRun
 */
export async function evaluateOnce(
  { launch, signal }: Pick<EvaluationHost, 'launch' | 'signal'>,
  runId: number,
  message: Extract<ToTrainer, { kind: 'evaluate' }>,
): Promise<{ outcome: JobOutcome; opened: OpenedCompute | null }> {
  let opened: OpenedCompute | null = null
  const what = `evaluation of run ${runId}`
  const errand: Errand = {
    launch,
    signal,
    cancelled: () => new PalateError('CANCELLED', `The ${what} was cancelled. Nothing was changed.`, { what }),
    lost: (exit) => lostWhileComputing(runId, exit, opened?.executor ?? null),
  }
  return askTrainer(errand, message, (answer) => {
    if (answer.kind === 'opened') opened = answer.compute
    return answer.kind === 'outcome' ? { outcome: answer.outcome, opened } : undefined
  })
}
