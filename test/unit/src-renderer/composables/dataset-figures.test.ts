import { describe, expect, test } from 'vitest'
import {
  cellPairs,
  describeHalves,
  fillByFifths,
  genreGroups,
  newcomers,
  tellingGenre,
} from '../../../../src-renderer/composables/dataset-figures.ts'
import {
  describeActivity,
  formatBin,
  formatDay,
  formatMoment,
  formatTick,
} from '../../../../src-renderer/composables/dataset-time.ts'

const bin = (from: number, to: number, newUsers: number, newItems: number) => ({ from, to, ratings: 1, newUsers, newItems })

describe('new users and items', () => {
  const bins = [bin(1, 3, 3, 1), bin(3, 5, 0, 1), bin(5, 7, 1, 2)]
  test('add up to all of them', () =>
    expect(newcomers({ bins, unit: 'week' })).toEqual([
      { x: 3, users: 3, items: 1, userShare: 0.75, itemShare: 0.25 },
      { x: 5, users: 3, items: 2, userShare: 0.75, itemShare: 0.5 },
      { x: 7, users: 4, items: 4, userShare: 1, itemShare: 1 },
    ]))
  test('stand at the last rank of a bin, not at the first of the next', () =>
    expect(newcomers({ bins, unit: 'rank' }).map((one) => one.x)).toEqual([2, 4, 6]))
  test('are none where nothing was rated', () => expect(newcomers({ bins: [], unit: 'span' })).toEqual([]))
})

describe('the picture of who rated what, in numbers', () => {
  const picture = {
    userEdges: [0, 2, 4, 6, 8, 10],
    itemEdges: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    ratings: Array.from({ length: 50 }, (_, at) => (at < 2 ? 2 : 0)),
    usersForHalf: 1,
    itemsForHalf: 2,
  }
  test('has the share of rated pairs by fifths', () => {
    const fifths = fillByFifths(picture)
    expect(fifths).toHaveLength(5)
    // Two cells of 2 users by 1 item, all of their pairs rated.
    expect(fifths[0]).toEqual([1, 0, 0, 0, 0])
    expect(fifths[4]).toEqual([0, 0, 0, 0, 0])
    expect(cellPairs(picture, 0, 0)).toBe(2)
  })
  test('is said in a sentence', () =>
    expect(describeHalves(picture)).toBe('Half of all ratings come from 10 % of the users and fall on 20 % of the items'))
  test('survives fewer users and items than fifths', () =>
    expect(
      fillByFifths({ ...picture, userEdges: [0, 1], itemEdges: [0, 1], ratings: [1] })
        .flat()
        .filter((fill) => fill > 0),
    ).toEqual([1]))
})

describe('genres on the map', () => {
  const point = (genres: string[], x: number, y: number) => ({ itemId: '1', title: null, ratings: 1, genres, x, y })
  test('have their centre, the most frequent first', () =>
    expect(genreGroups([point(['A', 'B'], 1, 1), point(['B'], 3, 5), point([], 9, 9)])).toEqual([
      { genre: 'B', items: 2, x: 2, y: 3 },
      { genre: 'A', items: 1, x: 1, y: 1 },
    ]))
  test('an item is coloured by its rarest genre that has a colour', () => {
    expect(tellingGenre(['Drama', 'War', 'Western'], ['Drama', 'Comedy', 'War'])).toBe('War')
    expect(tellingGenre(['Western'], ['Drama'])).toBeUndefined()
  })
})

describe('times', () => {
  const at = (text: string) => Date.parse(`${text}Z`) / 1000
  test('are told by what the data set knows of time', () => {
    expect(formatMoment(at('2024-02-29T23:05:59'), 'unix-seconds')).toBe('2024-02-29 23:05')
    expect(formatMoment(3, 'per-user-rank')).toBe('no. 3')
    expect(formatMoment(0, 'file-order')).toBe('row 1')
    expect(formatMoment(1e15, 'unix-seconds')).toBe('1,000,000,000,000,000 s')
    expect(formatDay(at('1969-12-31T00:00:00'))).toBe('1969-12-31')
  })
  test('name a bin by its unit', () => {
    const from = at('2024-02-01T00:00:00')
    const to = at('2024-03-01T00:00:00')
    expect(formatBin({ from, to }, 'month')).toBe('Feb 2024')
    expect(formatBin({ from, to }, 'week')).toBe('Week of 2024-02-01')
    expect(formatBin({ from, to }, 'year')).toBe('2024')
    expect(formatBin({ from, to }, 'span')).toBe('2024-02-01 to 2024-03-01')
    expect(formatBin({ from: 1, to: 30 }, 'rank')).toBe('1 to 29')
    expect(formatBin({ from: 4, to: 5 }, 'rank')).toBe('4')
    expect(formatBin({ from: 0, to: 10 }, 'row')).toBe('1 to 10')
    expect([formatTick({ from, to }, 'week'), formatTick({ from: 0, to: 10 }, 'row')]).toEqual(['2024-02-01', '1'])
  })
  test('say what the activity is about', () => {
    const days = [bin(0, 86_400, 1, 1), bin(86_400, 172_800, 0, 0)]
    expect(describeActivity({ timeKind: 'unix-seconds', unit: 'day', bins: days })).toEqual({
      title: 'Activity over time',
      lead: 'Ratings per day, 1970-01-01 to 1970-01-02 (UTC), 2 days',
    })
    expect(describeActivity({ timeKind: 'per-user-rank', unit: 'rank', bins: [bin(1, 30, 1, 1)] }).lead).toContain('29 ratings')
    expect(describeActivity({ timeKind: 'file-order', unit: 'row', bins: [] }).lead).toContain('no times')
    expect(describeActivity({ timeKind: 'unix-seconds', unit: 'span', bins: [] }).lead).toBe('No ratings')
  })
})
