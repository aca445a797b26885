import { describe, expect, it } from 'vitest'
import type { Policy } from '../../../../src-main/engine/core/policy.ts'
import { candidateSetsOf, type CandidateSets } from '../../../../src-main/engine/evaluation/candidate-sets.ts'
import { rankByPolicy, rankOnce, type RankedLists } from '../../../../src-main/engine/evaluation/rank.ts'
import { drain, starWorld, tableOf } from '../../../support/worlds.ts'

const listOf = (lists: RankedLists, c: number) => [...lists.items.subarray(lists.start[c]!, lists.start[c + 1]!)]

describe('candidate sets', () => {
  it('are the users’ own test items in ascending order, for the users that have any', () => {
    const sets = candidateSetsOf(
      tableOf(
        [
          [3, 9, 5],
          [1, 4, 2],
          [3, 2, 1],
          [3, 5, 4],
        ],
        { users: 6 },
      ),
    )
    expect([...sets.users]).toEqual([1, 3])
    expect([...sets.start]).toEqual([0, 1, 4])
    expect([...sets.items]).toEqual([4, 2, 5, 9])
    expect([...sets.ratings]).toEqual([2, 1, 4, 5])
    expect([...sets.relevant]).toEqual([0, 2])
  })

  it('are empty for an empty test side', () => {
    const sets = candidateSetsOf(tableOf([], { users: 2, items: 2 }))
    expect([sets.users.length, [...sets.start]]).toEqual([0, [0]])
    expect(drain(rankOnce(sets, { score() {} }, 5)).items).toHaveLength(0)
  })
})

describe('ordering once', () => {
  const sets = candidateSetsOf(
    tableOf([
      [0, 7, 1],
      [0, 3, 5],
      [0, 5, 2],
      [0, 1, 4],
    ]),
  )

  it('goes by score, highest first, and equal scores by item index', () => {
    const scores: Record<number, number> = { 1: 0, 3: 2, 5: 2, 7: 2 }
    const scorer = {
      score: (_u: number, items: Int32Array, count: number, out: Float32Array) => {
        for (let i = 0; i < count; i++) out[i] = scores[items[i]!]!
      },
    }
    const lists = drain(rankOnce(sets, scorer, 10))
    expect(listOf(lists, 0)).toEqual([3, 5, 7, 1])
    expect([...lists.ratings]).toEqual([5, 2, 1, 4])
    expect([...lists.scores]).toEqual([2, 2, 2, 0])
    expect(listOf(drain(rankOnce(sets, scorer, 2)), 0)).toEqual([3, 5])
  })
})

type Said = {
  readonly kind: 'begin' | 'act' | 'score' | 'observe'
  readonly user: number
  readonly items: number[]
  readonly rating: number
}

/**
 * A policy that writes down all it is told. Its score of an item depends on the user, the item and what was observed so
 * far, so that any mixing of users or steps changes its lists.
 */
function spyPolicy(slots: number): Policy & { readonly said: Said[] } {
  const said: Said[] = []
  const users = new Int32Array(slots).fill(-1)
  const seen = Array.from({ length: slots }, () => 0)
  const acted = new Float64Array(slots)
  const tell = (kind: Said['kind'], slot: number, items: number[] = [], rating = 0) =>
    said.push({ kind, user: users[slot]!, items, rating })
  return {
    slots,
    said,
    begin(slot, user) {
      users[slot] = user
      seen[slot] = 0
      tell('begin', slot)
    },
    act(active, count) {
      for (let a = 0; a < count; a++) {
        acted[active[a]!] = seen[active[a]!]!
        tell('act', active[a]!)
      }
    },
    score(slot, items, count, out) {
      tell('score', slot, [...items.subarray(0, count)])
      for (let i = 0; i < count; i++) out[i] = Math.sin(1 + users[slot]! * 3.1 + items[i]! * 1.7 + acted[slot]! * 0.9)
    },
    observe(slot, item, rating) {
      seen[slot] = seen[slot]! * 1.3 + item + rating
      tell('observe', slot, [item], rating)
    },
  }
}

const world = starWorld({ users: 23, items: 30, perUser: 9 })
const uneven = candidateSetsOf(
  tableOf(
    Array.from({ length: world.size }, (_, row) => row)
      .filter((row) => world.itemIndex[row]! % (1 + (world.userIndex[row]! % 4)) === 0)
      .map((row) => [world.userIndex[row]!, world.itemIndex[row]!, world.rating[row]!]),
    { users: 23, items: 30 },
  ),
)
const ratingOf = (sets: CandidateSets, user: number, item: number) => {
  const c = sets.users.indexOf(user)
  const at = sets.items.subarray(sets.start[c]!, sets.start[c + 1]!).indexOf(item)
  return sets.ratings[sets.start[c]! + at]!
}

