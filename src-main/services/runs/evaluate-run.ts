import { fromErrorRecord, isPalateError, PalateError, toErrorRecord } from '../../contract/errors.ts'
import type { JobOutcome } from '../../engine/training/job.types.ts'
import type { StoredRun } from '../../storage/repositories/runs.ts'
import type { OpenedCompute } from '../compute/compute-request.ts'
import type { ComputeService } from '../compute/compute-service.ts'
import type { ToTrainer } from '../trainer/trainer-protocol.ts'
import type { Workspace } from '../workspace.ts'
import { fallbackFor, fallbackNote } from './fallback.ts'
import { threadsColumn } from './plan-runs.ts'
import type { ComputeChange } from './run-manager.ts'
import { TrainerProcess, type TrainerLaunch } from './trainer-process.ts'
import { lostTrainer } from './trainer-lost.ts'

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
  const trainer = new TrainerProcess(launch)
  const kill = () => trainer.kill()
  signal?.addEventListener('abort', kill, { once: true })
  if (signal?.aborted) kill()
  let opened: OpenedCompute | null = null
  try {
    trainer.send(message)
    for await (const answer of trainer.messages()) {
      if (answer.kind === 'opened') opened = answer.compute
      if (answer.kind !== 'outcome' && answer.kind !== 'failed') continue
      await trainer.goodbye()
      if (answer.kind === 'failed') throw fromErrorRecord(answer.error)
      return { outcome: answer.outcome, opened }
    }
    if (signal?.aborted) {
      throw new PalateError('CANCELLED', `The evaluation of run ${runId} was cancelled. Nothing was changed.`, {
        what: `evaluation of run ${runId}`,
      })
    }
    throw lostTrainer(runId, await trainer.exit)
  } finally {
    signal?.removeEventListener('abort', kill)
  }
}
