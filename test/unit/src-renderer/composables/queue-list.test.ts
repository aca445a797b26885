import { describe, expect, it } from 'vitest'
import type { RunState, RunSummary } from '../../../../src-main/contract/dto/run.ts'
import { queueList } from '../../../../src-renderer/composables/queue-list.ts'
import { fakeDataset, fakeRun } from '../../../support/fake-engine/world.ts'

const now = Date.UTC(2026, 2, 2, 12)
const run = (id: number, state: RunState, endedAt: number | null = null): RunSummary =>
  fakeRun(id, fakeDataset(1, 'Lab'), state, { endedAt }).detail
const ids = (runs: readonly RunSummary[]) => runs.map((one) => one.id)
const queue = { waiting: [] as number[], held: false, clearedAt: 0 }

describe('the list of the queue', () => {
  it('shows what trains before what is paused, and what waits in the order of the queue', () => {
    const list = queueList(
      [run(1, 'paused'), run(2, 'running'), run(3, 'queued'), run(4, 'queued'), run(5, 'queued')],
      { ...queue, waiting: [5, 3] },
      now,
    )
    expect(ids(list.working)).toEqual([2, 1])
    expect(ids(list.waiting), 'the order does not know run 4 yet').toEqual([5, 3, 4])
  })

  it('shows what ended in the last day and since it was cleared, the latest first', () => {
    const hour = 3_600_000
    const runs = [
      run(1, 'finished', now - 25 * hour),
      run(2, 'diverged', now - 3 * hour),
      run(3, 'failed', now - hour),
      run(4, 'finished', now - 2 * hour),
    ]
    expect(ids(queueList(runs, queue, now).ended)).toEqual([3, 4, 2])
    expect(ids(queueList(runs, { ...queue, clearedAt: now - 2 * hour }, now).ended)).toEqual([3])
  })
})
