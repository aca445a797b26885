import { describe, expect, it } from 'vitest'
import type { RatingScale } from '../../../../src-main/contract/dto/dataset.ts'
import { candidateSetsOf } from '../../../../src-main/engine/evaluation/candidate-sets.ts'
import { catalogueRows } from '../../../../src-main/engine/evaluation/catalogue-rows.ts'
import { metrics } from '../../../../src-main/engine/evaluation/metrics/catalogue.gen.ts'
import { rankOnce } from '../../../../src-main/engine/evaluation/rank.ts'
import { resultRows, userValues } from '../../../../src-main/engine/evaluation/score-lists.ts'
import { countTraining } from '../../../../src-main/engine/evaluation/training-counts.ts'
import { drain, fiveStars, tableOf, type Row } from '../../../support/worlds.ts'

/** Sets and lists of users whose candidates are recommended in the order in which their ratings are written. */
function listsOf(users: readonly (readonly number[])[], length: number, scale: RatingScale = fiveStars) {
  const rows = users.flatMap((ratings, user) => ratings.map((rating, item): Row => [user, item, rating]))
  const sets = candidateSetsOf(tableOf(rows, { scale }))
  const inOrder = {
    score: (_user: number, items: Int32Array, count: number, out: Float32Array) => {
      for (let i = 0; i < count; i++) out[i] = -items[i]!
    },
  }
  return { sets, lists: drain(rankOnce(sets, inOrder, length)) }
}

/** One user's value of a metric at k; null where it has none. */
function valueOf(metric: string, ratings: readonly number[], k: number, scale: RatingScale = fiveStars): number | null {
  const { sets, lists } = listsOf([ratings], Math.max(k, 1), scale)
  const value = drain(userValues(sets, lists, [k])).find((column) => column.metric === metric)!.values[0]!
  return Number.isNaN(value) ? null : value
}

const log2 = Math.log2

describe('precision', () => {
  it.each([
    [[5, 1, 4, 3], 1, 1],
    [[5, 1, 4, 3], 2, 1 / 2],
    [[5, 1, 4, 3], 3, 2 / 3],
    [[5, 1, 4, 3], 4, 2 / 4],
    // Fewer candidates than k: divided by what there is.
    [[5, 1, 4, 3], 20, 2 / 4],
    [[3, 3.5, 3.99], 3, 0],
    [[1, 1], 5, 0],
    [[4], 1, 1],
  ])('of the list %j at %i is %d', (ratings, k, expected) => {
    expect(valueOf('precision', ratings, k)).toBeCloseTo(expected, 12)
  })
})

describe('recall', () => {
  it.each([
    [[5, 1, 4, 3, 5], 1, 1 / 3],
    [[5, 1, 4, 3, 5], 3, 2 / 3],
    [[5, 1, 4, 3, 5], 5, 1],
    [[1, 5], 1, 0],
    [[1, 2, 3], 3, null],
  ])('of the list %j at %i is %s', (ratings, k, expected) => {
    const value = valueOf('recall', ratings, k)
    if (expected === null) expect(value).toBeNull()
    else expect(value).toBeCloseTo(expected, 12)
  })
})

describe('NDCG', () => {
  it('is the gain, linear in the rating, over that of all candidates in the best order, cut at k', () => {
    const gain = 3 / log2(2) + 5 / log2(3) + 1 / log2(4)
    const ideal = 5 / log2(2) + 4 / log2(3) + 3 / log2(4)
    expect(valueOf('ndcg', [3, 5, 1, 4], 3)).toBeCloseTo(gain / ideal, 6)
  })

  it('takes the ideal list from all candidates, not from those shown: what was left out counts', () => {
    expect(valueOf('ndcg', [1, 5], 1)).toBeCloseTo(1 / 5, 6)
  })

  it('cuts the ideal list at min(k, n): a perfect short list is perfect', () => {
    expect(valueOf('ndcg', [5, 4], 20)).toBe(1)
    expect(valueOf('ndcg', [2], 20)).toBe(1)
  })

  it('has a value for a user who liked nothing: order still counts', () => {
    expect(valueOf('ndcg', [1, 2], 2)).toBeCloseTo((1 + 2 / log2(3)) / (2 + 1 / log2(3)), 6)
    expect(valueOf('ndcg', [2, 2, 2], 3)).toBe(1)
  })

  it('stays between 0 and 1 on a scale that reaches below zero: the gain is the distance from the lowest', () => {
    const scale = { min: -10, max: 10, positiveFrom: 5, negativeTo: -5 }
    // Gains 0, 20, 12.
    const ideal = 20 / log2(2) + 12 / log2(3) + 0 / log2(4)
    expect(valueOf('ndcg', [-10, 10, 2], 3, scale)).toBeCloseTo((0 + 20 / log2(3) + 12 / log2(4)) / ideal, 6)
    expect(valueOf('ndcg', [-5, -9], 2, scale)).toBe(1)
    expect(valueOf('ndcg', [-9, -5], 2, scale)).toBeLessThan(1)
    expect(valueOf('ndcg', [-9, -5], 2, scale)).toBeGreaterThan(0)
  })

  it('has no value where every candidate has the lowest rating of a scale from 0: no order is better than another', () => {
    const scale = { min: 0, max: 4, positiveFrom: 3, negativeTo: 1 }
    expect(valueOf('ndcg', [0, 0], 2, scale)).toBeNull()
    expect(valueOf('ndcg', [0, 1], 2, scale)).toBeCloseTo(1 / log2(3), 6)
  })
})

