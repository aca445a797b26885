import { expect, it } from 'vitest'
import { median, quantile } from '../../../../src-main/services/bench/statistics.ts'

it('a median of an odd number of values is one of them, of an even number the middle of two', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(median([7])).toBe(7)
})

it('quantiles lie between the values and leave the array as it is', () => {
  const values = [50, 10, 20, 40, 30]
  expect(quantile(values, 0.1)).toBe(14)
  expect(quantile(values, 0.9)).toBe(46)
  expect(quantile(values, 1)).toBe(50)
  expect(values).toEqual([50, 10, 20, 40, 30])
})

it('there is no median of nothing', () => {
  expect(median([])).toBeNaN()
})
