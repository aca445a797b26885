import { describe, expect, it } from 'vitest'
import { FeedbackLists, NO_ITEM } from '../../../../../src-main/engine/training/actor-critic/feedback-lists.ts'
import { fiveStars, tableOf, type Row } from '../../../../support/worlds.ts'

const everything = () => true

/** Lists of one slot after a history of [item, rating] in time order. */
function listsAfter(
  history: readonly (readonly [item: number, rating: number])[],
  length = 3,
  rule: 'preference' | 'latest' = 'preference',
) {
  const lists = new FeedbackLists(1, length, fiveStars, rule)
  const table = tableOf(
    history.map(([item, rating]): Row => [0, item, rating]),
    { items: 100, users: 1 },
  )
  lists.begin(0, table, Int32Array.from(history.keys()), everything)
  return lists
}
const shown = (list: Int32Array) => [...list].filter((item) => item !== NO_ITEM)

describe('feedback lists', () => {
  it('hold the liked items by t r and the disliked by t (rMax - r), t the rank over the length of the history', () => {
    const lists = listsAfter([
      [10, 5], // t = 1/6: 5/6
      [11, 1], // t = 2/6: 8/6
      [12, 4], // t = 3/6: 12/6
      [13, 2], // t = 4/6: 12/6
      [14, 3], // neutral
      [15, 1], // t = 6/6: 24/6
    ])
    expect(shown(lists.positive)).toEqual([12, 10])
    expect(shown(lists.negative)).toEqual([15, 13, 11])
  })

  it('drop the lowest score when full, even if the lowest is the newcomer', () => {
    // Scores 4/4, 8/4... with n = 2: 5/4, 10/4, 12/4, then 16/4.
    expect(
      shown(
        listsAfter(
          [
            [1, 5],
            [2, 5],
            [3, 4],
            [4, 4],
          ],
          2,
        ).positive,
      ),
    ).toEqual([4, 3])
    const lists = listsAfter(
      [
        [1, 1],
        [2, 1],
        [3, 1],
        [4, 2],
      ],
      2,
    )
    // 4/4, 8/4, 12/4, and 4 * 3/4 = 12/4: equal scores, the later first.
    expect(shown(lists.negative)).toEqual([4, 3])
    const low = listsAfter(
      [
        [1, 5],
        [2, 5],
        [3, 5],
        [4, 5],
      ],
      3,
    )
    low.observe(0, 9, 5)
    expect(shown(low.positive)).toEqual([9, 4, 3])
    // Dislikes of 1 at t = 2/3 and 3/3 (8/3, 12/3); a dislike of 2 at t = 1/3 (3/3) found no place.
    expect(
      shown(
        listsAfter(
          [
            [7, 2],
            [8, 1],
            [9, 1],
          ],
          2,
        ).negative,
      ),
    ).toEqual([9, 8])
  })

  it('change neither list on neutral feedback, but time goes on', () => {
    const lists = listsAfter([
      [1, 5],
      [2, 1],
    ])
    const before = [[...lists.positive], [...lists.negative]]
    lists.observe(0, 5, 3)
    expect([[...lists.positive], [...lists.negative]]).toEqual(before)
    expect(lists.save(0).rank[0]).toBe(3)
  })

  it('give a new item the next rank: it counts more than an equal old one', () => {
    const lists = listsAfter([
      [1, 5],
      [2, 4],
    ])
    // 5/2 and 8/2; new: 3/2 * 4 = 12/2, then 4/2 * 5 = 20/2.
    lists.observe(0, 3, 4)
    expect(shown(lists.positive)).toEqual([3, 2, 1])
    lists.observe(0, 4, 5)
    expect(shown(lists.positive)).toEqual([4, 3, 2])
  })

  it('keep the latest under the rule "latest", whatever the rating', () => {
    expect(
      shown(
        listsAfter(
          [
            [1, 5],
            [2, 4],
            [3, 4],
            [4, 4],
          ],
          2,
          'latest',
        ).positive,
      ),
    ).toEqual([4, 3])
    expect(
      shown(
        listsAfter(
          [
            [1, 1],
            [2, 1],
            [3, 2],
            [4, 3],
          ],
          2,
          'latest',
        ).negative,
      ),
    ).toEqual([3, 2])
    // Under "preference" a strong dislike (4/5 * 4) outlasts a later, weaker one (5/5 * 3).
    const history = [
      [1, 3],
      [2, 3],
      [3, 3],
      [4, 1],
      [5, 2],
    ] as const
    expect(shown(listsAfter(history, 1).negative)).toEqual([4])
    expect(shown(listsAfter(history, 1, 'latest').negative)).toEqual([5])
  })

  it('use only the rows that may be used, and count ranks among those', () => {
    const lists = new FeedbackLists(1, 4, fiveStars, 'preference')
    const table = tableOf([
      [0, 1, 5],
      [0, 2, 5],
      [0, 3, 5],
      [0, 4, 1],
    ])
    lists.begin(0, table, Int32Array.of(0, 1, 2, 3), (row) => row !== 1)
    expect(shown(lists.positive)).toEqual([3, 1])
    expect([lists.save(0).rank[0], lists.save(0).historyLength[0]]).toEqual([3, 3])
  })

  it('keep slots apart, and begin anew without a trace of before', () => {
    const lists = new FeedbackLists(3, 2, fiveStars, 'preference')
    const table = tableOf([
      [0, 1, 5],
      [0, 2, 1],
      [0, 3, 5],
      [0, 4, 5],
    ])
    const rows = Int32Array.of(0, 1, 2, 3)
    for (const slot of [0, 1, 2]) lists.begin(slot, table, rows, everything)
    lists.observe(1, 9, 5)
    expect([...lists.positive]).toEqual([4, 3, 9, 4, 4, 3])
    lists.begin(1, table, Int32Array.of(0), everything)
    expect([...lists.positive]).toEqual([4, 3, 1, NO_ITEM, 4, 3])
    expect([...lists.negative]).toEqual([2, NO_ITEM, NO_ITEM, NO_ITEM, 2, NO_ITEM])
    lists.begin(1, table, Int32Array.of(), everything)
    lists.observe(1, 7, 5)
    expect([...lists.positive]).toEqual([4, 3, 7, NO_ITEM, 4, 3])
  })

  it('work on a scale around zero: a late like outranks an early one', () => {
    const lists = new FeedbackLists(1, 2, { min: -10, max: 10, positiveFrom: -2, negativeTo: -5 }, 'preference')
    const table = tableOf([
      [0, 1, -2],
      [0, 2, -2],
      [0, 3, -2],
    ])
    lists.begin(0, table, Int32Array.of(0, 1, 2), everything)
    expect(shown(lists.positive)).toEqual([3, 2])
  })

  it('go on the same after save and restore, and a saved state is not tied to the lists', () => {
    const lists = listsAfter([
      [1, 5],
      [2, 4],
      [3, 1],
      [4, 2],
    ])
    const saved = lists.save(0)
    const text = JSON.stringify(Object.values(saved).map((column) => [...column]))
    const copy = new FeedbackLists(1, 3, fiveStars, 'preference')
    copy.restore(0, saved)
    for (const [item, rating] of [
      [5, 4],
      [6, 1],
      [7, 5],
      [8, 3],
      [9, 4],
    ] as const) {
      lists.observe(0, item, rating)
      copy.observe(0, item, rating)
      expect(copy.save(0)).toEqual(lists.save(0))
    }
    expect(JSON.stringify(Object.values(saved).map((column) => [...column]))).toBe(text)
  })
})