describe('MAP', () => {
  it.each([
    // Hits at ranks 1 and 3 of three relevant, cut at 4: (1/1 + 2/3) / 3.
    [[5, 1, 4, 2, 5], 4, (1 + 2 / 3) / 3],
    [[5, 1, 4, 2, 5], 5, (1 + 2 / 3 + 3 / 5) / 3],
    // Cut below the number of relevant items: divided by k.
    [[5, 4, 5], 2, 1],
    [[1, 5], 1, 0],
    [[1, 5], 2, 1 / 2],
    [[1, 2], 2, null],
  ])('of the list %j at %i is %s', (ratings, k, expected) => {
    const value = valueOf('map', ratings, k)
    if (expected === null) expect(value).toBeNull()
    else expect(value).toBeCloseTo(expected, 12)
  })
})

describe('precision with k as its denominator', () => {
  it.each([
    [[5, 1, 4, 3], 2, 1 / 2],
    [[5, 1, 4, 3], 4, 2 / 4],
    // Fewer candidates than k: what is missing counts as missed.
    [[5, 1, 4, 3], 20, 2 / 20],
    [[1, 1], 5, 0],
  ])('of the list %j at %i is %d', (ratings, k, expected) => {
    expect(valueOf('precision-k', ratings, k)).toBeCloseTo(expected, 12)
  })
})

describe('NDCG with another gain', () => {
  it('is 2^rating - 1, with the ideal of all candidates, when it is exponential', () => {
    const gain = 7 / log2(2) + 31 / log2(3) + 1 / log2(4)
    const ideal = 31 / log2(2) + 15 / log2(3) + 7 / log2(4)
    expect(valueOf('ndcg-exp', [3, 5, 1, 4], 3)).toBeCloseTo(gain / ideal, 6)
    expect(valueOf('ndcg-exp', [1, 2], 2)).toBeCloseTo((1 + 3 / log2(3)) / (3 + 1 / log2(3)), 6)
  })

  it('asks only for relevance when it is binary, and has no value without a relevant candidate', () => {
    expect(valueOf('ndcg-binary', [3, 5, 1, 4], 3)).toBeCloseTo(1 / log2(3) / (1 / log2(2) + 1 / log2(3)), 6)
    expect(valueOf('ndcg-binary', [4, 5, 1], 2)).toBe(1)
    expect(valueOf('ndcg-binary', [1, 2, 3], 3)).toBeNull()
  })

  it('is finite on a wide scale that reaches below zero', () => {
    const scale = { min: -10, max: 10, positiveFrom: 5, negativeTo: -5 }
    // Gains 2^0 - 1 and 2^20 - 1.
    expect(valueOf('ndcg-exp', [-10, 10], 2, scale)).toBeCloseTo(1 / log2(3), 6)
    expect(valueOf('ndcg-exp', [-10, -10], 2, scale)).toBeNull()
  })
})

describe('MRR and hit rate', () => {
  it.each([
    [[5, 1, 4], 3, 1, 1],
    [[1, 3, 4, 5], 4, 1 / 3, 1],
    [[1, 3, 4, 5], 3, 1 / 3, 1],
    [[1, 3, 4, 5], 2, 0, 0],
    [[1, 2], 2, null, null],
  ])('of the list %j at %i are %s and %s', (ratings, k, rank, hit) => {
    expect([valueOf('mrr', ratings, k), valueOf('hit-rate', ratings, k)]).toEqual([rank, hit])
  })
})

