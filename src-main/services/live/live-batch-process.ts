import { PalateError } from '../../contract/errors.ts'
import type { BatchProgress, PlayedBatch } from '../../engine/training/live/play-batch.ts'
import { askTrainer, type Errand } from '../runs/ask-trainer.ts'
import { lostProcess } from '../runs/trainer-lost.ts'
import type { TrainerLaunch } from '../runs/trainer-process.ts'
import type { ToTrainer } from '../trainer/trainer-protocol.ts'

export type BatchOpening = Extract<ToTrainer, { kind: 'batch' }>

/**
 * Plays a batch in a process of its own.
 *
 * @throws PalateError as the engine's `playBatch`, BACKEND_UNAVAILABLE, TRAINER_LOST, CANCELLED when the signal aborts; no process is left
 */
export function playInProcess(
  launch: TrainerLaunch,
  opening: BatchOpening,
  onProgress: (progress: BatchProgress) => void,
  signal: AbortSignal,
): Promise<PlayedBatch> {
  const errand: Errand = {
    launch,
    signal,
    cancelled: () => new PalateError('CANCELLED', 'The batch was cancelled.', { what: 'batch of simulated users' }),
    lost: (exit) =>
      lostProcess(
        'in which simulated users played',
        'Start the batch again, with fewer users or runs if memory was short.',
        '',
        exit,
      ),
  }
  return askTrainer(errand, opening, (message) => {
    if (message.kind === 'batch-progress') onProgress(message)
    return message.kind === 'batch-outcome' ? message.played : undefined
  })
}
