import { describe, expect, test } from 'vitest'
import { appendPoint, floorName, smooth, type Curve } from '../../../../src-renderer/composables/curve.ts'
import { curvesOf, levelsOf, linesOf, type CurveSource } from '../../../../src-renderer/composables/curve-view.ts'
import { fakeModels } from '../../../support/fake-engine/models.ts'

const curve = (...values: number[]): Curve => ({
  update: values.map((_, at) => at * 10),
  value: values,
  elapsedMs: values.map((_, at) => at * 500),
})
const source = (name: string, curves: Record<string, Curve>): CurveSource => ({
  name,
  color: '#123456',
  dash: 'solid',
  curves: new Map(Object.entries(curves)),
})

describe('a curve that grows', () => {
  test('takes points at its end', () => {
    const grown = curve(1, 2)
    appendPoint(grown, { update: 20, value: 3, elapsedMs: 1000 })
    expect(grown).toEqual(curve(1, 2, 3))
  })

  test('is cut back where a resumed run goes on from', () => {
    const grown = curve(1, 2, 3, 4)
    appendPoint(grown, { update: 10, value: 9, elapsedMs: 500 })
    expect(grown).toEqual(curve(1, 9))
  })
})

describe('smoothing', () => {
  test('leaves a constant as it is, from its first point on', () => expect(smooth([2, 2, 2], 0.9)).toEqual([2, 2, 2]))
  test('of nothing changes nothing', () => expect(smooth([1, 5], 0)).toEqual([1, 5]))
  test('weighs the past', () => expect(smooth([0, 1], 0.5)[1]).toBeCloseTo(2 / 3))
  test('keeps the raw values in sight behind the smooth ones', () => {
    const lines = linesOf([source('run', { loss: curve(1, 2, 3, 4, 5) })], 'loss', 'update', 0.8)
    expect(lines.map((line) => line.faint)).toEqual([true, false])
    expect(lines[0]?.points).toEqual([
      [0, 1],
      [10, 2],
      [20, 3],
      [30, 4],
      [40, 5],
    ])
  })
})

test('the horizontal axis is the updates or the training time', () => {
  const sources = [source('run', { loss: curve(4, 3) })]
  expect(linesOf(sources, 'loss', 'update', 0)[0]?.points).toEqual([
    [0, 4],
    [10, 3],
  ])
  expect(linesOf(sources, 'loss', 'time', 0)[0]?.points).toEqual([
    [0, 4],
    [500, 3],
  ])
  expect(linesOf(sources, 'reward', 'update', 0)).toEqual([])
})

describe('floors', () => {
  const titleOf = (id: string) => ({ popularity: 'Popularity' })[id] ?? id

  test('are told from curves by their name', () => {
    expect(floorName('floor/popularity/validationNdcg')).toEqual({ model: 'popularity', metric: 'validationNdcg' })
    expect([floorName('floor/popularity'), floorName('validationNdcg'), floorName('floors/a/b')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  test('belong to the curve of their metric and to no other', () => {
    const sources = [source('run', { ndcg: curve(0.8), 'floor/popularity/ndcg': curve(0.7) })]
    expect(levelsOf(sources, 'ndcg', titleOf)).toEqual([{ name: 'Popularity', value: 0.7 }])
    expect(levelsOf(sources, 'reward', titleOf)).toEqual([])
  })

  test('are drawn only where they are wanted: a ceiling would press the curves flat', () => {
    const sources = [source('run', { 'floor/popularity/ndcg': curve(0.7), 'floor/oracle/ndcg': curve(1) })]
    expect(levelsOf(sources, 'ndcg', titleOf, (id) => id !== 'oracle')).toEqual([{ name: 'Popularity', value: 0.7 }])
  })

  test('of runs on different splits are averaged, and said to be', () => {
    const sources = [source('a', { 'floor/popularity/ndcg': curve(0.7) }), source('b', { 'floor/popularity/ndcg': curve(0.8) })]
    expect(levelsOf(sources, 'ndcg', titleOf)).toEqual([{ name: 'Popularity ⌀', value: 0.75 }])
  })
})

test('each curve is drawn once, however many runs share a model', () => {
  const model = fakeModels[0]!
  expect(curvesOf([model, model]).map((spec) => spec.name)).toEqual(model.curves.map((spec) => spec.name))
})
