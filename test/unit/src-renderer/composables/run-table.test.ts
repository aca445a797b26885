import { expect, test } from 'vitest'
import { runState } from '../../../../src-main/contract/dto/run.ts'
import { actionsFor, barShare, runStates, shareDone } from '../../../../src-renderer/composables/run-state.ts'
import { columnOf, defaultColumns, type RunColumn } from '../../../../src-renderer/composables/run-columns.ts'
import { runDuration } from '../../../../src-renderer/composables/run-duration.ts'
import { runFacts } from '../../../../src-renderer/composables/run-facts.ts'
import {
  groupCell,
  runLabel,
  seedsText,
  sortRuns,
  tableLines,
  type TableLine,
} from '../../../../src-renderer/composables/run-table.ts'
import { seedInterval } from '../../../../src-renderer/composables/seed-interval.ts'
import { visibleRows } from '../../../../src-renderer/composables/visible-rows.ts'
import { fakeDataset, fakeRun, worldStart } from '../../../support/fake-engine/world.ts'

const dataset = fakeDataset(1, 'Sample lab')
const runs = [
  fakeRun(1, dataset, 'finished', { name: 'run 10', ndcg20: 0.9 }).detail,
  fakeRun(2, dataset, 'running', { name: 'run 9' }).detail,
  fakeRun(3, dataset, 'finished', { name: 'Run 2', ndcg20: 0.8 }).detail,
]
const ids = (sorted: { id: number }[]) => sorted.map((run) => run.id)
const titles = { metric: () => undefined, protocolTitle: (id: string) => id }
const column = (id: string): RunColumn => columnOf(id, titles)!
const unknown = runFacts({ figures: new Map(), configurationOf: new Map(), params: new Map(), executors: new Map() })
const sorted = (id: string, direction: 'asc' | 'desc') => ids(sortRuns(runs, column(id), direction, unknown))

test('names are sorted as people count', () => expect(sorted('name', 'asc')).toEqual([3, 2, 1]))
test('runs without a value come last in both directions', () => {
  expect(sorted('ndcg20', 'asc')).toEqual([3, 1, 2])
  expect(sorted('ndcg20', 'desc')).toEqual([1, 3, 2])
  expect(sorted('notes', 'asc')).toEqual([3, 2, 1])
})
test('ties are broken by the newest', () => expect(sorted('model', 'asc')).toEqual([3, 2, 1]))
test('sorting leaves the list as it was', () => expect(ids(runs)).toEqual([1, 2, 3]))

test('any figure and any parameter is a column, and what is none is no column', () => {
  expect(column('figure:rerank-oneshot|all|recall@5').label).toBe('recall@5 · rerank-oneshot · all users')
  expect(column('param:historyLength').label).toBe('History length')
  expect(defaultColumns.map((id) => column(id).id)).toEqual(defaultColumns)
  expect([columnOf('figure:x', titles), columnOf('nothing', titles)]).toEqual([undefined, undefined])
  const facts = runFacts({
    figures: new Map([['rerank-oneshot|all|recall@5', new Map([[2, 0.25]])]]),
    configurationOf: new Map([[1, 4]]),
    params: new Map([[4, { historyLength: 12 }]]),
    executors: new Map([[1, 'native']]),
  })
  expect(column('figure:rerank-oneshot|all|recall@5').text(runs[1]!, facts, 0)).toBe('.2500')
  expect(column('param:historyLength').text(runs[0]!, facts, 0)).toBe('12')
  expect(column('param:historyLength').text(runs[1]!, facts, 0)).toBe('–')
  expect(column('executor').text(runs[0]!, facts, 0)).toBe('native')
})

const seeds = [
  ...[1, 2, 4].map((seed) =>
    fakeRun(10 + seed, dataset, 'finished', { seed, split: `random:0.8@${seed}`, ndcg20: 0.9 + seed / 100 }),
  ),
  ...[1, 2].map((seed) => fakeRun(20 + seed, dataset, 'finished', { seed, split: `random:0.8@${seed}`, ndcg20: 0.95 })),
  fakeRun(30, dataset, 'finished', { seed: 1, modelId: 'svd++', ndcg20: 0.945 }),
].map((run) => run.detail)
const made = runFacts({
  figures: new Map(),
  configurationOf: new Map(seeds.map((run) => [run.id, Math.floor(run.id / 10)])),
  params: new Map(),
  executors: new Map(),
})
const shape = (line: TableLine) =>
  line.kind === 'run' ? `${line.inGroup ? '  ' : ''}#${line.run.id}` : `${line.open ? '-' : '+'} ${line.group.runs.length}`
const lines = (open: string[] = [], grouped = true) =>
  tableLines(seeds, { column: column('ndcg20'), direction: 'desc', facts: made, grouped, open: new Set(open) })

test('runs that differ in their seed only are one line, in the place of their mean', () => {
  expect(lines().map(shape)).toEqual(['+ 2', '#30', '+ 3'])
  expect(lines([], false).map(shape)).toEqual(['#22', '#21', '#30', '#14', '#12', '#11'])
  const [, , three] = lines()
  if (three?.kind !== 'group') throw new Error('The third line is no group.')
  expect(lines([three.group.key]).map(shape)).toEqual(['+ 2', '#30', '- 3', '  #14', '  #12', '  #11'])
  expect(groupCell(three.group, column('seed'), made, 0)).toEqual({ kind: 'text', text: '1, 2, 4' })
  expect(groupCell(three.group, column('state'), made, 0)).toEqual({ kind: 'text', text: 'Finished' })
  expect(groupCell(three.group, column('ndcg20'), made, 0)).toMatchObject({ kind: 'figure', n: 3 })
})

test("a mean over seeds has the interval of Student's t", () => {
  // By hand: mean 0.923333, standard deviation of 0.91, 0.92, 0.94 0.0152753, t(2) = 4.303.
  const { mean, low, high, n } = seedInterval([0.91, 0.92, 0.94])
  expect(n).toBe(3)
  expect(mean).toBeCloseTo(0.923333, 6)
  expect(high! - mean).toBeCloseTo((4.303 * 0.0152753) / Math.sqrt(3), 5)
  expect(mean - low!).toBeCloseTo(high! - mean, 12)
  expect(seedInterval([0.5])).toEqual({ mean: 0.5, low: null, high: null, n: 1 })
  // From R: qt(0.975, 59) = 2.000995.
  const many = seedInterval(Array.from({ length: 60 }, (_, at) => at % 2))
  expect((many.high! - many.mean) / Math.sqrt(15 / 59 / 60)).toBeCloseTo(2.001, 2)
})

test('seeds are told briefly', () => expect(seedsText([3, 1, 2, 9, 7, 8, 5, 5])).toBe('1–3, 5, 7–9'))

test('five thousand runs are sorted by name as people count, whatever their order was', () => {
  const many = Array.from({ length: 5000 }, (_, at) => fakeRunOf(at))
  const seedOf = (name: string) => Number(/\d+(?=\)$)/.exec(name)![0])
  expect(sortRuns(many, column('name'), 'asc', unknown).map((run) => seedOf(run.name))).toEqual(many.map((_, at) => at))
})
const one = fakeRun(1, dataset, 'finished').detail
const fakeRunOf = (at: number) => ({ ...one, id: at + 1, name: `mdrr-att on ml-1m (seed ${(at * 7919) % 5000})` })

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
