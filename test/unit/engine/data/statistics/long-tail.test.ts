import { describe, expect, it } from 'vitest'
import { longTail } from '../../../../../src-main/engine/data/statistics/long-tail.ts'

describe('popularity by rank', () => {
  it('leaves out what was never rated and has every rank while there are few', () => {
    expect(longTail(Int32Array.of(2, 2, 2, 0), 4)).toEqual([
      { rank: 1, count: 3 },
      { rank: 2, count: 1 },
    ])
    expect(longTail(new Int32Array(0), 3)).toEqual([])
  })

  it('has at most 200 points, from the first rank to the last, ever falling', () => {
    const index = Int32Array.from({ length: 40_000 }, (_, at) => Math.floor(at ** 0.85))
    const points = longTail(index, 10_000)
    expect(points.length).toBeLessThanOrEqual(200)
    expect(points[0]!.rank).toBe(1)
    expect(points.at(-1)!.rank).toBe(new Set(index).size)
    for (let at = 1; at < points.length; at++) {
      expect(points[at]!.rank).toBeGreaterThan(points[at - 1]!.rank)
      expect(points[at]!.count).toBeLessThanOrEqual(points[at - 1]!.count)
    }
  })
})
