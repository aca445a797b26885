import { describe, expect, it } from 'vitest'
import { principalComponents } from '../../../../src-main/engine/core/principal-components.ts'
import { Rng } from '../../../../src-main/engine/core/rng.ts'

const rounded = (values: Float64Array) => [...values].map((value) => Number(value.toFixed(6)) + 0)

describe('principal components', () => {
  it('find the line that points lie on, about their mean', () => {
    // Along (3, 4) / 5, at -5, 0 and 5 from (10, 20).
    const { coordinates, explained } = principalComponents(Float64Array.of(7, 16, 10, 20, 13, 24), 3, 2, 2)
    expect(rounded(coordinates)).toEqual([-5, 0, 0, 0, 5, 0])
    expect(rounded(explained)).toEqual([1, 0])
  })

  it('name the stronger direction first, each with its share of the variance', () => {
    const { coordinates, explained } = principalComponents(Float64Array.of(1, 0, -1, 0, 0, 2, 0, -2), 4, 2, 2)
    expect(rounded(coordinates)).toEqual([0, 1, 0, -1, 2, 0, -2, 0])
    expect(rounded(explained)).toEqual([0.8, 0.2])
  })

  it('find a direction that is on no axis though an axis varies most by itself', () => {
    // Variances 1.2 on the first axis, 1 and 1 on the others, but those two move together: 2 along their diagonal.
    const a = Math.sqrt(2.4)
    const b = Math.sqrt(2)
    const { explained } = principalComponents(Float64Array.of(a, 0, 0, -a, 0, 0, 0, b, b, 0, -b, -b), 4, 3, 2)
    expect(rounded(explained)).toEqual([0.625, 0.375])
  })

  it('are zeros for points that are all the same', () => {
    const { coordinates, explained } = principalComponents(new Float64Array(12).fill(3), 4, 3, 2)
    expect(rounded(coordinates)).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
    expect(rounded(explained)).toEqual([0, 0])
  })

  it('are uncorrelated, and no other direction holds more', () => {
    const rng = Rng.stream(7, 'points')
    const [rows, columns] = [200, 12]
    const points = Float64Array.from({ length: rows * columns }, (_, at) => rng.normal() * (1 + (at % columns)) + (at % 5))
    const { coordinates, explained } = principalComponents(points, rows, columns, columns)
    const variance = (p: number, q: number) => {
      let sum = 0
      for (let row = 0; row < rows; row++) sum += coordinates[row * columns + p]! * coordinates[row * columns + q]!
      return sum / rows
    }
    for (let p = 1; p < columns; p++) {
      expect(explained[p]!).toBeLessThanOrEqual(explained[p - 1]! + 1e-9)
      expect(Math.abs(variance(0, p))).toBeLessThan(1e-5 * variance(0, 0))
    }
    expect(explained.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6)
  })
})
