import { describe, expect, it } from 'vitest'
import { sparsity } from '../../../../../src-main/engine/data/statistics/sparsity.ts'
import { ratingRows } from '../../../../support/rating-rows.ts'

describe('the picture of what is rated', () => {
  it('puts the most active users and the most rated items first', () => {
    const table = ratingRows([
      [1, 2, 3, 1],
      [1, 0, 3, 2],
      [0, 2, 3, 3],
      [2, 2, 3, 4],
    ])
    expect(sparsity(table)).toEqual({
      userEdges: [0, 1, 2, 3],
      itemEdges: [0, 1, 2, 3],
      // Users 1, 0, 2 by items 2, 0, 1.
      ratings: [1, 1, 0, 1, 0, 0, 1, 0, 0],
      usersForHalf: 1,
      itemsForHalf: 1,
    })
  })

  it('gathers neighbours into cells of nearly equal size and loses no rating', () => {
    const rows = Array.from({ length: 70 }, (_, user) => Array.from({ length: 1 + (user % 7) }, (_, item) => [user, item * 3, 3, 0] as const)).flat() // prettier-ignore
    const picture = sparsity(ratingRows(rows, { itemCount: 25 }), 4, 10)
    expect(picture.userEdges).toEqual([0, 18, 35, 53, 70])
    expect(picture.itemEdges).toEqual([0, 3, 5, 8, 10, 13, 15, 18, 20, 23, 25])
    expect(picture.ratings).toHaveLength(40)
    expect(picture.ratings.reduce((sum, count) => sum + count, 0)).toBe(rows.length)
    // Users with 7 and 6 ratings (10 + 8 of 10) on the three most rated items.
    expect(picture.ratings[0]).toBe(18 * 3)
  })

  it('says how few hold half of all ratings', () => {
    const table = ratingRows([
      [0, 0, 3, 0],
      [0, 1, 3, 0],
      [0, 2, 3, 0],
      [1, 0, 3, 0],
      [2, 0, 3, 0],
      [3, 3, 3, 0],
    ])
    expect(sparsity(table)).toMatchObject({ usersForHalf: 1, itemsForHalf: 1 })
  })

  it('is empty for a table without rows', () =>
    expect(sparsity(ratingRows([]))).toEqual({ userEdges: [0], itemEdges: [0], ratings: [], usersForHalf: 0, itemsForHalf: 0 }))
})
