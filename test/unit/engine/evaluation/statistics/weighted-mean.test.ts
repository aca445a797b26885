import { describe, expect, it } from 'vitest'
import { weightedMean } from '../../../../../src-main/engine/evaluation/statistics/weighted-mean.ts'

const mean = (trialWeights: number[], userWeights: number[]) =>
  weightedMean(
    { trials: 2, users: 3, values: Float64Array.from([1, 2, NaN, 10, 20, 30]) },
    { trialWeights: Int32Array.from(trialWeights), userWeights: Int32Array.from(userWeights) },
  )

describe('the mean of a bootstrap sample', () => {
  it('counts each value as often as its trial and its user were drawn, times each other', () => {
    expect(mean([1, 1], [1, 1, 1])).toBe((1 + 2 + 10 + 20 + 30) / 5)
    // Trial 1 twice, user 0 once and user 2 twice: (10 + 30 + 30) twice over six.
    expect(mean([0, 2], [1, 0, 2])).toBeCloseTo(140 / 6, 12)
    expect(mean([2, 1], [3, 0, 0])).toBeCloseTo((2 * 3 * 1 + 3 * 10) / 9, 12)
  })

  it('is no number when none of those drawn has a value', () => {
    expect(mean([2, 0], [0, 0, 3])).toBeNaN()
  })
})
