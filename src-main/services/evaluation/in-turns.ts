import { setImmediate } from 'node:timers/promises'
import { PalateError } from '../../contract/errors.ts'

/** Turns a generator without holding up whatever else waits. @throws PalateError CANCELLED */
export async function inTurns<T>(work: Generator<void, T>, signal: AbortSignal | undefined): Promise<T> {
  for (let next = work.next(); ; next = work.next()) {
    if (next.done) return next.value
    await setImmediate()
    if (!signal?.aborted) continue
    throw new PalateError('CANCELLED', 'The comparison was cancelled.', { what: 'comparison' })
  }
}
