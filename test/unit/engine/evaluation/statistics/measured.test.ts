import { describe, expect, it } from 'vitest'
import {
  differenceOf,
  meanOf,
  usersWithValue,
  type Measured,
} from '../../../../../src-main/engine/evaluation/statistics/measured.ts'

const table = (trials: number, ...values: number[]): Measured => ({
  trials,
  users: values.length / trials,
  values: Float64Array.from(values),
})

describe('measured values', () => {
  it('average over what there is', () => {
    expect(meanOf(table(2, 1, NaN, 3, 5))).toBe(3)
    expect(meanOf(table(1, NaN))).toBeNaN()
  })

  it('differ where both have a value, and nowhere else', () => {
    const difference = differenceOf(table(2, 1, NaN, 3, 5), table(2, 0.5, 1, NaN, 7))
    expect(difference).toEqual(table(2, 0.5, NaN, NaN, -2))
  })

  it('count a user once in however many trials', () => {
    expect(usersWithValue(table(2, 1, NaN, NaN, 3, NaN, 5))).toBe(2)
    expect(usersWithValue(table(1))).toBe(0)
  })
})
