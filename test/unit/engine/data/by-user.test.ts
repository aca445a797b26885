import { describe, expect, it } from 'vitest'
import { groupByUserInTime, groupRows } from '../../../../src-main/engine/data/by-user.ts'
import { tableOf } from '../../../support/worlds.ts'

describe('grouping by user', () => {
  it('keeps table order within a user, or time order with ties in table order', () => {
    const table = tableOf(
      [
        [1, 0, 3, 50],
        [0, 1, 3, 7],
        [1, 2, 3, 10],
        [1, 3, 3, 50],
        [1, 4, 3, 20],
      ],
      { users: 3 },
    )
    const plain = groupRows(table.userIndex, 3)
    expect([[...plain.start], [...plain.rows]]).toEqual([
      [0, 1, 5, 5],
      [1, 0, 2, 3, 4],
    ])
    expect([...groupByUserInTime(table).rows]).toEqual([1, 2, 4, 0, 3])
  })
})
