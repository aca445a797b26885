import { describe, expect, it } from 'vitest'
import { activity } from '../../../../../src-main/engine/data/statistics/activity.ts'
import { timeBins } from '../../../../../src-main/engine/data/statistics/time-bins.ts'
import { ratingRows } from '../../../../support/rating-rows.ts'

const at = (text: string) => Date.parse(`${text}Z`) / 1000
const day = (text: string) => at(`${text}T00:00:00`)
const timesOf = (...times: number[]) => ratingRows(times.map((time) => [0, 0, 3, time] as const))

describe('activity over time', () => {
  it('counts ratings, and users and items where they are first seen, whatever the order of the rows', () => {
    const table = ratingRows([
      [0, 1, 4, at('2024-03-03T23:59:59')],
      [0, 0, 4, at('2024-03-01T12:00:00')],
      [1, 0, 4, at('2024-03-03T00:00:00')],
    ])
    expect(activity({ ...table, userCount: 3, itemCount: 4 })).toEqual({
      unit: 'day',
      bins: [
        { from: day('2024-03-01'), to: day('2024-03-02'), ratings: 1, newUsers: 1, newItems: 1 },
        { from: day('2024-03-02'), to: day('2024-03-03'), ratings: 0, newUsers: 0, newItems: 0 },
        { from: day('2024-03-03'), to: day('2024-03-04'), ratings: 2, newUsers: 1, newItems: 1 },
      ],
    })
  })

  it('is by rank where times are ranks, and by row where there are none', () => {
    const rows = [
      [0, 0, 3, 1],
      [0, 1, 3, 2],
      [1, 1, 3, 1],
    ] as const
    expect(activity(ratingRows(rows, { timeKind: 'per-user-rank' }))).toEqual({
      unit: 'rank',
      bins: [
        { from: 1, to: 2, ratings: 2, newUsers: 2, newItems: 2 },
        { from: 2, to: 3, ratings: 1, newUsers: 0, newItems: 0 },
      ],
    })
    expect(activity(ratingRows(rows, { timeKind: 'file-order' })).unit).toBe('row')
  })

  it('is nothing for a table without rows', () => expect(activity(ratingRows([])).bins).toEqual([]))
})

describe('bins of time', () => {
  it('are days up to three months', () => {
    const { unit, edges } = timeBins(timesOf(day('2024-01-01'), day('2024-04-01') + 86_399))
    expect(unit).toBe('day')
    expect(edges).toHaveLength(93)
  })

  it('are weeks from Monday to Monday up to three years, before 1970 too', () => {
    for (const [first, monday, last] of [
      ['2024-02-29', '2024-02-26', '2024-09-01'],
      ['1968-07-21', '1968-07-15', '1969-07-21'],
    ] as const) {
      const { unit, edges, binOf } = timeBins(timesOf(day(first), day(last)))
      expect(unit).toBe('week')
      expect(edges[0]).toBe(day(monday))
      expect(edges.every((edge, index) => index === 0 || edge - edges[index - 1]! === 7 * 86_400)).toBe(true)
      expect(binOf(day(first))).toBe(0)
      expect(binOf(day(last))).toBe(edges.length - 2)
    }
  })

  it('are months of the calendar, leap days in their place', () => {
    const { unit, edges, binOf } = timeBins(timesOf(day('2019-12-31'), at('2024-02-29T23:59:59')))
    expect(unit).toBe('month')
    expect([edges[0], edges[1], edges.at(-2), edges.at(-1)]).toEqual(
      ['2019-12-01', '2020-01-01', '2024-02-01', '2024-03-01'].map(day),
    )
    expect(binOf(at('2020-02-29T10:00:00'))).toBe(2)
    expect(binOf(day('2020-03-01'))).toBe(3)
  })

  it('are years over a lifetime', () => {
    const { unit, edges } = timeBins(timesOf(day('1960-06-01'), day('2020-06-01')))
    expect([unit, edges.length, edges[0], edges.at(-1)]).toEqual(['year', 62, day('1960-01-01'), day('2021-01-01')])
  })

  it('are equal spans where a time is no time: nothing overflows', () => {
    const { unit, edges, binOf } = timeBins(timesOf(0, 8e15))
    expect([unit, edges.length]).toEqual(['span', 81])
    expect([binOf(0), binOf(1e14), binOf(8e15)]).toEqual([0, 1, 79])
  })

  it('are at most eighty of whole ranks', () => {
    const { edges, binOf } = timeBins({ ...timesOf(1, 161), timeKind: 'per-user-rank' })
    expect([edges.length, edges[1]]).toEqual([55, 4])
    expect([binOf(1), binOf(3), binOf(4), binOf(161)]).toEqual([0, 0, 1, 53])
  })

  it('is one for a single moment', () => {
    const { edges, binOf } = timeBins(timesOf(at('2024-05-05T05:05:05')))
    expect(edges).toEqual([day('2024-05-05'), day('2024-05-06')])
    expect(binOf(at('2024-05-05T05:05:05'))).toBe(0)
  })
})
