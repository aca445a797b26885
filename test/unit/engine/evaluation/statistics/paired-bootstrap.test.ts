import { describe, expect, it } from 'vitest'
import { bootstrapP } from '../../../../../src-main/engine/evaluation/statistics/paired-bootstrap.ts'

describe('the p value of a bootstrap', () => {
  it('is the share of samples as far from the observed difference as zero is, itself counted', () => {
    // Distances from .3: .3, 0, .1, .3, .5. Three reach .3.
    const samples = Float64Array.from([0, 0.3, 0.4, 0.6, 0.8])
    expect(bootstrapP(0.3, samples)).toBe((1 + 3) / 6)
    expect(
      bootstrapP(
        -0.3,
        samples.map((sample) => -sample),
      ),
    ).toBe((1 + 3) / 6)
  })

  it('is 1 where there is no difference, and never 0', () => {
    expect(bootstrapP(0, new Float64Array(99))).toBe(1)
    expect(bootstrapP(5, new Float64Array(99).fill(5))).toBe(1 / 100)
  })

  it('leaves out samples without a value', () => {
    expect(bootstrapP(1, Float64Array.from([NaN, 1, 3]))).toBe(2 / 3)
  })
})
