import { fromErrorRecord, type PalateError } from '../../contract/errors.ts'
import type { FromTrainer, ToTrainer } from '../trainer/trainer-protocol.ts'
import { TrainerProcess, type TrainerExit, type TrainerLaunch } from './trainer-process.ts'

export interface Errand {
  readonly launch: TrainerLaunch
  /** Kills the process when it aborts. */
  readonly signal?: AbortSignal | undefined
  /** What is thrown then. */
  readonly cancelled: () => PalateError
  /** What is thrown when the process ended by itself. */
  readonly lost: (exit: TrainerExit) => PalateError
}

/**
 * One piece of work in a process of its own, of which nothing is left afterwards.
 *
 * @param heard what a message comes to; undefined while the work goes on. It may answer the process
 * @throws PalateError what the process failed with, unless `heard` made something of that message; `cancelled` and `lost`
 */
export async function askTrainer<T extends object>(
  { launch, signal, cancelled, lost }: Errand,
  opening: ToTrainer,
  heard: (message: FromTrainer, trainer: TrainerProcess) => T | undefined,
): Promise<T> {
  const trainer = new TrainerProcess(launch)
  const kill = () => trainer.kill()
  signal?.addEventListener('abort', kill, { once: true })
  if (signal?.aborted) kill()
  try {
    trainer.send(opening)
    for await (const message of trainer.messages()) {
      const came = heard(message, trainer)
      if (came === undefined && message.kind !== 'failed') continue
      await trainer.goodbye()
      if (came !== undefined) return came
      if (message.kind === 'failed') throw fromErrorRecord(message.error)
    }
    if (signal?.aborted) throw cancelled()
    throw lost(await trainer.exit)
  } finally {
    signal?.removeEventListener('abort', kill)
    kill()
  }
}
