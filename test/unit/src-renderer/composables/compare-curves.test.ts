import { describe, expect, test } from 'vitest'
import type { RunState } from '../../../../src-main/contract/dto/run.ts'
import { bandsOf } from '../../../../src-renderer/composables/curve-bands.ts'
import { curveCsv } from '../../../../src-renderer/composables/curve-csv.ts'
import { firstFrom, pointsFor, valueAt, withFinePart, type Curve } from '../../../../src-renderer/composables/curve.ts'
import {
  extentOfAll,
  linesOf,
  marksOf,
  updatesIn,
  xsOf,
  type CurveSource,
} from '../../../../src-renderer/composables/curve-view.ts'

const curve = (updates: number[], value: number[]): Curve => ({ update: updates, value, elapsedMs: updates.map((at) => at * 50) })
const source = (id: string, curves: Record<string, Curve>, group = id, state: RunState = 'finished'): CurveSource => ({
  id,
  name: `run ${id}`,
  color: '#123456',
  dash: 'solid',
  curves: new Map(Object.entries(curves)),
  group: { key: group, label: `model ${group}` },
  state,
})

describe('a curve', () => {
  test('has values between its points, and its ends beyond them', () =>
    expect([-5, 0, 2.5, 10, 99].map((x) => valueAt([0, 5, 10], [1, 3, 4], x))).toEqual([1, 1, 2, 4, 4]))
  test('is searched for the first point from a place on', () =>
    expect([-1, 0, 1, 5, 6].map((x) => firstFrom([0, 5, 5], x))).toEqual([0, 0, 1, 1, 3]))
  test('has its coarse points replaced where it was read in full', () => {
    const fine = curve([20, 25, 30], [2, 2.5, 3])
    expect(withFinePart(curve([0, 10, 20, 30, 40], [0, 1, 9, 9, 4]), fine)).toEqual(
      curve([0, 10, 20, 25, 30, 40], [0, 1, 2, 2.5, 3, 4]),
    )
    expect(withFinePart(curve([0, 40], [0, 4]), curve([], []))).toEqual(curve([0, 40], [0, 4]))
  })
})

describe('the horizontal axis', () => {
  const played = source('1', {
    loss: curve([0, 10, 20], [3, 2, 1]),
    episodes: curve([0, 20], [5, 45]),
    embeddingLoss: curve([1, 2], [1, 1]),
  })
  test('counts updates, training time or episodes', () => {
    expect(xsOf(played, 'loss', 'update')).toEqual([0, 10, 20])
    expect(xsOf(played, 'loss', 'time')).toEqual([0, 500, 1000])
    expect(xsOf(played, 'loss', 'episode')).toEqual([5, 25, 45])
  })
  test('is missing where a run tells no episodes', () => {
    expect(xsOf(source('2', { loss: curve([0], [1]) }), 'loss', 'episode')).toBeUndefined()
    expect(linesOf([source('2', { loss: curve([0], [1]) })], 'loss', 'episode', 0)).toEqual([])
  })
  test('of all charts reaches from the first point to the last, but for curves over epochs', () => {
    expect(extentOfAll([played, source('2', { loss: curve([0, 90], [1, 1]) })], ['loss', 'embeddingLoss'], 'update')).toEqual([
      0, 90,
    ])
    expect(extentOfAll([played], ['embeddingLoss'], 'update')).toBeUndefined()
  })
  test('leads to the updates of a window, with a point more on either side', () => {
    const run = source('1', { loss: curve([0, 10, 20, 30, 40], [1, 1, 1, 1, 1]), rare: curve([0, 40], [1, 1]) })
    expect(updatesIn(run, [12, 28], 'update')).toEqual([10, 30])
    expect(updatesIn(run, [600, 1400], 'time')).toEqual([10, 30])
    expect(updatesIn(run, [-9, 99], 'update')).toEqual([0, 40])
    expect(updatesIn(source('2', {}), [0, 1], 'update')).toBeUndefined()
  })
})

