import { describe, expect, test } from 'vitest'
import type { Comparison } from '../../../../src-main/contract/dto/evaluation.ts'
import type { ResultRowWithInterval } from '../../../../src-main/contract/dto/run.ts'
import { compareCsv, compareLatex, compareMarkdown } from '../../../../src-renderer/composables/compare-exports.ts'
import { commonChoices, compareTable, pairedMetrics, runIdsOf } from '../../../../src-renderer/composables/compare-table.ts'
import { fakeMetrics, fakeModels } from '../../../support/fake-engine/models.ts'

const figure = { protocol: 'rerank-sequential', subset: 'all', k: 20 } as const
const row = (model: string, metric: string, value: number, part: Partial<ResultRowWithInterval> = {}): ResultRowWithInterval => ({
  model,
  metric,
  value,
  seed: 1,
  split: 'random:0.8@1',
  users: 10,
  low: value - 0.01,
  high: value + 0.01,
  ...figure,
  ...part,
})
const results = new Map([
  [1, [row('mdrr-att', 'ndcg', 0.9), row('popularity', 'ndcg', 0.7), row('oracle', 'ndcg', 1), row('mdrr-att', 'f1', 0.4)]],
  [2, [row('svd++', 'ndcg', 0.8), row('svd++', 'rmse', 0.95), row('popularity', 'ndcg', 0.7), row('random', 'ndcg', 0.5)]],
])
const comparison: Comparison = {
  datasetName: 'lab',
  metric: 'ndcg',
  ...figure,
  trials: [{ split: 'random:0.8@1', seed: 1 }],
  contenders: [
    {
      label: 'mdrr-att (palate)',
      model: 'mdrr-att',
      preset: 'palate',
      runIds: [1],
      mean: 0.9,
      interquartileMean: null,
      users: 10,
      low: 0.88,
      high: 0.92,
    },
    {
      label: 'svd++ (palate)',
      model: 'svd++',
      preset: 'palate',
      runIds: [2],
      mean: 0.8,
      interquartileMean: null,
      users: 10,
      low: 0.78,
      high: 0.82,
    },
  ],
  pairs: [{ a: 0, b: 1, difference: 0.1, low: 0.04, high: 0.16, users: 10, p: 0.002, correctedP: 0.002, verdict: 'higher' }],
  remarks: [],
}
const table = (baseline: string) => compareTable(new Map([['ndcg', comparison]]), results, figure, baseline, fakeModels)

describe('the table of compared runs', () => {
  test('has the contenders as they were chosen, then the floors from the weakest on, then the ceiling', () => {
    expect(table('svd++ (palate)').map((line) => [line.label, line.role, line.isBaseline])).toEqual([
      ['mdrr-att (palate)', 'contender', false],
      ['svd++ (palate)', 'contender', true],
      ['Popularity', 'floor', false],
      ['Oracle', 'ceiling', false],
    ])
  })

  test('turns a pair round when the baseline is its first', () => {
    const [first, second] = table('svd++ (palate)')
    expect(first!.cells.get('ndcg')!.against).toMatchObject({ difference: 0.1, low: 0.04, high: 0.16, verdict: 'higher' })
    expect(second!.cells.get('ndcg')!.against).toBeUndefined()
    const turned = table('mdrr-att (palate)')[1]!.cells.get('ndcg')!.against
    expect(turned).toMatchObject({ difference: -0.1, low: -0.16, high: -0.04, correctedP: 0.002, verdict: 'lower' })
  })

  test('shows figures that no user has of its own without a test', () => {
    const [first, second] = table('svd++ (palate)')
    expect(first!.cells.get('f1')).toMatchObject({ mean: 0.4, low: 0.39, interquartileMean: null, against: undefined })
    expect(second!.cells.get('rmse')).toMatchObject({ mean: 0.95 })
    expect(first!.cells.has('rmse')).toBe(false)
  })

  test('averages a floor over the runs of a contender, and claims no interval then', () => {
    const both = { ...comparison, contenders: [{ ...comparison.contenders[0]!, runIds: [1, 3] }, comparison.contenders[1]!] }
    const more = new Map([...results, [3, [row('popularity', 'ndcg', 0.9)]]])
    const lines = compareTable(new Map([['ndcg', both]]), more, figure, '', fakeModels)
    expect(lines.find((line) => line.model === 'popularity')!.cells.get('ndcg')).toEqual({
      mean: 0.8,
      low: null,
      high: null,
      interquartileMean: null,
      against: undefined,
    })
  })

  test('is empty until the first metric is compared', () => {
    expect(compareTable(new Map(), results, figure, '', fakeModels)).toEqual([])
  })
})

