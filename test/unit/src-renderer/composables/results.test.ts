import { describe, expect, test } from 'vitest'
import {
  metricHead,
  ownFigures,
  resultChoices,
  resultTable,
  verdict,
  type OrderBy,
  type ResultLine,
  type Role,
} from '../../../../src-renderer/composables/results.ts'
import { fakeMetrics, fakeModels } from '../../../support/fake-engine/models.ts'
import { fakeRows } from '../../../support/fake-engine/world.ts'

const rows = fakeRows({
  modelId: 'mdrr-att',
  seed: 1,
  split: 'random:0.8@1',
  protocols: ['rerank-sequential', 'rerank-oneshot'],
  ks: [20, 5],
})
const choice = { protocol: 'rerank-sequential', subset: 'full-length', k: 20 } as const

test('a table can be switched between what the rows hold', () => {
  expect(resultChoices(rows)).toEqual({
    protocols: ['rerank-sequential', 'rerank-oneshot'],
    subsets: ['all', 'full-length'],
    ks: [5, 20],
  })
})

test('floors stand first, the weakest on top, then the run, then the ceiling', () => {
  const { metrics, lines } = resultTable(rows, choice, 'mdrr-att', fakeModels)
  expect(lines.map((line) => [line.model, line.role])).toEqual([
    ['random', 'floor'],
    ['popularity', 'floor'],
    ['item-mean', 'floor'],
    ['biased-mf', 'floor'],
    ['mdrr-att', 'run'],
    ['oracle', 'ceiling'],
  ])
  expect(metrics).toEqual(['precision', 'recall', 'f1', 'ndcg', 'map', 'rmse'])
  expect(lines[4]?.cells.get('ndcg')).toMatchObject({ value: 0.9083 })
})

test('a run of a floor is the run, not a floor', () => {
  expect(resultTable(rows, choice, 'popularity', fakeModels).lines.find((line) => line.model === 'popularity')?.role).toBe('run')
})

test('floors are ordered by the metric that is drawn, the lowest last where lower is better', () => {
  const cell = (model: string, value: number) => ({ ...rows[0]!, ...choice, metric: 'rmse', model, value })
  const some = [cell('random', 1.2), cell('popularity', 0.9), cell('item-mean', 1), cell('mdrr-att', 0.95)]
  const { lines } = resultTable(some, choice, 'mdrr-att', fakeModels, { id: 'rmse', better: 'lower' })
  expect(lines.map((line) => line.model)).toEqual(['random', 'item-mean', 'popularity', 'mdrr-att'])
})

test('a run that was not re-ranked is known by the first two figures that judge, of its longest list', () => {
  const row = (metric: string, value: number, k = 20, model = 'mdrr-att', subset: 'all' | 'full-length' = 'full-length') => ({
    ...rows[0]!,
    protocol: 'online-simulated',
    ...{ model, metric, k, value, subset },
  })
  const online = [
    row('novelty', 3),
    row('reward', 0.7),
    row('reward', 0.5, 5),
    row('precision', 0.8),
    row('precision', 0.9, 20, 'popularity'),
    row('precision', 0.75, 20, 'mdrr-att', 'all'),
  ]
  const metrics = [
    { ...fakeMetrics[0]!, id: 'novelty', better: 'neither' as const },
    { ...fakeMetrics[0]!, id: 'reward', better: 'higher' as const },
    { ...fakeMetrics[0]!, id: 'precision', better: 'higher' as const },
  ]
  expect(ownFigures(online, 'mdrr-att', metrics).map(({ metric, value, k }) => [metric, value, k])).toEqual([
    ['precision', 0.8, 20],
    ['reward', 0.7, 20],
  ])
  // A data set on which nobody has so many candidates, and a run without a figure.
  expect(ownFigures(online.slice(-1), 'mdrr-att', metrics).map(({ value }) => value)).toEqual([0.75])
  expect(ownFigures(online, 'dqn', metrics)).toEqual([])
})

test('a head says k only where k matters', () => {
  const head = (id: string) =>
    metricHead(
      fakeMetrics.find((metric) => metric.id === id),
      id,
      20,
    )
  expect([head('ndcg'), head('rmse'), head('unheard-of')]).toEqual(['NDCG@20', 'RMSE', 'unheard-of@20'])
})

describe('what is said about a result', () => {
  const line = (model: string, role: Role, value: number, half: number): ResultLine => ({
    model,
    role,
    users: 10,
    cells: new Map([['ndcg', { value, low: value - half, high: value + half }]]),
  })
  const said = (run: number, half: number, better: OrderBy['better'] = 'higher') =>
    verdict(
      [line('random', 'floor', 0.5, half), line('mf', 'floor', 0.8, half), line('x', 'run', run, half)],
      { id: 'ndcg', better },
      (id) => id,
    )

  test('claims no more than the intervals allow', () => {
    expect(said(0.81, 0.02)).toEqual({
      text: '+.0100 against the strongest floor, mf: the intervals overlap, so not told apart by this run alone.',
      tone: 'neutral',
    })
  })
  test('names a clear gain', () =>
    expect(said(0.9, 0.01)).toEqual({
      text: '+.1000 above the strongest floor, mf; the intervals do not overlap.',
      tone: 'success',
    }))
  test('names a clear loss', () =>
    expect(said(0.7, 0.01)?.text).toBe('−.1000 below the strongest floor, mf; the intervals do not overlap.'))
  test('is nothing without a floor', () =>
    expect(verdict([line('x', 'run', 0.9, 0.01)], { id: 'ndcg', better: 'higher' }, (id) => id)).toBeUndefined())
  test('is turned round where lower is better', () => {
    expect(said(0.4, 0.01, 'lower')).toEqual({
      text: '−.1000 below the strongest floor, random (lower is better); the intervals do not overlap.',
      tone: 'success',
    })
    expect(said(0.9, 0.01, 'lower')?.tone).toBe('warning')
  })
  test('is nothing where a metric judges nothing', () => expect(said(0.9, 0.01, 'neither')).toBeUndefined())
  test('tells nothing apart without intervals', () => {
    const bare = (model: string, role: Role, value: number): ResultLine => ({
      ...line(model, role, value, 0),
      cells: new Map([['ndcg', { value, low: null, high: null }]]),
    })
    const lines = [bare('mf', 'floor', 0.8), bare('x', 'run', 0.9)]
    expect(verdict(lines, { id: 'ndcg', better: 'higher' }, (id) => id)?.text).toBe(
      '+.1000 against the strongest floor, mf: without intervals nothing is told apart.',
    )
  })
})
