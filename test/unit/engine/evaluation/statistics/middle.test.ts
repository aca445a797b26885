import { describe, expect, it } from 'vitest'
import { Rng } from '../../../../../src-main/engine/core/rng.ts'
import { middleOf } from '../../../../../src-main/engine/evaluation/statistics/middle.ts'

const of = (values: readonly number[], users = Int32Array.from(values.keys())) =>
  middleOf(Float64Array.from(values), users, 400, Rng.stream(1, 'bootstrap'))

describe('the middle half of the users', () => {
  it('is the mean without the lowest and the highest quarter', () => {
    expect(of([9, 1, 2, -50])).toMatchObject({ value: 1.5, users: 4 })
    expect(of([1, 2, 3, 4, 5, 6, 7, 100])).toMatchObject({ value: 4.5, users: 8 })
  })

  it('leaves out who has no value and who does not count', () => {
    expect(of([9, NaN, 1, 2, -50])).toMatchObject({ value: 1.5, users: 4 })
    expect(of([9, 1, 2, -50, 1000], Int32Array.of(0, 1, 2, 3))).toMatchObject({ value: 1.5, users: 4 })
  })

  it('has an interval around it; none for one user, and nothing for nobody', () => {
    const { value, low, high } = of([1, 2, 3, 4, 5, 6, 7, 100])!
    expect(low).toBeLessThan(value)
    expect(high).toBeGreaterThan(value)
    expect(high).toBeLessThan(100)
    expect(of([3, 3, 3, 3])).toEqual({ value: 3, users: 4, low: 3, high: 3 })
    expect(of([2])).toEqual({ value: 2, users: 1, low: null, high: null })
    expect(of([NaN])).toBeNull()
  })
})
