import { describe, expect, it } from 'vitest'
import { histogram, popularity } from '../../../src-main/services/datasets/dataset-detail.ts'

describe('the histogram of ratings', () => {
  it('has a bin for each value up to fifty of them', () => {
    expect(histogram(Float32Array.of(0.5, 5, 0.5, 3))).toEqual([
      { from: 0.5, to: 0.5, count: 2 },
      { from: 3, to: 3, count: 1 },
      { from: 5, to: 5, count: 1 },
    ])
  })

  it('has fifty ranges beyond that, the highest rating in the last one', () => {
    const ratings = Float32Array.from({ length: 2001 }, (_, at) => -10 + at / 100)
    const bins = histogram(ratings)
    expect(bins).toHaveLength(50)
    expect(bins[0]!.from).toBe(-10)
    expect(bins.at(-1)!.to).toBeCloseTo(10)
    expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(2001)
  })
})

describe('popularity by rank', () => {
  it('leaves out what was never rated and has every rank while there are few', () => {
    expect(popularity(Int32Array.of(2, 2, 2, 0), 4)).toEqual([
      { rank: 1, count: 3 },
      { rank: 2, count: 1 },
    ])
    expect(popularity(new Int32Array(0), 3)).toEqual([])
  })

  it('has at most 200 points, from the first rank to the last, ever falling', () => {
    const index = Int32Array.from({ length: 40_000 }, (_, at) => Math.floor(at ** 0.85))
    const points = popularity(index, 10_000)
    expect(points.length).toBeLessThanOrEqual(200)
    expect(points[0]!.rank).toBe(1)
    expect(points.at(-1)!.rank).toBe(new Set(index).size)
    for (let at = 1; at < points.length; at++) {
      expect(points[at]!.rank).toBeGreaterThan(points[at - 1]!.rank)
      expect(points[at]!.count).toBeLessThanOrEqual(points[at - 1]!.count)
    }
  })
})