describe('mean reward', () => {
  it.each([
    [[5, 1, 4], 1, 1],
    [[5, 1, 4], 2, 0],
    [[5, 1, 4], 3, 1 / 6],
    [[5, 1, 4], 20, 1 / 6],
    [[3], 1, 0],
  ])('of the list %j at %i is %d: (rating - 3) / 2 on five stars', (ratings, k, expected) => {
    expect(valueOf('reward', ratings, k)).toBeCloseTo(expected, 12)
  })
})

describe('novelty', () => {
  const training = { users: 7, raters: Int32Array.from([7, 3, 0, 1]) }
  const novelty = (k: number) => {
    const { sets, lists } = listsOf([[5, 1, 4, 3]], 4)
    return drain(userValues(sets, lists, [k], { training, wanted: ['novelty'] }))[0]!.values[0]
  }

  it('is the mean of -log2 of (raters + 1) / (users + 1): 0 bits for what everybody knows, finite for what nobody does', () => {
    expect(novelty(1)).toBe(0)
    expect(novelty(2)).toBeCloseTo((0 + 1) / 2, 12)
    expect(novelty(4)).toBeCloseTo((0 + 1 + 3 + 2) / 4, 12)
    expect(novelty(50)).toBe(novelty(4))
  })

  it('has no value where nobody counted', () => {
    expect(valueOf('novelty', [5, 1], 2)).toBeNull()
  })

  it('counts training ratings by item, and users that have any', () => {
    const train = tableOf(
      [
        [0, 1, 5],
        [0, 2, 1],
        [3, 1, 4],
      ],
      { users: 9, items: 5 },
    )
    expect(countTraining(train)).toEqual({ users: 2, raters: Int32Array.from([0, 2, 1, 0, 0]) })
  })
})

describe('metrics of all lists together', () => {
  const rowsAt = (users: readonly (readonly number[])[], ks: readonly number[], items: number) => {
    const { sets, lists } = listsOf(users, Math.max(...ks))
    return catalogueRows({ model: 'm', seed: 1, split: 's', protocol: 'p' }, sets, lists, ks, items)
  }
  const at = (rows: ReturnType<typeof rowsAt>, metric: string, k: number, subset = 'all') =>
    rows.find((row) => row.metric === metric && row.k === k && row.subset === subset)

  it('coverage is the share of the items that stand in anybody’s first k', () => {
    // Items 0 and 1 for everybody at 2, item 2 for the first user at 3; eight items in the data set.
    const rows = rowsAt([[5, 1, 4], [5, 1], [3]], [1, 2, 3], 8)
    expect([1, 2, 3].map((k) => at(rows, 'coverage', k)!.value)).toEqual([1 / 8, 2 / 8, 3 / 8])
    expect(at(rows, 'coverage', 3, 'full-length')).toMatchObject({ value: 3 / 8, users: 1, low: null, high: null })
    expect(at(rows, 'coverage', 2, 'full-length')!.users).toBe(2)
  })

  it.each([
    // Three lists begin with item 0: all recommendations fall on one of four items.
    [[[5], [5], [5]], 1, 4, 1],
    // Counts 0, 0, 1, 1 of four items: (2·3-5 + 2·4-5) / (3·2).
    [[[5, 4]], 2, 4, (1 + 3) / 6],
    // Counts 1, 3: (-1·1 + 1·3) / (1·4).
    [[[5, 4], [5], [5]], 2, 2, 2 / 4],
    // Everything equally often.
    [
      [
        [5, 4],
        [3, 2],
      ],
      2,
      2,
      0,
    ],
  ])('Gini of the lists %j at %i among %i items is %d', (users, k, items, expected) => {
    expect(at(rowsAt(users, [k], items), 'gini', k)!.value).toBeCloseTo(expected, 12)
  })

  it('have no value where there is nothing to compare', () => {
    expect(rowsAt([[5]], [1], 1).map((row) => row.metric)).toEqual(['coverage', 'coverage'])
    expect(rowsAt([], [1], 3)).toEqual([])
  })
})

