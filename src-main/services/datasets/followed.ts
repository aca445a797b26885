import { setTimeout as sleep } from 'node:timers/promises'

const PROGRESS_INTERVAL_MS = 100

/**
 * Runs long work and tells how far it is, ten times a second at most. Ending the generator, or aborting the caller's signal,
 * cancels the work.
 *
 * @returns what the work comes to
 */
export async function* followed<P, T extends object>(
  start: (signal: AbortSignal) => Promise<T>,
  progress: () => P,
  callerSignal: AbortSignal | undefined,
): AsyncGenerator<P, T, void> {
  const own = new AbortController()
  const work = start(callerSignal ? AbortSignal.any([callerSignal, own.signal]) : own.signal)
  // Whoever asks for the next event gets the error; it must not count as unhandled meanwhile.
  work.catch(() => undefined)
  try {
    for (;;) {
      const outcome = await Promise.race([work, sleep(PROGRESS_INTERVAL_MS, null, { ref: false })])
      if (outcome) return outcome
      yield progress()
    }
  } finally {
    own.abort()
    await work.catch(() => undefined)
  }
}
