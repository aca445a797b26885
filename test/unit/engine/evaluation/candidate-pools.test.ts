import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { InteractionTable } from '../../../../src-main/engine/data/interaction-table.ts'
import { fullCatalogueSets, SAMPLED_ITEMS, sampledSets } from '../../../../src-main/engine/evaluation/candidate-pools.ts'
import {
  candidateCount,
  candidatesOf,
  ratingOf,
  type CandidateSets,
} from '../../../../src-main/engine/evaluation/candidate-sets.ts'
import { rankByPolicy, rankOnce } from '../../../../src-main/engine/evaluation/rank.ts'
import { userValues } from '../../../../src-main/engine/evaluation/score-lists.ts'
import { splitTables } from '../../../../src-main/engine/training/split-tables.ts'
import { drain, starWorld, tableOf, type Row } from '../../../support/worlds.ts'

const itemsOf = (table: InteractionTable, user: number) =>
  new Set(table.itemIndex.filter((_, row) => table.userIndex[row] === user))

/** Worlds of any density, split by any kind of split. */
const sides = fc
  .record({
    users: fc.integer({ min: 1, max: 8 }),
    items: fc.integer({ min: 6, max: 320 }),
    perUser: fc.integer({ min: 4, max: 6 }),
    seed: fc.nat(1000),
    split: fc.constantFrom('random:0.6', 'chronological:0.6', 'leave-last:2'),
  })
  .map(({ split, seed, ...size }) => splitTables(starWorld({ ...size, seed }), split, seed))

const makers = [
  ['the whole catalogue', fullCatalogueSets],
  ['a sample', sampledSets],
] as const

describe.each(makers)('candidates of %s', (_what, make) => {
  it('never hold an item that the user has rated in training', () => {
    fc.assert(
      fc.property(sides, (split) => {
        const sets = make(split)
        for (const [c, user] of sets.users.entries()) {
          const trained = itemsOf(split.train, user)
          for (const item of candidatesOf(sets, c)) expect(trained.has(item)).toBe(false)
        }
      }),
    )
  })

  it('are as many as they say, each once, ascending, and hold every item that is judged', () => {
    fc.assert(
      fc.property(sides, (split) => {
        const sets = make(split)
        for (const c of sets.users.keys()) {
          const items = [...candidatesOf(sets, c)]
          expect(items).toHaveLength(candidateCount(sets, c))
          expect(items).toEqual([...new Set(items)].sort((a, b) => a - b))
          for (const judged of sets.items.subarray(sets.start[c]!, sets.start[c + 1]!)) expect(items).toContain(judged)
        }
      }),
    )
  })
})

const rows: Row[] = [
  [0, 0, 5],
  [0, 1, 4],
  [0, 2, 1],
  [1, 0, 2],
]
const split = {
  train: tableOf([rows[0]!, rows[3]!], { users: 3, items: 6 }),
  test: tableOf([rows[1]!, rows[2]!], { users: 3, items: 6 }),
  hash: 'h',
}

