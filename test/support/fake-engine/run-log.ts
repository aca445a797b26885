import type { RunLog, RunLogEntry } from '../../../src-main/contract/dto/run-log.ts'
import type { FakeRun } from './world.ts'

/** What happened to a run, as its state lets expect. */
export function fakeLog({ detail }: FakeRun): RunLog {
  const startedAt = detail.startedAt ?? detail.createdAt
  const entries: RunLogEntry[] = detail.notes.map((note) => ({ ...note, update: null, kind: 'note' as const }))
  const add = (kind: RunLogEntry['kind'], afterMs: number, update: number, text: string) =>
    entries.push({ at: startedAt + afterMs, kind, update, text })
  if (detail.startedAt === null) return { entries, total: null }
  add('started', 0, 0, 'Started.')
  add('best', 9000, 400, 'Best validation NDCG@20 so far: 0.8901.')
  add('checkpoint', 30_000, 1000, 'Checkpoint at update 1000, 3.4 MB.')
  add('best', 41_000, 1400, 'Best validation NDCG@20 so far: 0.9020.')
  if (detail.state !== 'running' && detail.state !== 'queued')
    add(detail.state, 93_000, detail.updatesDone, detail.error?.message ?? 'So it ended.')
  return { entries, total: { peakMemoryBytes: 231_000_000, cpuMs: 148_000 } }
}