describe('lines', () => {
  test('are the very same ones until their curve grows', () => {
    const grown = curve([0, 10], [1, 2])
    const before = linesOf([source('1', { loss: grown })], 'loss', 'update', 0)
    expect(linesOf([source('1', { loss: grown })], 'loss', 'update', 0)[0]).toBe(before[0])
    grown.update.push(20)
    grown.value.push(3)
    grown.elapsedMs.push(1000)
    const after = linesOf([source('1', { loss: grown })], 'loss', 'update', 0)
    expect(after[0]).not.toBe(before[0])
    expect(after[0]!.points).toHaveLength(3)
    expect(after[0]!.points[1], 'what has not changed is not made again').toBe(before[0]!.points[1])
  })
  test('mark the best check and where a run diverged', () => {
    const curves = { validationNdcg: curve([0, 10, 20], [0.5, 0.7, 0.6]), loss: curve([0, 10], [1, 9]) }
    const run = source('1', curves, '1', 'diverged')
    expect(marksOf([run], 'validationNdcg', 'update').map(({ x, y, symbol }) => [x, y, symbol])).toEqual([
      [10, 0.7, 'diamond'],
      [20, 0.6, 'cross'],
    ])
    expect(marksOf([run], 'loss', 'update')).toMatchObject([{ name: 'run 1: diverged', x: 10, y: 9 }])
    expect(marksOf([source('2', curves)], 'loss', 'update')).toEqual([])
  })
})

describe('a group over seeds', () => {
  const seeds = [
    source('1', { loss: curve([0, 10, 20], [1, 2, 3]) }, 'g'),
    source('2', { loss: curve([0, 10, 20], [3, 4, 8]) }, 'g'),
    source('3', { loss: curve([0, 10], [5, 6]) }, 'g'),
  ]
  test('is drawn as its mean, as far as all of its runs go, with the runs faint behind', () => {
    const { lines, bands } = bandsOf(seeds, 'loss', 'update', 0, 'range')
    expect(lines.map((one) => [one.id, one.faint ?? false, one.points.length])).toEqual([
      ['1 raw', true, 3],
      ['2 raw', true, 3],
      ['3 raw', true, 2],
      ['mean g', false, 2],
    ])
    expect(lines.at(-1)).toMatchObject({
      name: 'model g (3)',
      points: [
        [0, 3],
        [10, 4],
      ],
    })
    expect(bands).toMatchObject([
      {
        points: [
          [0, 1, 5],
          [10, 2, 6],
        ],
      },
    ])
  })
  test('has an interval of its mean after Student', () => {
    // 1, 3 and 5: standard deviation 2, so 4.303 · 2 / √3 on either side of 3.
    const [, low, high] = bandsOf(seeds, 'loss', 'update', 0, 'interval').bands[0]!.points[0]!
    expect([low, high]).toEqual([expect.closeTo(3 - 4.9687, 3), expect.closeTo(3 + 4.9687, 3)])
  })
  test('is compared between points where they were measured at different places', () => {
    const uneven = [
      source('1', { loss: curve([0, 10], [0, 10]) }, 'g'),
      source('2', { loss: curve([0, 4, 10], [0, 4, 10]) }, 'g'),
    ]
    const { lines } = bandsOf(uneven, 'loss', 'update', 0, 'range')
    const mean = lines.at(-1)!.points
    expect(mean).toHaveLength(400)
    for (const [x, y] of mean) expect(y).toBeCloseTo(x)
  })
  test('of one run is that run, and no group is made when each run is asked for', () => {
    const alone = source('4', { loss: curve([0, 10], [1, 2]) }, 'h')
    expect(bandsOf([alone], 'loss', 'update', 0, 'range')).toEqual({ lines: linesOf([alone], 'loss', 'update', 0), bands: [] })
    expect(bandsOf(seeds, 'loss', 'update', 0, 'off').lines).toHaveLength(3)
  })
})

test('the points of a chart come out as CSV, a name that would run in a spreadsheet made harmless', () => {
  const run = { ...source('7', { loss: curve([0, 10], [1, 2.5]) }), name: '=1+1' }
  expect(curveCsv([run, source('8', {})], 'loss', true)).toBe(
    "run,name,curve,update,elapsedMs,value\r\n7,'=1+1,loss,0,0,1\r\n7,'=1+1,loss,10,500,2.5\r\n",
  )
})

test('many runs are asked for fewer points each, never for less than a chart shows', () =>
  expect([0, 1, 5, 10, 20, 100].map(pointsFor)).toEqual([2000, 2000, 2000, 1000, 500, 500]))
