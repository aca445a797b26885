import type { QueueState } from '../../src-main/contract/dto/queue.ts'
import type { RunSummary } from '../../src-main/contract/dto/run.ts'
import { isActive } from './run-state.ts'

/** Runs that have ended leave the list by themselves after this, or at once when somebody clears it. */
const shownForMs = 24 * 3600 * 1000
const mostEnded = 8

export interface QueueList {
  /** What trains, then what is paused: each the oldest first. */
  readonly working: readonly RunSummary[]
  /** In the order in which they will start. */
  readonly waiting: readonly RunSummary[]
  /** The latest first. */
  readonly ended: readonly RunSummary[]
}

/** @param now milliseconds since 1970 */
export function queueList(runs: Iterable<RunSummary>, queue: QueueState, now: number): QueueList {
  const all = [...runs].sort((a, b) => a.id - b.id)
  const place = (run: RunSummary) => {
    const at = queue.waiting.indexOf(run.id)
    // One that was queued a moment ago is told before the order that it is in.
    return at < 0 ? queue.waiting.length : at
  }
  const endedAfter = Math.max(queue.clearedAt, now - shownForMs)
  return {
    working: ['running', 'paused'].flatMap((state) => all.filter((run) => run.state === state)),
    waiting: all.filter((run) => run.state === 'queued').sort((a, b) => place(a) - place(b)),
    ended: all
      .filter((run) => !isActive(run.state) && run.state !== 'paused' && (run.endedAt ?? 0) > endedAfter)
      .sort((a, b) => b.endedAt! - a.endedAt!)
      .slice(0, mostEnded),
  }
}
