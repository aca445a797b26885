import { describe, expect, it } from 'vitest'
import { makeSplit } from '../../../../../src-main/engine/data/splits/make-split.ts'
import { errorOf, tableOf, type Row } from '../../../../support/worlds.ts'

const at = (...times: number[]) => tableOf(times.map((time, row): Row => [row % 3, row, 3, time]))

describe('a split by time', () => {
  it('trains on what was rated before one moment, whoever rated it', () => {
    const split = makeSplit(at(50, 10, 40, 20, 30), { kind: 'time', share: 0.6 })
    expect([split.text, [...split.trainRows], [...split.testRows]]).toEqual(['time:0.6', [1, 3, 4], [0, 2]])
  })

  it.each([
    // Four of five wanted; the moments change after one and after three: three is nearer.
    [[1, 2, 2, 3, 3], 0.8, 3],
    // Position 2 lies inside a moment that begins at 1 and ends at 4: the beginning is nearer.
    [[1, 2, 2, 2, 3], 0.4, 1],
    // As near on both sides: the earlier moment.
    [[1, 2, 2, 3], 0.5, 1],
    // Everything asked for, but the test side gets its moment.
    [[1, 1, 1, 2], 0.99, 3],
  ])('keeps ratings of one moment together: %j at %d trains on %i', (times, share, trained) => {
    const table = at(...times)
    const { trainRows, testRows } = makeSplit(table, { kind: 'time', share })
    expect(trainRows.length).toBe(trained)
    const latest = Math.max(...[...trainRows].map((row) => table.time[row]!))
    for (const row of testRows) expect(table.time[row]!).toBeGreaterThan(latest)
  })

  it.each([
    ['per-user-rank', "a rank within each user's own ratings"],
    ['file-order', 'the order of its file'],
  ] as const)('is refused where the times are %s', (timeKind, what) => {
    const error = errorOf(() => makeSplit({ ...at(1, 2, 3), timeKind }, { kind: 'time', share: 0.8 }))
    expect([error.code, error.message, error.details]).toEqual([
      'DATA_UNSUITABLE',
      `The data set does not say when its ratings were given, only ${what}: a split by time (time:0.8) cannot be made. Choose chronological:0.8 or random:0.8.`,
      { reason: 'no real time' },
    ])
  })

  it('is refused where all ratings are of one moment', () => {
    for (const table of [at(5, 5, 5), at(5)]) {
      const error = errorOf(() => makeSplit(table, { kind: 'time', share: 0.5 }))
      expect([error.code, error.message]).toEqual([
        'DATA_UNSUITABLE',
        `All ${table.size} ratings were given at the same moment: time:0.5 leaves one side empty. Import more data or choose random:0.5.`,
      ])
    }
  })
})
