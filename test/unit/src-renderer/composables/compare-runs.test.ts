import { describe, expect, test } from 'vitest'
import type { RecommendedItem } from '../../../../src-main/contract/dto/evaluation.ts'
import type { RunDetail } from '../../../../src-main/contract/dto/run.ts'
import { chosenRuns, pairOf } from '../../../../src-renderer/composables/compared-runs.ts'
import { paramLines } from '../../../../src-renderer/composables/compare-params.ts'
import { figureColumn, metricChoices } from '../../../../src-renderer/composables/figure-column.ts'
import { markedRuns, paramColumn, plottable, plotLines } from '../../../../src-renderer/composables/run-plot.ts'
import { seedGroups } from '../../../../src-renderer/composables/seed-groups.ts'
import { gainText, listsCsv, sideBySide } from '../../../../src-renderer/composables/side-by-side.ts'
import { fakeMetrics, fakeModels } from '../../../support/fake-engine/models.ts'
import { fakeDataset, fakeRun } from '../../../support/fake-engine/world.ts'

const dataset = fakeDataset(1, 'Sample lab')
const run = (id: number, part: Partial<RunDetail> = {}, params: RunDetail['params'] = {}) => {
  const { detail } = fakeRun(id, dataset, 'finished', { seed: 1, split: 'random:0.8@1', ...part })
  return { ...detail, params: { ...detail.params, ...params } }
}

describe('the runs that are compared', () => {
  test('are the first twenty that are there', () => {
    const named = Array.from({ length: 25 }, (_, at) => at + 1)
    expect(chosenRuns(named, (id) => id !== 3)).toEqual({
      ids: named.filter((id) => id !== 3).slice(0, 20),
      missing: [3],
      left: 4,
    })
    expect(chosenRuns([1, 2], () => true)).toEqual({ ids: [1, 2], missing: [], left: 0 })
  })
  test('of one model, preset and parameters are one group; groups of one name bear numbers', () => {
    const groups = seedGroups([run(1), run(2, { seed: 2 }), run(3, {}, { gamma: 0.5 }), run(4, { preset: 'paper' })])
    expect([...groups].map(([id, { label }]) => [id, label])).toEqual([
      [1, 'mdrr-att (palate) #1, #2'],
      [2, 'mdrr-att (palate) #1, #2'],
      [3, 'mdrr-att (palate) #3'],
      [4, 'mdrr-att (paper)'],
    ])
    expect(groups.get(1)!.key).toBe(groups.get(2)!.key)
    expect(groups.get(1)!.key).not.toBe(groups.get(3)!.key)
  })
  test('are set against each other in pairs of one split, unless others are named', () => {
    const runs = [run(1), run(2, { split: 'random:0.8@2' }), run(3)]
    const ids = (first: number, second: number) => pairOf(runs, { first, second })?.map((one) => one.id)
    expect(ids(NaN, NaN)).toEqual([1, 3])
    expect(ids(3, NaN)).toEqual([3, 1])
    expect(ids(2, NaN)).toEqual([2, 1])
    expect(ids(1, 2)).toEqual([1, 2])
    expect(pairOf([], { first: 1, second: 2 })).toBeUndefined()
  })
})

describe('parameters side by side', () => {
  const lines = paramLines([run(1), run(2, { seed: 2 }, { gamma: 0.5, gone: 'x' })], fakeModels)
  test('tell which of them differ, first of what the runs are', () => {
    const differing = lines.filter((line) => line.differs)
    expect(differing.map((line) => [line.label, line.group, line.values])).toEqual([
      ['Seed', 'Run', [1, 2]],
      ['Gamma', 'Agent', [0.9, 0.5]],
      ['Gone', 'Not known to this version', [undefined, 'x']],
    ])
    expect(lines.find((line) => line.name === 'gamma')?.spec?.symbol).toBe('γ')
  })
  test('of a run that does not tell them are the defaults of its model', () => {
    const { residual: _, ...params } = run(1).params
    const found = paramLines([{ ...run(1), params }, run(2)], fakeModels).find((line) => line.name === 'residual')!
    expect(found.values).toEqual([false, true])
  })
})

