import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holm } from '../../../../../src-main/engine/evaluation/statistics/holm.ts'

describe('Holm’s correction', () => {
  it.each([
    // Sorted: .005 x 4, .01 x 3, .03 x 2, .04 x 1, the last raised to the one before.
    [
      [0.01, 0.04, 0.03, 0.005],
      [0.03, 0.06, 0.06, 0.02],
    ],
    [[0.02], [0.02]],
    [
      [0.5, 0.9],
      [1, 1],
    ],
    [[], []],
  ])('of %j is %j', (given, expected) => {
    holm(given).forEach((p, at) => expect(p).toBeCloseTo(expected[at]!, 12))
    expect(holm(given)).toHaveLength(expected.length)
  })

  it('never lowers a p value, never passes 1, keeps the order, and is at most Bonferroni’s', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (given) => {
        const corrected = holm(given)
        given.forEach((p, at) => {
          expect(corrected[at]!).toBeGreaterThanOrEqual(p)
          expect(corrected[at]!).toBeLessThanOrEqual(Math.min(1, p * given.length))
          given.forEach((other, b) => {
            if (p < other) expect(corrected[at]!).toBeLessThanOrEqual(corrected[b]!)
          })
        })
      }),
    )
  })
})
