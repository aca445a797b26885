import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolveDuplicates, type RatingColumns } from '../../../../../src-main/engine/data/reading/duplicates.ts'

type Row = readonly [user: number, item: number, rating: number, time: number]

const columnsOf = (rows: readonly Row[]): RatingColumns => ({
  userIndex: Int32Array.from(rows, (row) => row[0]),
  itemIndex: Int32Array.from(rows, (row) => row[1]),
  rating: Float32Array.from(rows, (row) => row[2]),
  time: Float64Array.from(rows, (row) => row[3]),
})

// User 0 rated item 0 three times and user 1 once in between; user 0 rated item 1 once.
const rows: readonly Row[] = [
  [0, 0, 1, 10],
  [0, 1, 4, 20],
  [0, 0, 2, 30],
  [1, 0, 5, 40],
  [0, 0, 4.5, 50],
]

describe('resolveDuplicates', () => {
  it('keeps the last row of a user and an item', () => {
    expect(resolveDuplicates(columnsOf(rows), 'last', 2, 2)).toEqual(columnsOf([rows[1]!, rows[3]!, rows[4]!]))
  })

  it('keeps the first', () => {
    expect(resolveDuplicates(columnsOf(rows), 'first', 2, 2)).toEqual(columnsOf([rows[0]!, rows[1]!, rows[3]!]))
  })

  it('keeps the last row with the mean of all', () => {
    expect(resolveDuplicates(columnsOf(rows), 'mean', 2, 2)).toEqual(columnsOf([rows[1]!, rows[3]!, [0, 0, 2.5, 50]]))
  })

  it('keeps all, and what has no duplicates, as they are', () => {
    const columns = columnsOf(rows)
    expect(resolveDuplicates(columns, 'all', 2, 2)).toBe(columns)
    const without = columnsOf(rows.slice(1, 4))
    for (const policy of ['last', 'first', 'mean'] as const) expect(resolveDuplicates(without, policy, 2, 2)).toBe(without)
  })

  it('comes to the same as a search of all pairs', () => {
    const row = fc.tuple(
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 0, max: 1000 }),
    )
    const same = (a: Row, b: Row) => a[0] === b[0] && a[1] === b[1]
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), (all) => {
        const firsts = all.filter((one, at) => !all.slice(0, at).some((other) => same(one, other)))
        const lasts = all.filter((one, at) => !all.slice(at + 1).some((other) => same(one, other)))
        const means = lasts.map((last): Row => {
          const ratings = all.filter((other) => same(last, other)).map((other) => other[2])
          return [last[0], last[1], ratings.reduce((sum, rating) => sum + rating, 0) / ratings.length, last[3]]
        })
        expect(resolveDuplicates(columnsOf(all), 'first', 6, 6)).toEqual(columnsOf(firsts))
        expect(resolveDuplicates(columnsOf(all), 'last', 6, 6)).toEqual(columnsOf(lasts))
        expect(resolveDuplicates(columnsOf(all), 'mean', 6, 6)).toEqual(columnsOf(means))
      }),
    )
  })
})
