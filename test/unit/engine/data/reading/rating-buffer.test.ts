import { describe, expect, it } from 'vitest'
import { RatingBuffer } from '../../../../../src-main/engine/data/reading/rating-buffer.ts'

const filled = (size: number): RatingBuffer => {
  const buffer = new RatingBuffer()
  for (let row = 0; row < size; row++) buffer.add(row % 1000, row >> 2, row / 8, row * 1.5)
  return buffer
}

const expected = (size: number) => ({
  userIndex: Int32Array.from({ length: size }, (_, row) => row % 1000),
  itemIndex: Int32Array.from({ length: size }, (_, row) => row >> 2),
  rating: Float32Array.from({ length: size }, (_, row) => row / 8),
  time: Float64Array.from({ length: size }, (_, row) => row * 1.5),
})

describe('RatingBuffer', () => {
  it.each([0, 1, 256, 257, 65_535, 65_536, 65_537, 131_072, 131_075, 200_000])('gives back %i rows as they came', (size) => {
    const buffer = filled(size)
    expect(buffer.size).toBe(size)
    expect(buffer.columns()).toEqual(expected(size))
    expect(buffer.take()).toEqual(expected(size))
    expect(buffer.size).toBe(0)
  })

  it('gives columns that no later row changes, and goes on after them', () => {
    const buffer = filled(65_536)
    const early = buffer.columns()
    buffer.add(7, 7, 7, 7)
    expect(early).toEqual(expected(65_536))
    const late = buffer.take()
    expect(late.rating.length).toBe(65_537)
    expect(late.rating.at(-1)).toBe(7)
  })
})
