import { describe, expect, it } from 'vitest'
import { Rng } from '../../../../../src-main/engine/core/rng.ts'
import { resamples } from '../../../../../src-main/engine/evaluation/statistics/resamples.ts'

const all = (trials: number, users: number, count: number, seed = 1) =>
  Array.from(resamples(trials, users, count, Rng.stream(seed, 'test')), ({ trialWeights, userWeights }) => ({
    trialWeights: [...trialWeights],
    userWeights: [...userWeights],
  }))
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

describe('bootstrap samples', () => {
  it('draw as many trials and users as there are, with replacement', () => {
    for (const { trialWeights, userWeights } of all(4, 30, 50)) {
      expect([sum(trialWeights), sum(userWeights)]).toEqual([4, 30])
    }
    // A user is left out with probability (29/30)^30 = .362; 1,500 draws, standard deviation .012.
    const left = all(4, 30, 50).flatMap(({ userWeights }) => userWeights.filter((weight) => weight === 0)).length / 1500
    expect(Math.abs(left - 0.362)).toBeLessThan(0.06)
  })

  it('leave a single trial as it is: only users vary', () => {
    for (const { trialWeights } of all(1, 5, 20)) expect(trialWeights).toEqual([1])
  })

  it('are the same for the same stream, others for another', () => {
    expect(all(3, 9, 5)).toEqual(all(3, 9, 5))
    expect(all(3, 9, 5, 2)).not.toEqual(all(3, 9, 5))
  })
})
