import { describe, expect, it } from 'vitest'
import { LinearBandit } from '../../../../src-main/engine/blocks/linear-bandit.ts'
import { RewardFeatures, SideHistory } from '../../../../src-main/engine/blocks/reward-features.ts'
import { solvePositiveDefinite } from '../../../../src-main/engine/core/linear-algebra.ts'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import { fiveStars } from '../../../support/worlds.ts'

describe('a linear bandit', () => {
  it('bounds as reckoned by hand', () => {
    const bandit = new LinearBandit(1, 1, 1)
    expect(bandit.bound(0, Float64Array.of(2), 0, 0.5)).toBeCloseTo(1, 12)
    bandit.learn(0, Float64Array.of(2), 0, 3)
    // A = 1 + 4, b = 6: theta 1.2, spread of 2 is 4 / 5.
    expect(bandit.bound(0, Float64Array.of(2), 0, 0)).toBeCloseTo(2.4, 12)
    expect(bandit.bound(0, Float64Array.of(2), 0, 0.5)).toBeCloseTo(2.4 + 0.5 * Math.sqrt(0.8), 12)
  })

  it('expects after a thousand updates what a ridge regression solved at once expects', () => {
    const rng = Rng.stream(3, 'bandit')
    const n = 5
    const bandit = new LinearBandit(2, n, 2.5)
    const normal = Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 2.5 : 0))
    const right = new Float64Array(n)
    for (let update = 0; update < 1000; update++) {
      const x = Float64Array.from({ length: n }, () => rng.normal())
      const payoff = rng.normal() + x[0]!
      bandit.learn(1, x, 0, payoff)
      for (let i = 0; i < n; i++) {
        right[i]! += payoff * x[i]!
        for (let j = 0; j < n; j++) normal[i * n + j]! += x[i]! * x[j]!
      }
    }
    solvePositiveDefinite(normal, right, n)
    for (let i = 0; i < n; i++) {
      const unit = Float64Array.from({ length: n }, (_, at) => (at === i ? 1 : 0))
      expect(bandit.bound(1, unit, 0, 0)).toBeCloseTo(right[i]!, 9)
      expect(bandit.bound(0, unit, 0, 0), 'the other slot has learnt nothing').toBe(0)
    }
    bandit.reset(1)
    expect(bandit.bound(1, Float64Array.of(1, 1, 1, 1, 1), 0, 0)).toBe(0)
  })

  it('reaches the best arm, and without a bound may stay with a worse one', () => {
    const means = [0.2, 0.5, 0.45, 0.1]
    const contexts = means.map((_, arm) => Float64Array.from(means, (_mean, at) => (at === arm ? 1 : 0)))
    const pullsOfBest = (alpha: number) => {
      const rng = Rng.stream(11, 'arms')
      const bandit = new LinearBandit(1, means.length, 1)
      let best = 0
      for (let pull = 0; pull < 2000; pull++) {
        const bounds = contexts.map((x) => bandit.bound(0, x, 0, alpha))
        const arm = bounds.indexOf(Math.max(...bounds))
        bandit.learn(0, contexts[arm]!, 0, means[arm]! + 0.1 * rng.normal())
        if (pull >= 1000 && arm === 1) best++
      }
      return best
    }
    expect(pullsOfBest(1)).toBeGreaterThan(900)
    expect(pullsOfBest(0)).toBe(0)
  })
})

describe('the features of a reward', () => {
  it('are products of user, liked, disliked and item, their sums, what else the item has, and the mean reward', () => {
    const items = Float32Array.of(1, 2, 9, 3, 4, 8, 5, 6, 7)
    const users = Float32Array.of(0.5, -1, 1)
    const history = new SideHistory(2, 2, fiveStars)
    history.begin(1)
    history.observe(1, 0, 5)
    history.observe(1, 1, 4)
    history.observe(1, 2, 1)
    history.observe(1, 0, 3)
    const features = new RewardFeatures(3, 2)
    features.setState(users, 0, items, history, 1)
    // Item (5, 6 | 7); liked mean (2, 3); disliked mean (5, 6); rewards 1, .5, -1, 0 over 4 + 5.
    const expected = [2.5, -6, 10, 18, 25, 36, -3.5, 28, 61, 7, 0.5 / 9, 1]
    features.of(items, 2).forEach((value, at) => expect(value, String(at)).toBeCloseTo(expected[at]!, 9))
    expect(features.count).toBe(expected.length)
  })

  it('keep the latest of each side only, and none after a new beginning', () => {
    const items = Float32Array.of(1, 10, 100)
    const history = new SideHistory(1, 2, fiveStars)
    for (const item of [0, 1, 2]) history.observe(0, item, 5)
    const mean = new Float64Array(1)
    history.mean(0, 0, items, 1, mean)
    expect(mean[0]).toBe(55)
    history.begin(0)
    history.mean(0, 0, items, 1, mean)
    expect([mean[0], history.meanReward(0)]).toEqual([0, 0])
  })
})
