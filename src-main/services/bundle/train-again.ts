import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MetricPoint } from '../../contract/dto/run.ts'
import { fromErrorRecord, type ErrorRecord } from '../../contract/errors.ts'
import type { InteractionTable } from '../../engine/data/interaction-table.ts'
import type { JobOutcome, JobProgress, JobSpec } from '../../engine/training/job.types.ts'
import type { ComputeRequest, OpenedCompute } from '../compute/compute-request.ts'
import { lostTrainer } from '../runs/trainer-lost.ts'
import { TrainerProcess, type TrainerLaunch } from '../runs/trainer-process.ts'
import { cancelledBundle } from './bundle-errors.ts'

/** What a run came to that was trained without being stored. */
export interface TrainedAgain {
  readonly points: readonly MetricPoint[]
  readonly splitHash: string
  readonly opened: OpenedCompute
  /** null: it diverged, as `error` says. */
  readonly outcome: JobOutcome | null
  readonly model: Uint8Array | null
  readonly error: ErrorRecord | null
}

export interface AgainOptions {
  readonly launch: TrainerLaunch
  readonly compute: ComputeRequest
  readonly spec: JobSpec
  readonly table: InteractionTable
  /** For messages. */
  readonly runId: number
  readonly signal: AbortSignal
  readonly onProgress: (progress: JobProgress) => void
}

/**
 * Trains from the seed, from the very beginning: no checkpoint and no embedding of an earlier run is used, and nothing is stored.
 *
 * @throws PalateError CANCELLED, TRAINER_LOST, BACKEND_UNAVAILABLE, and all others that a run may fail with but RUN_DIVERGED
 */
export async function trainAgain(options: AgainOptions): Promise<TrainedAgain> {
  const { launch, signal } = options
  const folder = await mkdtemp(join(tmpdir(), 'palate-again-'))
  const trainer = new TrainerProcess(launch)
  const kill = () => trainer.kill()
  signal.addEventListener('abort', kill, { once: true })
  if (signal.aborted) kill()
  try {
    const { compute, spec, table } = options
    trainer.send({
      kind: 'train',
      compute,
      spec: { ...spec, protocols: [...spec.protocols], ks: [...spec.ks] },
      table,
      checkpoint: null,
      embeddings: [],
      elapsedMs: 0,
      checkpointEveryMs: Number.MAX_SAFE_INTEGER,
      rescuePath: join(folder, 'rescued.ckpt'),
      stopAtOnce: false,
    })
    return await follow(trainer, options)
  } finally {
    signal.removeEventListener('abort', kill)
    await rm(folder, { recursive: true, force: true })
  }
}

async function follow(trainer: TrainerProcess, { runId, signal, onProgress }: AgainOptions): Promise<TrainedAgain> {
  const points: MetricPoint[] = []
  let started: { splitHash: string; opened: OpenedCompute } | null = null
  for await (const message of trainer.messages()) {
    switch (message.kind) {
      case 'started':
        started = { splitHash: message.splitHash, opened: message.compute }
        break
      case 'progress':
        onProgress(message.progress)
        break
      case 'points':
        for (const point of message.points) points.push(point)
        trainer.send({ kind: 'points-stored', count: points.length })
        break
      case 'checkpoint':
        trainer.send({ kind: 'checkpoint-stored' })
        break
      case 'outcome':
        await trainer.goodbye()
        return { ...started!, points, outcome: message.outcome, model: message.model, error: null }
      case 'failed':
        await trainer.goodbye()
        if (message.error.code !== 'RUN_DIVERGED' || !started) throw fromErrorRecord(message.error)
        return { ...started, points, outcome: null, model: null, error: message.error }
      default:
    }
  }
  if (signal.aborted) throw cancelledBundle('verification')
  throw lostTrainer(runId, await trainer.exit)
}