describe('axes of a plot', () => {
  const runs = [run(1), run(2, { seed: 2 }, { gamma: 0.5, feedback: 'positive', residual: false })]
  const columns = plottable(paramLines(runs, fakeModels))
  test('are what differs: numbers as such, the rest as choices in the order in which they come', () =>
    expect(columns.map(({ axis, values }) => [axis.name, axis.kind, values])).toEqual([
      ['Seed', 'number', [1, 2]],
      ['Gamma', 'number', [0.9, 0.5]],
      ['Feedback', 'choice', [0, 1]],
      ['Residual', 'choice', [0, 1]],
    ]))
  test('are logarithmic where the parameter is', () => {
    const rate = paramLines([run(1), run(2, {}, { actorLearningRate: 1e-2 })], fakeModels).find(
      (line) => line.name === 'actorLearningRate',
    )!
    expect(paramColumn(rate).axis).toEqual({ name: 'Actor learning rate', kind: 'number', log: true })
  })
  test('have a gap where a model knows no such parameter', () => {
    const [column] = plottable(paramLines([run(1, {}, { extra: 1 }), run(2)], fakeModels))
    expect(column!.values).toEqual([1, null])
    expect(plotLines(runs, [column!], false)[1]!.values).toEqual([null])
  })
  test('mark the runs that lie within the stretches of all of them', () => {
    const marked = (stretches: Record<string, [number, number][]>) => markedRuns(columns, new Map(Object.entries(stretches)))
    expect(marked({})).toBeUndefined()
    expect(marked({ gamma: [] })).toBeUndefined()
    expect(marked({ gamma: [[0.4, 0.6]] })).toEqual(new Set([1]))
    expect(
      marked({
        gamma: [
          [0.4, 0.6],
          [0.9, 1],
        ],
      }),
    ).toEqual(new Set([0, 1]))
    expect(marked({ gamma: [[0.4, 0.6]], Seed: [[1, 1]] })).toEqual(new Set())
  })
})

test('a figure is an axis of the runs’ own values, floors left out, with the interval of each', () => {
  const fakes = [fakeRun(1, dataset, 'finished'), fakeRun(2, dataset, 'queued')]
  const details = fakes.map((one) => one.detail)
  const results = new Map(fakes.map((one) => [one.detail.id, one.rows]))
  const figure = { protocol: 'rerank-sequential', subset: 'all', k: 20 } as const
  const choices = metricChoices(details, results, figure, fakeMetrics)
  expect(choices.map((one) => one.label)).toContain('NDCG@20')
  const column = figureColumn(
    details,
    results,
    figure,
    choices.find((one) => one.value === 'ndcg')!,
  )
  expect(column.values).toEqual([expect.closeTo(0.9083), null])
  expect(column.intervals).toEqual([[expect.closeTo(0.9023), expect.closeTo(0.9143)], null])
})

describe('two lists side by side', () => {
  const place = (rank: number, itemIndex: number, rating: number | null = null): RecommendedItem => ({
    rank,
    itemIndex,
    itemId: `i${itemIndex}`,
    title: itemIndex === 9 ? '=cmd' : `Title ${itemIndex}`,
    year: null,
    score: 1 / rank,
    rating,
  })
  const found = sideBySide([place(1, 5, 4), place(2, 6, 2), place(3, 7)], [place(1, 6, 2), place(2, 9), place(3, 7)])
  test('tell where each item stands in the other', () => {
    expect(found.first.map((one) => [one.itemIndex, one.otherRank, gainText(one.gain)])).toEqual([
      [5, null, 'only here'],
      [6, 1, 'down 1'],
      [7, 3, 'same place'],
    ])
    expect(found.second.map((one) => gainText(one.gain))).toEqual(['up 1', 'only here', 'same place'])
    expect(found.common).toBe(2)
  })
  test('have means of what the user rated of them', () => {
    expect(found.meanRatings).toEqual([3, 2])
    expect(sideBySide([place(1, 5)], []).meanRatings).toEqual([null, null])
  })
  test('come out as CSV', () => {
    const [head, first, , , fourth, fifth] = listsCsv(['run a', 'run b'], 'u1', found, true).split('\r\n')
    expect(head).toBe('user,run,rank,item,title,score,rating,rankInTheOther')
    expect(first).toBe('u1,run a,1,i5,Title 5,1,4,')
    expect(fourth).toBe('u1,run b,1,i6,Title 6,1,2,2')
    expect(fifth).toContain("'=cmd")
  })
})