test('runs are compared in what all of them have been scored by', () => {
  const more = new Map([...results, [3, [row('pmf', 'ndcg', 0.8), row('pmf', 'ndcg', 0.8, { protocol: 'sampled', k: 5 })]]])
  expect(commonChoices(more)).toEqual({ protocols: ['rerank-sequential'], subsets: ['all'], ks: [20] })
  const other = new Map([...results, [3, [row('pmf', 'ndcg', 0.8, { protocol: 'sampled' })]]])
  expect(commonChoices(other).protocols).toEqual([])
  expect(commonChoices(new Map())).toEqual({ protocols: [], subsets: [], ks: [] })
})

test('only metrics with a value for each user are tested, and only those that all runs have', () => {
  const some = new Map([...results, [3, [row('pmf', 'ndcg', 0.8), row('pmf', 'map', 0.8)]]])
  expect(pairedMetrics(some, figure, fakeMetrics)).toEqual(['ndcg'])
  expect(pairedMetrics(new Map(), figure, fakeMetrics)).toEqual([])
  expect(pairedMetrics(results, figure, fakeMetrics)).toEqual(['ndcg'])
  expect(pairedMetrics(results, { ...figure, k: 5 }, fakeMetrics)).toEqual([])
})

test('the runs of an address are whole numbers, each once', () => {
  expect(runIdsOf('3,1,3,x,-2,1.5,')).toEqual([3, 1])
})

describe('a comparison as a file', () => {
  const exported = {
    datasetName: 'lab',
    baseline: 'svd++ (palate)',
    figure,
    metrics: [
      { id: 'ndcg', title: 'NDCG@20' },
      { id: 'rmse', title: 'RMSE' },
    ],
    lines: table('svd++ (palate)').slice(0, 2),
    notes: ['100 % of 10 users.'],
  }

  test('is tidy as CSV: a row for each figure, with its test', () => {
    expect(compareCsv(exported, true).split('\r\n')).toEqual([
      'model,role,runs,dataset,protocol,users,k,metric,mean,low,high,interquartileMean,baseline,difference,differenceLow,differenceHigh,pairedUsers,p,pHolm,verdict',
      'mdrr-att (palate),contender,1,lab,rerank-sequential,all,20,ndcg,0.9,0.88,0.92,,svd++ (palate),0.1,0.04,0.16,10,0.002,0.002,higher',
      'svd++ (palate),contender,2,lab,rerank-sequential,all,20,ndcg,0.8,0.78,0.82,,,,,,,,,',
      'svd++ (palate),contender,2,lab,rerank-sequential,all,20,rmse,0.95,0.94,0.96,,,,,,,,,',
      '',
    ])
  })

  test('stars what is told apart from the baseline, in Markdown and LaTeX', () => {
    expect(compareMarkdown(exported)).toBe(
      [
        '| Model | NDCG@20 | RMSE |',
        '| --- | ---: | ---: |',
        '| mdrr-att (palate) | .9000* (.8800–.9200) | – |',
        '| svd++ (palate) | .8000 (.7800–.8200) | .9500 (.9400–.9600) |',
        '',
        '100 % of 10 users.',
        '',
      ].join('\n'),
    )
    const latex = compareLatex(exported)
    expect(latex).toContain('\\caption{100 \\% of 10 users.}')
    expect(latex).toContain('  mdrr-att (palate) & .9000* (.8800--.9200) & -- \\\\')
  })
})
