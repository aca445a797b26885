import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { interquartileMean } from '../../../../../src-main/engine/evaluation/statistics/interquartile-mean.ts'

describe('the inter-quartile mean', () => {
  it.each([
    [[1, 2, 3, 4], 2.5],
    [[100, 2, -50, 3], 2.5],
    // A quarter of five is 1.25: three quarters of the second and fourth, all of the third.
    [[1, 2, 3, 4, 50], (0.75 * 2 + 3 + 0.75 * 4) / 2.5],
    [[1, 3, 9], (0.25 * 1 + 3 + 0.25 * 9) / 1.5],
    [[1, 9], 5],
    [[7], 7],
    [[1, NaN, 9], 5],
  ])('of %j is %d', (values, expected) => {
    expect(interquartileMean(Float64Array.from(values))).toBeCloseTo(expected, 12)
  })

  it('is no number without a value', () => {
    expect(interquartileMean(new Float64Array())).toBeNaN()
  })

  it('does not move when the outer quarters run away', () => {
    const values = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 4, maxLength: 40 })
    fc.assert(
      fc.property(values, (drawn) => {
        const sorted = Float64Array.from(drawn).sort()
        const outer = Math.floor(sorted.length / 4)
        const far = sorted.map((value, at) => (at < outer ? -1e6 : at >= sorted.length - outer ? 1e6 : value))
        expect(interquartileMean(far)).toBeCloseTo(interquartileMean(sorted), 9)
      }),
    )
  })
})
