import type { RunSummary } from '../../src-main/contract/dto/run.ts'

/** Milliseconds from start to end, or to `now` while it runs; null before it starts. */
export function runDuration(run: RunSummary, now: number): number | null {
  return run.startedAt === null ? null : Math.max(0, (run.endedAt ?? now) - run.startedAt)
}