describe('result rows', () => {
  const labels = { model: 'm', seed: 1, split: 'random:0.8@1', protocol: 'p' }
  const rowsOf = (users: readonly (readonly number[])[], ks: readonly number[]) => {
    const { sets, lists } = listsOf(users, Math.max(...ks))
    return drain(resultRows(labels, sets, lists, ks))
  }
  const find = (rows: ReturnType<typeof rowsOf>, metric: string, k: number, subset = 'all') =>
    rows.find((row) => row.metric === metric && row.k === k && row.subset === subset)

  it('average over users, and count those that have a value', () => {
    const rows = rowsOf(
      [
        [5, 1],
        [1, 1],
        [1, 4],
      ],
      [1],
    )
    expect(find(rows, 'precision', 1)).toMatchObject({ ...labels, value: 1 / 3, users: 3 })
    // The second user liked nothing and has no recall.
    expect(find(rows, 'recall', 1)).toMatchObject({ value: 1 / 2, users: 2 })
    expect(find(rows, 'map', 1)).toMatchObject({ value: 1 / 2, users: 2 })
  })

  it('make F1 of the averaged precision and recall, not of the users’ own', () => {
    const rows = rowsOf(
      [
        [5, 1],
        [1, 1],
        [1, 4],
      ],
      [1],
    )
    const [p, r] = [1 / 3, 1 / 2]
    expect(find(rows, 'f1', 1)!.value).toBeCloseTo((2 * p * r) / (p + r), 12)
    expect(find(rows, 'f1', 1)!.users).toBe(2)
  })

  it('say 0 for F1 without a hit, and leave out what nobody has a value for', () => {
    expect(find(rowsOf([[1, 5]], [1]), 'f1', 1)!.value).toBe(0)
    const rows = rowsOf([[1, 2]], [1])
    const without = ['ndcg', 'ndcg-exp', 'precision', 'precision-k', 'reward']
    expect(rows.map((row) => row.metric).sort()).toEqual(without.flatMap((metric) => [metric, metric]))
  })

  it('count as full-length the users with at least k candidates, and have no such rows where there are none', () => {
    const users = [[5], [5, 1], [5, 1, 1], [1, 1, 5, 4]]
    const rows = rowsOf(users, [1, 2, 3, 4, 5])
    for (const [k, count] of [
      [1, 4],
      [2, 3],
      [3, 2],
      [4, 1],
    ] as const) {
      expect(find(rows, 'precision', k, 'full-length')!.users).toBe(count)
      expect(find(rows, 'precision', k)!.users).toBe(4)
    }
    expect(rows.some((row) => row.k === 5 && row.subset === 'full-length')).toBe(false)
    expect(find(rows, 'precision', 3, 'full-length')!.value).toBeCloseTo((1 / 3 + 1 / 3) / 2, 12)
  })

  const manyUsers = (count: number) =>
    Array.from({ length: count }, (_, user) => [((user * 7) % 5) + 1, ((user * 3) % 5) + 1, ((user * 11) % 4) + 1])

  it('have intervals that bracket the mean, about as wide as the standard error says, and shrink with the users', () => {
    const widths = [25, 100, 400].map((count) => {
      const rows = rowsOf(manyUsers(count), [2])
      for (const row of rows) {
        expect(row.low).toBeLessThanOrEqual(row.value)
        expect(row.high).toBeGreaterThanOrEqual(row.value)
      }
      const { low, high } = find(rows, 'ndcg', 2)!
      return high! - low!
    })
    expect(widths[1]! / widths[0]!).toBeGreaterThan(0.3)
    expect(widths[1]! / widths[0]!).toBeLessThan(0.7)
    expect(widths[2]! / widths[1]!).toBeGreaterThan(0.3)
    expect(widths[2]! / widths[1]!).toBeLessThan(0.7)
    const { sets, lists } = listsOf(manyUsers(400), 2)
    const values = [...drain(userValues(sets, lists, [2])).find((column) => column.metric === 'ndcg')!.values]
    const mean = values.reduce((sum, x) => sum + x, 0) / 400
    const error = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 399 / 400)
    expect(widths[2]! / (2 * 1.96 * error)).toBeGreaterThan(0.8)
    expect(widths[2]! / (2 * 1.96 * error)).toBeLessThan(1.2)
  })

  it('have no interval for a single user, and the same one for the same seed', () => {
    expect(find(rowsOf([[5, 1]], [1]), 'ndcg', 1)).toMatchObject({ value: 1, low: null, high: null, users: 1 })
    expect(rowsOf(manyUsers(30), [2])).toEqual(rowsOf(manyUsers(30), [2]))
    const { sets, lists } = listsOf(manyUsers(30), 2)
    expect(drain(resultRows({ ...labels, seed: 2 }, sets, lists, [2]))).not.toEqual(
      drain(resultRows(labels, sets, lists, [2])).map((row) => ({ ...row, seed: 2 })),
    )
  })
})

describe('the metric catalogue', () => {
  it('explains every metric in a sentence and a formula, under an id of its own', () => {
    expect(new Set(metrics.map((metric) => metric.id)).size).toBe(metrics.length)
    for (const metric of metrics) {
      expect(metric.doc).toMatch(/\.$/)
      expect(metric.formula.length).toBeGreaterThan(0)
      if (metric.kind === 'combined') for (const id of metric.of) expect(metrics.some((other) => other.id === id)).toBe(true)
    }
  })
})
