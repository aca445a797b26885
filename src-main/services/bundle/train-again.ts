import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MetricPoint } from '../../contract/dto/run.ts'
import type { ErrorRecord } from '../../contract/errors.ts'
import type { InteractionTable } from '../../engine/data/interaction-table.ts'
import type { JobOutcome, JobProgress, JobSpec } from '../../engine/training/job.types.ts'
import type { ComputeRequest, OpenedCompute } from '../compute/compute-request.ts'
import { askTrainer, type Errand } from '../runs/ask-trainer.ts'
import { lostTrainer } from '../runs/trainer-lost.ts'
import type { TrainerLaunch, TrainerProcess } from '../runs/trainer-process.ts'
import type { FromTrainer, ToTrainer } from '../trainer/trainer-protocol.ts'
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
  const { launch, signal, runId, compute, spec, table } = options
  const folder = await mkdtemp(join(tmpdir(), 'palate-again-'))
  const errand: Errand = {
    launch,
    signal,
    cancelled: () => cancelledBundle('verification'),
    lost: (exit) => lostTrainer(runId, exit),
  }
  const opening: ToTrainer = {
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
  }
  try {
    return await askTrainer(errand, opening, follower(options))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function follower({ onProgress }: AgainOptions): (message: FromTrainer, trainer: TrainerProcess) => TrainedAgain | undefined {
  const points: MetricPoint[] = []
  let started: { splitHash: string; opened: OpenedCompute } | null = null
  return (message, trainer) => {
    switch (message.kind) {
      case 'started':
        started = { splitHash: message.splitHash, opened: message.compute }
        return undefined
      case 'progress':
        onProgress(message.progress)
        return undefined
      case 'points':
        for (const point of message.points) points.push(point)
        trainer.send({ kind: 'points-stored', count: points.length })
        return undefined
      case 'checkpoint':
        trainer.send({ kind: 'checkpoint-stored' })
        return undefined
      case 'outcome':
        return { ...started!, points, outcome: message.outcome, model: message.model, error: null }
      case 'failed':
        if (message.error.code !== 'RUN_DIVERGED' || !started) return undefined
        return { ...started, points, outcome: null, model: null, error: message.error }
      default:
        return undefined
    }
  }
}
