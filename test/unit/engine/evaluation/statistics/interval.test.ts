import { describe, expect, it } from 'vitest'
import { percentileInterval } from '../../../../../src-main/engine/evaluation/statistics/interval.ts'

describe('a percentile interval', () => {
  it('leaves out 2.5 % of the samples on either side, whatever their order', () => {
    const samples = Float64Array.from({ length: 1001 }, (_, at) => (at * 8) % 1001)
    expect(percentileInterval(samples)).toEqual({ low: 25, high: 975 })
  })

  it('looks at numbers only, and is empty without any', () => {
    expect(percentileInterval(Float64Array.from([NaN, 3, Infinity, 3]))).toEqual({ low: 3, high: 3 })
    expect(percentileInterval(Float64Array.from([NaN]))).toEqual({ low: null, high: null })
  })
})
