import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bestPositions } from '../../../../src-main/engine/evaluation/best-positions.ts'

const sorted = (scores: Float32Array, count: number) =>
  Array.from(scores, (_, at) => at)
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, count)

describe('the best positions', () => {
  it('are those that a sort would give, ties by position, whether few or all are wanted', () => {
    const scores = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.float({ noNaN: true })), { maxLength: 400 })
    fc.assert(
      fc.property(scores, fc.double({ min: 0, max: 1, noNaN: true }), (drawn, share) => {
        const values = Float32Array.from(drawn)
        const count = Math.floor(share ** 3 * values.length)
        expect([...bestPositions(values, count)]).toEqual(sorted(values, count))
      }),
    )
  })

  it('put what is no number last, in the short way and in the long one', () => {
    for (const size of [4, 400]) {
      const scores = Float32Array.from({ length: size }, (_, at) => (at % 2 ? at : NaN))
      expect([...bestPositions(scores, 2)]).toEqual([size - 1, size - 3])
      expect([...bestPositions(scores, size)].slice(-2)).toEqual([size - 4, size - 2])
    }
  })
})
