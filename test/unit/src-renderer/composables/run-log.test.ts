import { describe, expect, it } from 'vitest'
import type { RunState } from '../../../../src-main/contract/dto/run.ts'
import { filterLog, logText, processText, whyEnded, type LogRow } from '../../../../src-renderer/composables/run-log.ts'
import { fakeDataset, fakeRun } from '../../../support/fake-engine/world.ts'

const at = Date.UTC(2026, 2, 1)
const rows: LogRow[] = [
  { at, update: 400, kind: 'best', text: 'Best validation NDCG@20 so far: 0.8901.', runId: 1, runName: 'one' },
  { at, update: 1000, kind: 'checkpoint', text: 'Checkpoint at update 1000, 3.4 MB.', runId: 2, runName: 'two' },
]

describe('the log of runs', () => {
  it('is filtered by kind and by words, which may stand in the name of the run', () => {
    expect(filterLog(rows, new Set(['best']), '')).toEqual([rows[0]])
    expect(filterLog(rows, new Set(), 'TWO 1000')).toEqual([rows[1]])
    expect(filterLog(rows, new Set(['best']), 'two')).toEqual([])
  })

  it('is copied as lines that a spreadsheet takes', () => {
    expect(logText(rows.slice(0, 1))).toBe('2026-03-01T00:00:00.000Z\tone\tbest\t400\tBest validation NDCG@20 so far: 0.8901.')
  })

  it('tells what a process takes', () => {
    expect(processText({ memoryBytes: 212_000_000, cpuPercent: 98.7 })).toBe('212 MB, 99 % CPU')
  })
})

describe('why a run ended', () => {
  const why = (state: RunState, part = {}) =>
    whyEnded(fakeRun(1, fakeDataset(1, 'Lab'), state, { endedAt: null, ...part }).detail)

  it('is told in words, with how far it came', () => {
    expect(why('finished')).toBe('Finished: it made all of its 3,000 updates and was evaluated.')
    expect(why('finished', { updatesTotal: 0, updatesDone: 0 })).toBe('Finished: it was fitted and evaluated.')
    expect(why('stopped')).toBe('Stopped early by you, after 1,400 of 3,000 updates; evaluated as it stood.')
    expect(why('stopped', { updatesDone: 0 })).toBe('Taken off the queue by you, before it began.')
    expect(why('interrupted')).toContain('Interrupted after 1,400 of 3,000 updates, because Palate closed.')
    expect(why('diverged', { error: { code: 'RUN_DIVERGED', message: 'Critic loss is NaN.', details: {} } })).toBe(
      'Critic loss is NaN.',
    )
    expect(why('running')).toBe('')
  })
})
