import { describe, expect, it } from 'vitest'
import { genreMeans } from '../../../../../src-main/engine/data/statistics/genre-means.ts'
import { ratingRows } from '../../../../support/rating-rows.ts'

const table = ratingRows([
  [0, 0, 5, 1],
  [1, 0, 4, 2],
  [0, 1, 2, 3],
  [1, 2, 3, 4],
])

describe('the mean rating per genre', () => {
  it('counts an item in each of its genres, with an interval over items', () => {
    // Drama: 5, 4 on item 0 and 2 on item 1. Mean 11/3; deviations of the items' sums 9 - 22/3 = 5/3 and 2 - 11/3 = -5/3.
    const half = (1.96 * Math.sqrt(2 * (25 / 9) * 2)) / 3
    const [drama, comedy] = genreMeans(table, [['Drama', 'Comedy'], ['Drama'], []])
    expect(drama).toMatchObject({ genre: 'Drama', items: 2, ratings: 3 })
    expect(drama!.mean).toBeCloseTo(11 / 3, 12)
    expect(drama!.high! - drama!.mean!).toBeCloseTo(half, 12)
    expect(drama!.mean! - drama!.low!).toBeCloseTo(half, 12)
    expect(comedy).toEqual({ genre: 'Comedy', items: 1, ratings: 2, mean: 4.5, low: null, high: null })
  })

  it('is nought wide when all items agree', () => {
    const [only] = genreMeans(ratingRows([[0, 0, 4, 1], [0, 1, 4, 2]]), [['A'], ['A']]) // prettier-ignore
    expect(only).toEqual({ genre: 'A', items: 2, ratings: 2, mean: 4, low: 4, high: 4 })
  })

  it('gathers items without a genre, lists unrated genres last, and counts a genre named twice once', () => {
    const means = genreMeans({ ...table, itemCount: 4 }, [['A', 'A'], [], [], ['B']])
    expect(means.map(({ genre, items, ratings, mean }) => [genre, items, ratings, mean])).toEqual([
      ['', 2, 2, 2.5],
      ['A', 1, 2, 4.5],
      ['B', 1, 0, null],
    ])
  })

  it('is nothing where no item has a genre', () => expect(genreMeans(table, [[], [], []])).toEqual([]))
})
