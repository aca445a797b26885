import { describe, expect, it } from 'vitest'
import type { Policy } from '../../../../src-main/engine/core/policy.ts'
import type { SimulatedUsers, SimulatedWorld } from '../../../../src-main/engine/core/simulator.ts'
import { oracleOf, playPolicy, playScorer, type EpisodeSource } from '../../../../src-main/engine/evaluation/play-episodes.ts'
import { ratingRows } from '../../../support/rating-rows.ts'
import { drain } from '../../../support/worlds.ts'

/**
 * Users who tire: item i is worth 5 - i stars to user 0 and i + 1 to user 1, and every item shown in the episode takes half a
 * star from the next. User 2 is like user 0 and leaves when an item is worth less than 4.
 */
function tiringWorld(): SimulatedWorld {
  const ratings = ratingRows([
    [0, 0, 5, 1],
    [2, 4, 5, 1],
  ])
  const worth = (user: number, item: number, shown: number) => Math.max(1, (user === 1 ? item + 1 : 5 - item) - 0.5 * shown)
  return {
    side: 'evaluation',
    ratings,
    predict: (_user, _items, count, out) => void out.fill(3, 0, count),
    users(slots): SimulatedUsers {
      const user = new Int32Array(slots)
      const shown = new Int32Array(slots)
      return {
        slots,
        begin(slot, index) {
          user[slot] = index
          shown[slot] = 0
        },
        answer(slot, item) {
          const rating = worth(user[slot]!, item, shown[slot]!++)
          return { choice: user[slot] === 2 && rating < 4 ? 'leave' : 'rate', rating, reward: (rating - 3) / 2 }
        },
        shown(slot) {
          shown[slot]!++
        },
        expected(slot, items, count, out) {
          for (let i = 0; i < count; i++) out[i] = (worth(user[slot]!, items[i]!, shown[slot]!) - 3) / 2
        },
      }
    },
  }
}

function sourceOf(users: readonly number[], candidates: readonly number[] = [0, 1, 2, 3, 4]): EpisodeSource {
  return {
    count: users.length,
    playerOf: (episode) => users[episode]!,
    userOf: (episode) => users[episode]!,
    candidatesOf: () => Int32Array.from(candidates),
  }
}

/** Likes the item best that lies farthest from what was answered last, low items first; remembers what it was told. */
function recorder(slots: number) {
  const told: string[] = []
  const policy: Policy = {
    slots,
    begin: (slot, user) => void told.push(`begin ${slot} ${user}`),
    act: () => undefined,
    score: (_slot, items, count, out) => {
      for (let i = 0; i < count; i++) out[i] = -items[i]!
    },
    observe: (slot, item, rating) => void told.push(`${slot}: ${item} ${rating}`),
  }
  return { policy, told }
}

const listOf = ({ start, items, ratings }: { start: Int32Array; items: Int32Array; ratings: Float32Array }, episode: number) =>
  Array.from({ length: start[episode + 1]! - start[episode]! }, (_, i) => [
    items[start[episode]! + i]!,
    ratings[start[episode]! + i]!,
  ])

describe('an episode with a simulated user', () => {
  it('gives the answers in the order of recommendation, user by user', () => {
    const { policy } = recorder(2)
    const lists = drain(playPolicy(tiringWorld(), sourceOf([0, 1]), () => policy, 2, 3))
    expect(listOf(lists, 0)).toEqual([
      [0, 5],
      [1, 3.5],
      [2, 2],
    ])
    expect(listOf(lists, 1)).toEqual([
      [0, 1],
      [1, 1.5],
      [2, 2],
    ])
  })

  it('starts afresh for each user: the same user twice in one slot is met twice alike', () => {
    const { policy, told } = recorder(1)
    const lists = drain(playPolicy(tiringWorld(), sourceOf([0, 0]), () => policy, 1, 2))
    expect(listOf(lists, 1)).toEqual(listOf(lists, 0))
    expect(told).toEqual(['begin 0 0', '0: 0 5', '0: 1 3.5', 'begin 0 0', '0: 0 5', '0: 1 3.5'])
  })

  it('is the same whatever company it has', () => {
    const alone = drain(playPolicy(tiringWorld(), sourceOf([1]), () => recorder(1).policy, 1, 4))
    const together = drain(playPolicy(tiringWorld(), sourceOf([0, 1, 2]), () => recorder(3).policy, 3, 4))
    expect(listOf(together, 1)).toEqual(listOf(alone, 0))
  })

  it('never shows an item twice, and ends where nothing is left', () => {
    const lists = drain(playPolicy(tiringWorld(), sourceOf([1, 0], [1, 4]), () => recorder(1).policy, 1, 20))
    expect(listOf(lists, 0).map(([item]) => item)).toEqual([1, 4])
    expect(listOf(lists, 1).map(([item]) => item)).toEqual([1, 4])
  })

  it('is empty for a user to whom nothing can be shown', () => {
    expect([...drain(playPolicy(tiringWorld(), sourceOf([0], []), () => recorder(1).policy, 1, 20)).start]).toEqual([0, 0])
    expect([...drain(playScorer(tiringWorld(), sourceOf([0], []), { score: () => undefined }, 20)).start]).toEqual([0, 0])
  })

  it('ends when the user leaves; what was answered last still counts', () => {
    const lists = drain(playPolicy(tiringWorld(), sourceOf([2, 0]), () => recorder(2).policy, 2, 5))
    expect(listOf(lists, 0)).toEqual([
      [0, 5],
      [1, 3.5],
    ])
    expect(listOf(lists, 1)).toHaveLength(5)
  })

  it('keeps one order for a static model, whatever comes back', () => {
    const scorer = {
      score: (_user: number, items: Int32Array, count: number, out: Float32Array) => out.set(items.subarray(0, count)),
    }
    const lists = drain(playScorer(tiringWorld(), sourceOf([0, 2]), scorer, 3))
    expect(listOf(lists, 0)).toEqual([
      [4, 1],
      [3, 1.5],
      [2, 2],
    ])
    expect(listOf(lists, 1)).toEqual([[4, 1]])
  })

  it('lets the oracle take what the user will like best, as the user is by then', () => {
    const lists = drain(playPolicy(tiringWorld(), sourceOf([0, 1]), oracleOf, 2, 3))
    expect(listOf(lists, 0)).toEqual([
      [0, 5],
      [1, 3.5],
      [2, 2],
    ])
    expect(listOf(lists, 1)).toEqual([
      [4, 5],
      [3, 3.5],
      [2, 2],
    ])
  })
})
