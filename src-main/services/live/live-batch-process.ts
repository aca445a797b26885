import { fromErrorRecord, PalateError } from '../../contract/errors.ts'
import type { BatchProgress, PlayedBatch } from '../../engine/training/live/play-batch.ts'
import { TrainerProcess, type TrainerLaunch } from '../runs/trainer-process.ts'
import type { ToTrainer } from '../trainer/trainer-protocol.ts'

export type BatchOpening = Extract<ToTrainer, { kind: 'batch' }>

/**
 * Plays a batch in a process of its own.
 *
 * @throws PalateError as the engine's `playBatch`, BACKEND_UNAVAILABLE, TRAINER_LOST, CANCELLED when the signal aborts; no process is left
 */
export async function playInProcess(
  launch: TrainerLaunch,
  opening: BatchOpening,
  onProgress: (progress: BatchProgress) => void,
  signal: AbortSignal,
): Promise<PlayedBatch> {
  const trainer = new TrainerProcess(launch)
  const kill = () => trainer.kill()
  signal.addEventListener('abort', kill, { once: true })
  if (signal.aborted) kill()
  try {
    trainer.send(opening)
    for await (const message of trainer.messages()) {
      if (message.kind === 'batch-progress') onProgress(message)
      if (message.kind !== 'batch-outcome' && message.kind !== 'failed') continue
      await trainer.goodbye()
      if (message.kind === 'failed') throw fromErrorRecord(message.error)
      return message.played
    }
    if (signal.aborted) throw new PalateError('CANCELLED', 'The batch was cancelled.', { what: 'batch of simulated users' })
    const { how, lastWords } = await trainer.exit
    const words = lastWords ? ` Its last words: ${lastWords.split('\n').slice(-5).join(' | ')}` : ''
    throw new PalateError(
      'TRAINER_LOST',
      `The process in which simulated users played ended by itself (${how}). Start the batch again, with fewer users or runs if memory was short.${words}`,
      { run: '', exit: how },
    )
  } finally {
    signal.removeEventListener('abort', kill)
  }
}
