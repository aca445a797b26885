import { describe, expect, it } from 'vitest'
import { ratingHistogram } from '../../../../../src-main/engine/data/statistics/rating-histogram.ts'

describe('the histogram of ratings', () => {
  it('has a bin for each value up to fifty of them', () => {
    expect(ratingHistogram(Float32Array.of(0.5, 5, 0.5, 3))).toEqual([
      { from: 0.5, to: 0.5, count: 2 },
      { from: 3, to: 3, count: 1 },
      { from: 5, to: 5, count: 1 },
    ])
  })

  it('has fifty bins for fifty values, and none for no ratings', () => {
    const bins = ratingHistogram(Float32Array.from({ length: 100 }, (_, at) => at % 50))
    expect(bins).toEqual(Array.from({ length: 50 }, (_, value) => ({ from: value, to: value, count: 2 })))
    expect(ratingHistogram(new Float32Array(0))).toEqual([])
  })

  it('has fifty ranges beyond that, the highest rating in the last one', () => {
    const ratings = Float32Array.from({ length: 2001 }, (_, at) => -10 + at / 100)
    const bins = ratingHistogram(ratings)
    expect(bins).toHaveLength(50)
    expect(bins[0]!.from).toBe(-10)
    expect(bins.at(-1)!.to).toBeCloseTo(10)
    expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(2001)
  })
})
