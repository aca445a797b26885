import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSignificant, signTest, winsNeeded } from '../../../../../src-main/engine/evaluation/statistics/sign-test.ts'

describe('the sign test', () => {
  it.each([
    // Both tails of a fair coin: 2 (1 + 10) / 2^10, 2 (1 + 10 + 45) / 2^10, 2 / 2^6, 2 / 2^5, 2 (1 + 3) / 2^3.
    [9, 1, 22 / 1024],
    [2, 8, 112 / 1024],
    [6, 0, 2 / 64],
    [0, 5, 2 / 32],
    [2, 1, 1],
    [7, 7, 1],
    [1, 0, 1],
  ])('of %d wins and %d losses is %f', (wins, losses, p) => {
    expect(signTest(wins, losses)).toBeCloseTo(p, 14)
  })

  it('says nothing where nothing was decided', () => {
    expect(signTest(0, 0)).toBeNull()
    expect(isSignificant(null)).toBe(false)
  })

  it('is the same from either side, falls as the split grows more uneven, and lies in (0, 1]', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.nat(400), (n, at) => {
        const wins = at % (n + 1)
        const p = signTest(wins, n - wins)!
        expect(p).toBeGreaterThan(0)
        expect(p).toBeLessThanOrEqual(1)
        expect(signTest(n - wins, wins)).toBe(p)
        if (wins > n / 2) expect(p).toBeLessThanOrEqual(signTest(wins - 1, n - wins + 1)!)
      }),
    )
  })

  it('stays a number for series in which 2^-n is none', () => {
    expect(signTest(1300, 1200)).toBeGreaterThan(0.04)
    expect(signTest(1300, 1200)).toBeLessThan(0.05)
    expect(signTest(2500, 0)).toBeLessThan(1e-300)
  })

  it.each([
    [5, null],
    [6, 6],
    [10, 9],
    // As in the tables: 15 of 20.
    [20, 15],
    [0, null],
  ])('with %d decisions needs %s', (decisions, needed) => {
    expect(winsNeeded(decisions)).toBe(needed)
  })
})
