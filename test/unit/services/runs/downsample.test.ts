import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { largestTriangleThreeBuckets } from '../../../../src-main/services/runs/downsample.ts'

const line = (y: number[]) => ({ x: y.map((_, index) => index), y })

describe('down-sampling a curve', () => {
  it('leaves a short curve as it is', () => {
    expect(largestTriangleThreeBuckets(line([3, 1, 2]), 3)).toEqual([0, 1, 2])
    expect(largestTriangleThreeBuckets(line([]), 3)).toEqual([])
  })

  it('keeps the peak of an otherwise flat curve', () => {
    const y = Array.from({ length: 1000 }, () => 0)
    y[617] = 5
    expect(largestTriangleThreeBuckets(line(y), 10)).toContain(617)
  })

  it('chooses by hand-checked triangles', () => {
    // Buckets {1, 2} and {3, 4}. From (0,0) to the mean (3.5, 5): (1,9) spans 30.5, (2,0) spans 10. From (1,9) to the last
    // point (5,0): (3,0) spans 18, (4,10) spans 31.
    expect(largestTriangleThreeBuckets(line([0, 9, 0, 0, 10, 0]), 4)).toEqual([0, 1, 4, 5])
  })

  it('returns ascending indices with both ends, exactly as many as asked for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 3, maxLength: 400 }),
        fc.integer({ min: 3, max: 100 }),
        (y, maxPoints) => {
          const kept = largestTriangleThreeBuckets(line(y), maxPoints)
          expect(kept).toHaveLength(Math.min(y.length, maxPoints))
          expect(kept[0]).toBe(0)
          expect(kept.at(-1)).toBe(y.length - 1)
          expect(kept.every((index, at) => at === 0 || index > kept[at - 1]!)).toBe(true)
        },
      ),
    )
  })

  it('refuses fewer than three points', () => {
    expect(() => largestTriangleThreeBuckets(line([1, 2, 3]), 2)).toThrow('maxPoints must be an integer from 3, not 2')
  })
})
