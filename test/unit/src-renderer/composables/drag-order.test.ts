import { describe, expect, it } from 'vitest'
import { makesWay, moveTo, placeOf } from '../../../../src-renderer/composables/drag-order.ts'

/** Four rows, the second twice as high. */
const rows = [
  { top: 0, height: 40 },
  { top: 40, height: 80 },
  { top: 120, height: 40 },
  { top: 160, height: 40 },
]

describe('a row that is dragged', () => {
  it('has passed another when its edge is beyond the other’s middle', () => {
    expect([39, 41, 101].map((moved) => placeOf(rows, 0, moved))).toEqual([0, 1, 2])
    expect([-19, -21, -61, -99, -101, -141].map((moved) => placeOf(rows, 3, moved))).toEqual([3, 2, 2, 1, 1, 0])
    expect(placeOf(rows, 1, 0)).toBe(1)
  })

  it('has the rows that it passes make way by its height, and no other', () => {
    const ways = (from: number, to: number) => rows.map((_, at) => (at === from ? 0 : makesWay(rows, at, from, to)))
    expect(ways(0, 2)).toEqual([0, -40, -40, 0])
    expect(ways(3, 1)).toEqual([0, 40, 40, 0])
    expect(ways(1, 0)).toEqual([80, 0, 0, 0])
    expect(ways(2, 2)).toEqual([0, 0, 0, 0])
  })

  it('goes to an end or before another run, in the words of the queue', () => {
    const ids = [7, 8, 9, 10]
    expect([moveTo(ids, 2, 0), moveTo(ids, 0, 3), moveTo(ids, 1, 1)]).toEqual(['first', 'last', undefined])
    expect([moveTo(ids, 0, 2), moveTo(ids, 3, 1)]).toEqual([{ before: 10 }, { before: 8 }])
  })
})