describe('the whole catalogue', () => {
  it('is all items but those of the user’s training, for users with a test item', () => {
    const sets = fullCatalogueSets(split)
    expect([...sets.users]).toEqual([0])
    expect([...candidatesOf(sets, 0)]).toEqual([1, 2, 3, 4, 5])
    expect([1, 2, 3].map((item) => ratingOf(sets, 0, item))).toEqual([4, 1, NaN])
  })

  it('counts liked test items as relevant; disliked and unrated ones are worth the same: nothing', () => {
    const sets = fullCatalogueSets(split)
    const valuesFor = (order: number[]) => {
      const scorer = {
        score: (_u: number, items: Int32Array, count: number, out: Float32Array) => {
          for (let i = 0; i < count; i++) out[i] = -order.indexOf(items[i]!)
        },
      }
      const lists = drain(rankOnce(sets, scorer, 3))
      return new Map(drain(userValues(sets, lists, [3])).map(({ metric, values }) => [metric, values[0]]))
    }
    const values = valuesFor([2, 1, 3, 4, 5])
    expect(values.get('precision')).toBeCloseTo(1 / 3, 12)
    expect(values.get('recall')).toBe(1)
    expect(values.get('mrr')).toBe(1 / 2)
    expect(values.get('map')).toBe(1 / 2)
    expect(values.get('ndcg')).toBeCloseTo(1 / Math.log2(3), 12)
    expect(values.get('ndcg-binary')).toBeCloseTo(1 / Math.log2(3), 12)
    // Ratings 1 and 4 are known, the third item's is not: (-1 + .5) / 2.
    expect(values.get('reward')).toBeCloseTo(-0.25, 12)
    expect(valuesFor([3, 1, 4, 2, 5]).get('ndcg')).toBe(values.get('ndcg'))
    expect(valuesFor([3, 4, 5, 1, 2]).get('ndcg')).toBe(0)
    // Nothing that was recommended has a known rating.
    expect(valuesFor([3, 4, 5, 1, 2]).get('reward')).toBeNaN()
  })

  it('is ordered at once: there is no feedback on what was never rated', () => {
    const policy = { slots: 1, begin() {}, act() {}, score() {}, observe() {} }
    expect(() => drain(rankByPolicy(fullCatalogueSets(split), policy, 3, true))).toThrow(
      new TypeError('Only a logged rating can come back as feedback: a pool is ordered at once'),
    )
  })

  it('gives a policy asked once the lists of a scorer that says the same', () => {
    const sets = fullCatalogueSets(splitTables(starWorld({ users: 9, items: 150, perUser: 20 }), 'random:0.7', 1))
    const score = (_user: number, items: Int32Array, count: number, out: Float32Array) => {
      for (let i = 0; i < count; i++) out[i] = Math.sin(items[i]! * 1.7)
    }
    const policy = { slots: 4, begin() {}, act() {}, observe() {}, score }
    expect(drain(rankByPolicy(sets, policy, 7, false))).toEqual(drain(rankOnce(sets, { score }, 7)))
  })
})

describe('a sample', () => {
  const world = starWorld({ users: 40, items: 300, perUser: 30 })
  const sampled = (hash = 'a') => ({ ...splitTables(world, 'random:0.6', 1), hash })
  const allItems = (sets: CandidateSets) => [...sets.users.keys()].map((c) => [...candidatesOf(sets, c)])

  it('is one liked test item and 99 that the user has rated on neither side', () => {
    const given = sampled()
    const sets = sampledSets(given)
    expect(sets.users.length).toBeGreaterThan(30)
    for (const [c, user] of sets.users.entries()) {
      expect(candidateCount(sets, c)).toBe(1 + SAMPLED_ITEMS)
      expect([sets.start[c + 1]! - sets.start[c]!, sets.relevant[c]]).toEqual([1, 1])
      const rated = new Set([...itemsOf(given.train, user), ...itemsOf(given.test, user)])
      expect([...candidatesOf(sets, c)].filter((item) => rated.has(item))).toEqual([sets.items[c]])
    }
  })

  it('belongs to the split: the same for all who ask, another for another split', () => {
    expect(allItems(sampledSets(sampled()))).toEqual(allItems(sampledSets(sampled())))
    expect(allItems(sampledSets(sampled('b')))).not.toEqual(allItems(sampledSets(sampled())))
  })

  it('takes what there is where a user has rated nearly everything, and leaves out users who liked nothing', () => {
    const small = sampledSets(split)
    expect(allItems(small)).toEqual([[1, 3, 4, 5]])
    const disliked = { ...split, test: tableOf([rows[2]!], { users: 3, items: 6 }) }
    expect(sampledSets(disliked).users).toHaveLength(0)
  })

  it('draws every free item equally often', () => {
    const counts = new Int32Array(300)
    const draws = 60
    let lists = 0
    for (let hash = 0; hash < draws; hash++) {
      const sets = sampledSets(sampled(String(hash)))
      const c = 0
      for (const item of candidatesOf(sets, c)) if (item !== sets.items[c]) counts[item]!++
      lists++
    }
    const given = sampled()
    const user = sampledSets(given).users[0]!
    const rated = new Set([...itemsOf(given.train, user), ...itemsOf(given.test, user)])
    const free = [...counts].filter((_, item) => !rated.has(item))
    // Binomial(60, 99/270): mean 22, standard deviation 3.7.
    for (const count of free) expect(Math.abs(count - (lists * SAMPLED_ITEMS) / free.length)).toBeLessThan(5 * 3.7)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(draws * SAMPLED_ITEMS)
  })
})
