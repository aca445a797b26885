import { describe, expect, it } from 'vitest'
import type { RatingColumns } from '../../../../../src-main/engine/data/reading/duplicates.ts'
import { RatingBuffer } from '../../../../../src-main/engine/data/reading/rating-buffer.ts'

const filled = (size: number): RatingBuffer => {
  const buffer = new RatingBuffer()
  for (let row = 0; row < size; row++) buffer.add(row % 1000, row >> 2, row / 8, row * 1.5)
  return buffer
}

/** The first row that is not as it was put in, or the number of rows. */
function rightRows({ userIndex, itemIndex, rating, time }: RatingColumns): number {
  const wrong = rating.findIndex(
    (value, row) =>
      value !== Math.fround(row / 8) || userIndex[row] !== row % 1000 || itemIndex[row] !== row >> 2 || time[row] !== row * 1.5,
  )
  return wrong < 0 ? rating.length : wrong
}

const lengths = ({ userIndex, itemIndex, rating, time }: RatingColumns) =>
  [userIndex, itemIndex, rating, time].map((column) => column.length)

describe('RatingBuffer', () => {
  it.each([0, 1, 256, 257, 4097, 65_536, 65_537, 2_097_151, 2_097_152, 2_097_153, 4_194_311])(
    'gives back %i rows as they came',
    (size) => {
      const buffer = filled(size)
      expect(buffer.size).toBe(size)
      const copy = buffer.columns()
      expect(rightRows(copy)).toBe(size)
      expect(lengths(copy)).toEqual([size, size, size, size])
      const taken = buffer.take()
      expect(rightRows(taken)).toBe(size)
      expect(lengths(taken)).toEqual([size, size, size, size])
      expect(buffer.size).toBe(0)
    },
  )

  it('gives columns that no later row changes, and goes on after them', () => {
    const buffer = filled(2_097_152)
    const early = buffer.columns()
    buffer.add(7, 7, 7, 7)
    expect(rightRows(early)).toBe(2_097_152)
    const late = buffer.take()
    expect(rightRows(late)).toBe(2_097_152)
    expect(lengths(late)[0]).toBe(2_097_153)
    expect(late.rating.at(-1)).toBe(7)
  })
})