describe('a policy asked step by step', () => {
  it('learns a rating only after it has recommended the item, and is never offered an item twice', () => {
    const policy = spyPolicy(8)
    const lists = drain(rankByPolicy(uneven, policy, 30, true))
    for (const [c, user] of uneven.users.entries()) {
      const story = policy.said.filter((event) => event.user === user)
      const open = new Set(uneven.items.subarray(uneven.start[c]!, uneven.start[c + 1]!))
      expect(story[0]!.kind).toBe('begin')
      const list = listOf(lists, c)
      expect(story.map((event) => event.kind).slice(1)).toEqual(list.flatMap(() => ['act', 'score', 'observe']))
      story.slice(1).forEach(({ kind, items, rating }, at) => {
        const recommended = list[Math.floor(at / 3)]!
        if (kind === 'score') expect(new Set(items)).toEqual(open)
        if (kind !== 'observe') return
        expect([items, rating]).toEqual([[recommended], ratingOf(uneven, user, recommended)])
        open.delete(recommended)
      })
      expect(open.size).toBe(0)
    }
  })

  it('gives the same lists in any batch size', () => {
    const alone = drain(rankByPolicy(uneven, spyPolicy(1), 6, true))
    for (const slots of [2, 7, 64]) expect(drain(rankByPolicy(uneven, spyPolicy(slots), 6, true))).toEqual(alone)
    // The negative control: feedback matters to this policy.
    expect(drain(rankByPolicy(uneven, spyPolicy(1), 6, false)).items).not.toEqual(alone.items)
  })

  it('stops at the wanted length, and hears of no rating beyond it', () => {
    const policy = spyPolicy(4)
    const lists = drain(rankByPolicy(uneven, policy, 2, true))
    for (const c of uneven.users.keys())
      expect(listOf(lists, c).length).toBe(Math.min(2, uneven.start[c + 1]! - uneven.start[c]!))
    expect(policy.said.filter((event) => event.kind === 'observe')).toHaveLength(lists.items.length)
  })

  it('breaks ties by item index at every step', () => {
    const flat: Policy = {
      slots: 2,
      begin() {},
      act() {},
      score: (_s, _i, count, out) => void out.fill(1, 0, count),
      observe() {},
    }
    const lists = drain(rankByPolicy(uneven, flat, 30, true))
    for (const c of uneven.users.keys())
      expect(listOf(lists, c)).toEqual([...uneven.items.subarray(uneven.start[c]!, uneven.start[c + 1]!)])
    expect(drain(rankByPolicy(uneven, flat, 30, false))).toEqual(lists)
  })
})

describe('a policy asked once', () => {
  it('is read off its first action: the first item is that of the step-by-step list, and nothing is observed', () => {
    const policy = spyPolicy(8)
    const once = drain(rankByPolicy(uneven, policy, 30, false))
    const steps = drain(rankByPolicy(uneven, spyPolicy(8), 30, true))
    expect(policy.said.some((event) => event.kind === 'observe')).toBe(false)
    for (const c of uneven.users.keys()) expect(listOf(once, c)[0]).toBe(listOf(steps, c)[0])
    const scorer = {
      score: (user: number, items: Int32Array, count: number, out: Float32Array) => {
        for (let i = 0; i < count; i++) out[i] = Math.sin(1 + user * 3.1 + items[i]! * 1.7)
      },
    }
    expect(once).toEqual(drain(rankOnce(uneven, scorer, 30)))
  })
})

it('users with lists of a length act together, so that a batch takes no step for one of them alone', () => {
  const lengths = [1, 5, 1, 5]
  const sets = candidateSetsOf(
    tableOf(lengths.flatMap((length, user) => Array.from({ length }, (_, item) => [user, item, 3] as const))),
  )
  let acts = 0
  const policy: Policy = { slots: 2, begin() {}, act: () => void acts++, score() {}, observe() {} }
  const lists = drain(rankByPolicy(sets, policy, 5, true))
  expect(acts).toBe(5 + 1)
  expect(lengths.map((_, c) => listOf(lists, c))).toEqual([[0], [0, 1, 2, 3, 4], [0], [0, 1, 2, 3, 4]])
})
