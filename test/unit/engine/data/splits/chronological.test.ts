import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeSplit } from '../../../../../src-main/engine/data/splits/make-split.ts'
import { errorOf, starWorld, tableOf, type Row } from '../../../../support/worlds.ts'

describe('a chronological split', () => {
  it('trains on the first share of each user’s own ratings, in time, not in the order of the table', () => {
    const table = tableOf([
      [0, 0, 5, 40],
      [1, 0, 5, 900],
      [0, 1, 4, 10],
      [0, 2, 3, 50],
      [1, 1, 2, 700],
      [0, 3, 1, 20],
      [0, 4, 5, 30],
      [1, 2, 5, 800],
    ])
    // User 0 by time: rows 2, 5, 6, 0, 3, of which round(0.6 * 5) = 3 train. User 1: rows 4, 7, 1, of which round(1.8) = 2.
    const split = makeSplit(table, { kind: 'chronological', share: 0.6 })
    expect([split.text, [...split.trainRows], [...split.testRows]]).toEqual(['chronological:0.6', [2, 4, 5, 6, 7], [0, 1, 3]])
  })

  it('keeps the order of the table where times are equal, and trains on a user’s only rating', () => {
    const table = tableOf([
      [0, 0, 5, 7],
      [0, 1, 5, 7],
      [0, 2, 5, 7],
      [0, 3, 5, 7],
      [1, 0, 5, 7],
    ])
    expect([...makeSplit(table, { kind: 'chronological', share: 0.1 }).trainRows]).toEqual([0, 4])
    expect([...makeSplit(table, { kind: 'chronological', share: 0.5 }).trainRows]).toEqual([0, 1, 4])
  })

  it('never tests a user on a rating older than one that trains, whatever the times', () => {
    const rows = fc.array(fc.tuple(fc.nat(4), fc.nat(30), fc.integer({ min: 1, max: 5 }), fc.nat(9)), {
      minLength: 8,
      maxLength: 60,
    })
    fc.assert(
      fc.property(rows, fc.double({ min: 0.05, max: 0.9, noNaN: true }), (drawn, share) => {
        const table = tableOf([...drawn, ...Array.from({ length: 20 }, (_, time): Row => [5, time, 3, time])], { items: 31 })
        const { trainRows, testRows } = makeSplit(table, { kind: 'chronological', share })
        expect([...trainRows, ...testRows].sort((a, b) => a - b)).toEqual(Array.from({ length: table.size }, (_, row) => row))
        for (const test of testRows) {
          for (const train of trainRows) {
            if (table.userIndex[test] === table.userIndex[train]) {
              expect(table.time[test]!).toBeGreaterThanOrEqual(table.time[train]!)
            }
          }
        }
      }),
    )
  })

  it('is refused where nobody has enough ratings', () => {
    const table = starWorld({ users: 9, items: 10, perUser: 2 })
    const error = errorOf(() => makeSplit(table, { kind: 'chronological', share: 0.8 }))
    expect([error.code, error.message]).toEqual([
      'DATA_UNSUITABLE',
      'No user has enough ratings for chronological:0.8: nobody would have a test rating. Import more data or choose a smaller share.',
    ])
  })
})
