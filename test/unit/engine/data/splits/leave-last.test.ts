import { describe, expect, it } from 'vitest'
import { makeSplit } from '../../../../../src-main/engine/data/splits/make-split.ts'
import { errorOf, starWorld, tableOf } from '../../../../support/worlds.ts'

describe('a leave-last-out split', () => {
  const table = tableOf([
    [0, 0, 5, 40],
    [0, 1, 4, 10],
    [0, 2, 3, 50],
    [1, 1, 2, 700],
    [1, 3, 1, 600],
    [2, 4, 5, 1],
  ])

  it.each([
    [1, [2, 3]],
    // User 1 has two ratings: with both left out nothing would train for this user, who trains only.
    [2, [0, 2]],
  ])('tests on the last %i of each user’s ratings', (count, testRows) => {
    const split = makeSplit(table, { kind: 'leave-last', count })
    expect([split.text, [...split.testRows]]).toEqual([`leave-last:${count}`, testRows])
    expect(split.trainRows.length + split.testRows.length).toBe(6)
  })

  it('takes the row that stands later in the table where times are equal', () => {
    const tied = tableOf([
      [0, 0, 5, 7],
      [0, 1, 5, 7],
    ])
    expect([...makeSplit(tied, { kind: 'leave-last', count: 1 }).testRows]).toEqual([1])
  })

  it('leaves every user at least one training rating', () => {
    const world = starWorld({ users: 12, items: 20, perUser: 6 })
    for (const count of [1, 2, 5]) {
      const { trainRows, testRows } = makeSplit(world, { kind: 'leave-last', count })
      expect(new Set([...trainRows].map((row) => world.userIndex[row])).size).toBe(12)
      expect(testRows.length).toBe(12 * count)
    }
  })

  it('is refused where nobody has more ratings than are left out', () => {
    const error = errorOf(() => makeSplit(table, { kind: 'leave-last', count: 3 }))
    expect([error.code, error.message]).toEqual([
      'DATA_UNSUITABLE',
      'No user has more than 3 ratings: leave-last:3 leaves nothing to test on. Import more data or leave out fewer.',
    ])
  })
})
