import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Begins one of `perSecond` answers a second. @param perSecond 0: as fast as it goes
 * @returns waits for what the answer left of its time, or until it is stopped
 */
export function pacing(perSecond: number, signal: AbortSignal | undefined): () => Promise<void> {
  const due = Date.now() + (perSecond > 0 ? 1000 / perSecond : 0)
  return async () => {
    const left = due - Date.now()
    if (left > 0) await sleep(left, undefined, { signal }).catch(() => undefined)
  }
}
