import { describe, expect, it } from 'vitest'
import { checkSplit } from '../../../../../src-main/engine/data/statistics/split-check.ts'
import { ratingRows } from '../../../../support/rating-rows.ts'

const split = (train: number[], test: number[]) => ({ trainRows: Int32Array.from(train), testRows: Int32Array.from(test) })
const table = ratingRows(
  [
    [0, 0, 5, 1],
    [0, 1, 4, 2],
    [0, 2, 3, 3],
    [1, 3, 2, 1],
    [2, 0, 2, 1],
  ],
  { userCount: 4, itemCount: 5 },
)

describe('looking through a split', () => {
  it('finds nothing where the test side is later, of other pairs, and everybody is on both sides', () => {
    const clean = ratingRows([
      [0, 0, 5, 1],
      [0, 1, 4, 2],
      [1, 1, 5, 1],
      [1, 0, 4, 2],
    ])
    expect(checkSplit(clean, split([0, 2], [1, 3]))).toEqual({
      train: 2,
      test: 2,
      users: 2,
      usersWithoutTrain: 0,
      usersWithoutTest: 0,
      itemsWithoutTrain: 0,
      pairOnBothSides: { count: 0, rows: [] },
      testBeforeTrain: { count: 0, rows: [] },
    })
  })

  it('counts users that are on one side only, and items that training has never seen; who rated nothing counts nowhere', () =>
    expect(checkSplit(table, split([0, 1, 4], [2, 3]))).toMatchObject({
      users: 3,
      usersWithoutTrain: 1,
      usersWithoutTest: 1,
      itemsWithoutTrain: 2,
    }))

  it('finds test ratings that are older than a training rating of the same user; the same moment is no leak', () => {
    expect(checkSplit(table, split([1, 3, 4], [0, 2])).testBeforeTrain).toEqual({ count: 1, rows: [0] })
    const twice = ratingRows([[0, 0, 5, 1], [0, 1, 5, 1]]) // prettier-ignore
    expect(checkSplit(twice, split([0], [1])).testBeforeTrain).toEqual({ count: 0, rows: [] })
  })

  it('says nothing about time where the source has none', () =>
    expect(checkSplit({ ...table, timeKind: 'file-order' }, split([1, 3, 4], [0, 2])).testBeforeTrain).toBeNull())

  it('finds pairs on both sides, all counted and three shown; another user’s item is none', () => {
    const doubled = ratingRows([
      [0, 0, 5, 1],
      [0, 0, 4, 2],
      [0, 0, 4, 3],
      [0, 0, 4, 4],
      [0, 0, 4, 5],
      [1, 0, 4, 6],
    ])
    expect(checkSplit(doubled, split([0], [1, 2, 3, 4, 5])).pairOnBothSides).toEqual({ count: 4, rows: [1, 2, 3] })
  })
})
