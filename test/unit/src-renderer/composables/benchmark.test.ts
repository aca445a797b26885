import { describe, expect, test } from 'vitest'
import { benchmarkState, type BenchmarkCell, type BenchmarkProgress } from '../../../../src-main/contract/dto/benchmark.ts'
import { initialForm, readForm } from '../../../../src-renderer/composables/benchmark-form.ts'
import {
  againstPublished,
  benchmarkStates,
  benchmarkTargets,
  cellsText,
  choosableRows,
  columnGroups,
  figuresMayDiffer,
  papersOf,
  rowTitle,
  shareFilled,
  workDone,
} from '../../../../src-renderer/composables/benchmark-table.ts'
import { fakeBenchmarks } from '../../../support/fake-engine/benchmarks.ts'
import { emptyWorld, fakeDataset } from '../../../support/fake-engine/world.ts'

const cell = (state: BenchmarkCell['state'], part: Partial<BenchmarkCell> = {}): BenchmarkCell => ({
  row: 'a',
  seed: 1,
  state,
  runId: null,
  share: 0,
  stage: '',
  durationMs: null,
  error: null,
  ...part,
})
const world = emptyWorld()
world.datasets.push(fakeDataset(1, 'ml-100k'), fakeDataset(2, 'another'))
const [recipe] = await fakeBenchmarks(world).list(undefined, {})
const figure = { published: 0.65, mean: 0.7, low: 0.69, high: 0.71, users: 9, seeds: 3 }

test('columns of one protocol and the same users stand in sight together', () => {
  const groups = columnGroups(recipe!.columns)
  expect(groups.map(({ protocol, subset, columns }) => [protocol, subset, columns.map(({ at }) => at)])).toEqual([
    ['rerank-sequential', 'full-length', [0, 1]],
    ['rerank-sequential', 'all', [2, 3]],
    ['sampled', 'full-length', [4, 5]],
    ['sampled', 'all', [6, 7]],
  ])
})

test('the seeds of a row are told in words', () => {
  const cells = [cell('done'), cell('done', { seed: 2 }), cell('running', { seed: 3 }), cell('failed', { seed: 4 })]
  expect(cellsText(cells)).toBe('2 of 4 seeds done, 1 runs, 1 failed')
})

test('a cell at work counts by its share, one that failed as a whole, one that cannot be filled not at all', () => {
  const cells = [cell('done'), cell('failed'), cell('running', { share: 0.5 }), cell('waiting'), cell('unavailable')]
  expect(shareFilled({ cells, cellsTotal: 4 } as BenchmarkProgress)).toBe(0.625)
  expect(shareFilled({ cells: [], cellsTotal: 0 } as unknown as BenchmarkProgress)).toBe(0)
  expect(workDone([cell('done', { durationMs: 2000 }), cell('waiting'), cell('failed', { durationMs: 500 })])).toBe(2500)
})

test('figures are asked for when a cell has ended, not whenever one has got on', () => {
  const state = (cells: BenchmarkCell[], of: BenchmarkProgress['state'] = 'running') =>
    ({ cells, state: of }) as BenchmarkProgress
  const before = state([cell('running', { share: 0.2 })])
  expect(figuresMayDiffer(before, state([cell('running', { share: 0.9 })]))).toBe(false)
  expect(figuresMayDiffer(before, state([cell('done')]))).toBe(true)
  expect(figuresMayDiffer(before, state([cell('running')], 'cancelled'))).toBe(true)
})

test('the paper is passed or missed only where its figure lies outside our interval', () => {
  expect(againstPublished(figure)).toBe('above')
  expect(againstPublished({ ...figure, published: 0.72 })).toBe('below')
  expect(againstPublished({ ...figure, published: 0.695 })).toBeUndefined()
  expect(againstPublished({ ...figure, published: null })).toBeUndefined()
  expect(againstPublished({ ...figure, low: null, high: null })).toBeUndefined()
})

test('every state of a benchmark has a name and an explanation', () => {
  for (const state of benchmarkState.options) expect(benchmarkStates[state].doc).toMatch(/\.$/)
})

test('each paper is cited once, with the places of its tables', () => {
  const citation = { paper: 'P.', table: 'Table 2', page: '7', caution: 'Its split is not told.' }
  const other = { ...citation, table: 'Table 3', page: null }
  expect(papersOf([citation, other, { ...other, paper: 'Q.', caution: null }])).toEqual([
    { paper: 'P.', places: 'Table 2, page 7; Table 3', cautions: ['Its split is not told.'] },
    { paper: 'Q.', places: 'Table 3', cautions: [] },
  ])
})

test('rows of one model are told apart by their preset', () => {
  expect(rowTitle({ title: 'PMF', preset: 'palate' })).toBe('PMF, palate')
  expect(rowTitle({ title: 'Popularity', preset: 'default' })).toBe('Popularity')
  expect(rowTitle({ title: 'WMF', preset: null })).toBe('WMF')
})

describe('what is run', () => {
  const rows = choosableRows(recipe!).map((row) => row.id)
  const form = initialForm(1, recipe!, undefined)

  test('is all that can be filled, with the seeds of the recipe, unless told otherwise', () => {
    expect(rows).toEqual(['biased-mf/palate', 'ddpg/paper', 'mdrr-att/paper', 'mdrr-att/palate'])
    expect(readForm('r', form, rows)).toEqual({ ok: true, input: { recipe: 'r', dataset: 1, seeds: [1, 2, 3] } })
  })

  test('is less by the rows that are left out, and ends in time', () => {
    const less = { ...form, seeds: '4', budget: '2.5', without: new Set(['ddpg/paper', 'mdrr-att/paper']) }
    expect(readForm('r', less, rows)).toEqual({
      ok: true,
      input: { recipe: 'r', dataset: 1, seeds: [4], rows: ['biased-mf/palate', 'mdrr-att/palate'], budgetMinutes: 2.5 },
    })
  })

  test('is refused field by field', () => {
    const broken = { datasetId: undefined, seeds: 'x', budget: '0', without: new Set(rows) }
    expect(readForm('r', broken, rows)).toEqual({
      ok: false,
      problems: {
        dataset: 'Choose a data set.',
        seeds: '"x" is no seed: whole numbers from 0 to 2147483647 are, and ranges such as 1-5.',
        budget: 'Minutes, more than 0 and up to 100,000.',
        rows: 'Choose at least one row.',
      },
    })
  })

  test('begins with the seeds of what was started before', async () => {
    const own = fakeBenchmarks(world)
    await own.start({ recipe: 'mdrr-table2', dataset: 2, seeds: [5, 7] }, {})
    const [again] = await own.list(undefined, {})
    const targets = benchmarkTargets(again!)
    expect(targets.map(({ name, started }) => [name, started?.seeds])).toEqual([
      ['ml-100k', undefined],
      ['another', [5, 7]],
    ])
    expect(initialForm(2, again!, targets[1]!.started).seeds).toBe('5, 7')
    await own.cancel({ benchmarkId: 1 }, {})
  })
})
