import { describe, expect, test } from 'vitest'
import { resultChoices, resultTable, verdict, type ResultLine, type Role } from '../../../../src-renderer/composables/results.ts'
import { fakeModels } from '../../../support/fake-engine/models.ts'
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
  expect(metrics).toEqual(['precision', 'recall', 'f1', 'ndcg', 'map'])
  expect(lines[4]?.cells.get('ndcg')).toMatchObject({ value: 0.9083 })
})

test('a run of a floor is the run, not a floor', () => {
  expect(resultTable(rows, choice, 'popularity', fakeModels).lines.find((line) => line.model === 'popularity')?.role).toBe('run')
})

describe('what is said about a result', () => {
  const line = (model: string, role: Role, value: number, half: number): ResultLine => ({
    model,
    role,
    users: 10,
    cells: new Map([['ndcg', { value, low: value - half, high: value + half }]]),
  })
  const said = (run: number, half: number) =>
    verdict([line('random', 'floor', 0.5, half), line('mf', 'floor', 0.8, half), line('x', 'run', run, half)], 'ndcg', (id) => id)

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
  test('is nothing without a floor', () => expect(verdict([line('x', 'run', 0.9, 0.01)], 'ndcg', (id) => id)).toBeUndefined())
})
