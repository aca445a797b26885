import { expect, test } from 'vitest'
import { runState } from '../../../../src-main/contract/dto/run.ts'
import { actionsFor, barShare, runStates, shareDone } from '../../../../src-renderer/composables/run-state.ts'
import { filterRuns, runDuration, runLabel, sortRuns } from '../../../../src-renderer/composables/run-table.ts'
import { visibleRows } from '../../../../src-renderer/composables/visible-rows.ts'
import { fakeDataset, fakeRun, worldStart } from '../../../support/fake-engine/world.ts'

const dataset = fakeDataset(1, 'Sample lab')
const runs = [
  fakeRun(1, dataset, 'finished', { name: 'run 10', ndcg20: 0.9 }).detail,
  fakeRun(2, dataset, 'running', { name: 'run 9' }).detail,
  fakeRun(3, dataset, 'finished', { name: 'Run 2', ndcg20: 0.8 }).detail,
]
const ids = (sorted: { id: number }[]) => sorted.map((run) => run.id)

test('names are sorted as people count', () => expect(ids(sortRuns(runs, 'name', 'asc'))).toEqual([3, 2, 1]))
test('runs without a value come last in both directions', () => {
  expect(ids(sortRuns(runs, 'ndcg20', 'asc'))).toEqual([3, 1, 2])
  expect(ids(sortRuns(runs, 'ndcg20', 'desc'))).toEqual([1, 3, 2])
})
test('ties are broken by the newest', () => expect(ids(sortRuns(runs, 'model', 'asc'))).toEqual([3, 2, 1]))
test('sorting leaves the list as it was', () => expect(ids(runs)).toEqual([1, 2, 3]))

test('a filter wants every word, wherever it stands', () => {
  expect(ids(filterRuns(runs, 'RUNNING sample'))).toEqual([2])
  expect(ids(filterRuns(runs, 'seed 3'))).toEqual([3])
  expect(ids(filterRuns(runs, 'nothing'))).toEqual([])
  expect(ids(filterRuns(runs, '  '))).toEqual([1, 2, 3])
})

test('a duration runs with the clock until the run has ended', () => {
  expect(runDuration(runs[0]!, 0)).toBe(92_500)
  expect(runDuration(runs[1]!, worldStart + 2 * 3_600_000 + 4_500)).toBe(4_000)
  expect(runDuration(fakeRun(4, dataset, 'queued').detail, 0)).toBeNull()
})

test('a run among others tells its seed once', () => {
  expect(runLabel({ name: 'mine', seed: 1 })).toBe('mine · seed 1')
  expect(runLabel({ name: 'mine (seed 1)', seed: 1 })).toBe('mine (seed 1)')
  expect(runLabel({ name: 'mine (seed 12)', seed: 1 })).toBe('mine (seed 12) · seed 1')
})

test('every state has a name, a picture and an explanation', () => {
  for (const state of runState.options) {
    expect(runStates[state].label).not.toBe('')
    expect(runStates[state].icon).toMatch(/^i-lucide-/)
    expect(runStates[state].doc).toMatch(/\.$/)
  }
})

test('a run can be deleted only when nothing trains', () => {
  expect(runState.options.filter((state) => !actionsFor(state).remove)).toEqual(['queued', 'running'])
})

test('a run that prepares shows that it works, not nought per cent', () => {
  expect(barShare({ state: 'running', updatesDone: 0, updatesTotal: 100 })).toBeNull()
  expect(barShare({ state: 'running', updatesDone: 25, updatesTotal: 100 })).toBe(0.25)
  expect(shareDone({ state: 'finished', updatesDone: 0, updatesTotal: 0 })).toBe(1)
})

test('only the rows in sight exist, and some beyond the edges', () => {
  expect(visibleRows({ scrollTop: 0, boxHeight: 340, rowHeight: 34, count: 10_000 })).toEqual({ first: 0, end: 18 })
  expect(visibleRows({ scrollTop: 34_000, boxHeight: 340, rowHeight: 34, count: 10_000 })).toEqual({ first: 992, end: 1018 })
  expect(visibleRows({ scrollTop: 34_000, boxHeight: 340, rowHeight: 34, count: 3 })).toEqual({ first: 3, end: 3 })
})
