import { describe, expect, it } from 'vitest'
import { Rng } from '../../../../../src-main/engine/core/rng.ts'
import { compareMeasured } from '../../../../../src-main/engine/evaluation/statistics/compare.ts'
import type { Measured } from '../../../../../src-main/engine/evaluation/statistics/measured.ts'
import { drain } from '../../../../support/worlds.ts'

const compare = (measured: Measured[], seed = 1, samples?: number) => drain(compareMeasured(measured, seed, samples))
const table = (trials: number, values: number[]): Measured => ({
  trials,
  users: values.length / trials,
  values: Float64Array.from(values),
})

/** Scores of two models on the same users: a part that both share, and each one's own luck. */
function twoModels(rng: Rng, trials: number, users: number, effect: number): [Measured, Measured] {
  const taste = Array.from({ length: users }, () => rng.normal())
  const scores = (shift: number) =>
    table(
      trials,
      Array.from({ length: trials * users }, (_, at) => shift + 3 * taste[at % users]! + rng.normal()),
    )
  return [scores(effect), scores(0)]
}

describe('a comparison', () => {
  it('gives means, paired differences and their users, by hand', () => {
    const { models, pairs } = compare([table(1, [1, 0.5, NaN, 0]), table(1, [0.5, 0.5, 1, NaN]), table(1, [0, 0, 0, 0])])
    expect(models.map(({ mean, users }) => [mean, users])).toEqual([
      [0.5, 3],
      [2 / 3, 3],
      [0, 4],
    ])
    expect(pairs.map(({ a, b, difference, users }) => [a, b, difference, users])).toEqual([
      // Users 0 and 1 have both.
      [0, 1, 0.25, 2],
      [0, 2, 0.5, 3],
      [1, 2, 2 / 3, 3],
    ])
  })

  it('finds a difference that is small beside the spread of the users, because it looks at each user’s own', () => {
    const [a, b] = twoModels(Rng.stream(5, 'effect'), 1, 400, 0.4)
    const { models, pairs } = compare([a, b])
    // Unpaired, the two intervals overlap widely.
    expect(models[0]!.low!).toBeLessThan(models[1]!.high!)
    expect(pairs[0]!.verdict).toBe('higher')
    expect(pairs[0]!.low!).toBeGreaterThan(0)
    expect(compare([b, a]).pairs[0]).toMatchObject({ verdict: 'lower', difference: -pairs[0]!.difference })
  })

  it('calls the same model twice not distinguishable, with p 1', () => {
    const [a] = twoModels(Rng.stream(5, 'same'), 3, 50, 0)
    expect(compare([a, a]).pairs[0]).toMatchObject({ difference: 0, low: 0, high: 0, p: 1, verdict: 'not distinguishable' })
  })

  it('corrects for the number of pairs', () => {
    const [a, b] = twoModels(Rng.stream(8, 'holm'), 1, 200, 0.25)
    const alone = compare([a, b]).pairs[0]!
    const among = compare([a, b, b, b]).pairs[0]!
    expect(among.p).toBe(alone.p)
    expect(alone.correctedP).toBe(alone.p)
    expect(among.correctedP!).toBeGreaterThan(alone.p!)
  })

  it('has neither interval nor p for one user, and none of the values that are no numbers', () => {
    const { models, pairs } = compare([table(2, [1, 2]), table(2, [0, 0])])
    expect(models[0]).toMatchObject({ mean: 1.5, low: null, high: null, users: 1 })
    expect(pairs[0]).toMatchObject({ difference: 1.5, low: null, p: null, correctedP: null, verdict: 'not distinguishable' })
  })

  it('is the same for the same seed', () => {
    const two = twoModels(Rng.stream(2, 'seed'), 2, 30, 0.1)
    expect(compare(two)).toEqual(compare(two))
    expect(compare(two, 2)).not.toEqual(compare(two))
  })

  it('has an interval about as wide as the standard error says', () => {
    const [a, b] = twoModels(Rng.stream(3, 'width'), 1, 300, 0.1)
    const { low, high, difference } = compare([a, b]).pairs[0]!
    const own = [...a.values].map((value, at) => value - b.values[at]!)
    const error = Math.sqrt(own.reduce((sum, x) => sum + (x - difference) ** 2, 0) / 299 / 300)
    expect((high! - low!) / (2 * 1.96 * error)).toBeGreaterThan(0.9)
    expect((high! - low!) / (2 * 1.96 * error)).toBeLessThan(1.1)
  })

  it('does not take five runs on the same users for five times as many users', () => {
    const rng = Rng.stream(4, 'users')
    const taste = Array.from({ length: 200 }, () => rng.normal())
    const width = (trials: number) => {
      const same = table(trials, Array.from({ length: trials }, () => taste).flat())
      const { low, high } = compare([same]).models[0]!
      return high! - low!
    }
    expect(width(5) / width(1)).toBeGreaterThan(0.9)
    expect(width(5) / width(1)).toBeLessThan(1.1)
  })

  it('counts the chance of seeds: an advantage of one lucky seed is not told from none', () => {
    const rng = Rng.stream(6, 'lucky')
    const users = 300
    const base = Array.from({ length: users }, () => rng.normal())
    const shifts = [0.9, -0.2, 0.1, -0.3, 0]
    const a = table(
      5,
      shifts.flatMap((shift) => base.map((value) => value + shift + 0.1 * rng.normal())),
    )
    const b = table(5, Array.from({ length: 5 }, () => base).flat())
    expect(compare([a, b]).pairs[0]).toMatchObject({ verdict: 'not distinguishable' })
    // The first seed alone would have been believed.
    const first = ({ values }: Measured) => table(1, [...values.subarray(0, users)])
    expect(compare([first(a), first(b)]).pairs[0]!.verdict).toBe('higher')
  })
})

describe('without a difference', () => {
  it.each([
    ['one seed, 60 users', 1, 60],
    ['four seeds, 40 users', 4, 40],
  ])('about one comparison in twenty is significant: %s', (_what, trials, users) => {
    const worlds = 200
    let significant = 0
    let covered = 0
    for (let world = 0; world < worlds; world++) {
      const { p, low, high } = compare(twoModels(Rng.stream(world, 'null'), trials, users, 0), 1, 400).pairs[0]!
      if (p! < 0.05) significant++
      if (low! <= 0 && high! >= 0) covered++
    }
    // Binomial(200, .05): mean 10, standard deviation 3.1.
    expect(significant).toBeGreaterThanOrEqual(2)
    expect(significant).toBeLessThanOrEqual(20)
    expect(covered).toBeGreaterThanOrEqual(worlds - 20)
  })
})
