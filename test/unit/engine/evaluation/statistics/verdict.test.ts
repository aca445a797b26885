import { describe, expect, it } from 'vitest'
import { verdictOf } from '../../../../../src-main/engine/evaluation/statistics/verdict.ts'

describe('the verdict on a difference', () => {
  it.each([
    [0.1, 0.049, 'higher'],
    [-0.1, 0.049, 'lower'],
    [0.1, 0.05, 'not distinguishable'],
    [-0.1, 1, 'not distinguishable'],
    [0.1, null, 'not distinguishable'],
    [0, 0.01, 'not distinguishable'],
  ] as const)('of %d with a corrected p of %s is "%s"', (difference, p, expected) => {
    expect(verdictOf(difference, p)).toBe(expected)
  })
})
