import { setImmediate } from 'node:timers/promises'
import { PalateError } from '../contract/errors.ts'

/**
 * Turns a generator to its end without holding up whatever else waits.
 * @param what is cancelled when the signal aborts, for instance "comparison"
 * @throws PalateError CANCELLED
 */
export async function inTurns<T>(work: Generator<unknown, T>, what: string, signal: AbortSignal | undefined): Promise<T> {
  for (let next = work.next(); ; next = work.next()) {
    if (next.done) return next.value
    await setImmediate()
    if (signal?.aborted) throw new PalateError('CANCELLED', `The ${what} was cancelled.`, { what })
  }
}
