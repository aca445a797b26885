import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leftPolicy, teamDraft } from '../../../../src-main/engine/live/duel-slates.ts'

const ranking = (items = 30) => fc.shuffledSubarray([...Array(items).keys()], { minLength: items, maxLength: items })

describe('team draft', () => {
  it('takes turns: after the coin of each round, whoever lags picks its best item that is left', () => {
    const slate = teamDraft([1, 2, 3, 4], [2, 1, 9, 8], 4, 1, 1)
    const [one, two, three, four] = slate
    expect(one!.by).not.toBe(two!.by)
    expect(three!.by).not.toBe(four!.by)
    // Each picks its favourite first, and the favourites differ.
    expect(new Set([one!.item, two!.item])).toEqual(new Set([1, 2]))
    for (const { item, by } of [three!, four!]) expect(item).toBe(by === 'first' ? 3 : 9)
  })

  it('shows nothing twice, credits within one of each other, and each policy’s items in its own order', () => {
    fc.assert(
      fc.property(ranking(), ranking(), fc.integer({ min: 1, max: 12 }), fc.nat(1000), (first, second, size, seed) => {
        const slate = teamDraft(first, second, size, seed, 3)
        expect(slate).toHaveLength(size)
        expect(new Set(slate.map(({ item }) => item)).size).toBe(size)
        for (const [by, own] of [
          ['first', first],
          ['second', second],
        ] as const) {
          const places = slate.filter((one) => one.by === by).map(({ item }) => own.indexOf(item))
          expect(places).toEqual([...places].sort((a, b) => a - b))
        }
        const credited = slate.filter(({ by }) => by === 'first').length
        expect(Math.abs(2 * credited - size)).toBeLessThanOrEqual(1)
        // The first `size` of each ranking are enough.
        expect(teamDraft(first.slice(0, size), second.slice(0, size), size, seed, 3)).toEqual(slate)
      }),
    )
  })

  it('is fair: with an odd slate each policy has the odd item about half the time', () => {
    const odd = Array.from({ length: 1000 }, (_, step) => teamDraft([1, 2, 3], [4, 5, 6], 3, 7, step))
    const firsts = odd.filter((slate) => slate.filter(({ by }) => by === 'first').length === 2).length
    expect(firsts).toBeGreaterThan(440)
    expect(firsts).toBeLessThan(560)
  })

  it('is the same for the same seed and step, and ends with the rankings', () => {
    expect(teamDraft([1, 2, 3], [3, 2, 1], 3, 5, 2)).toEqual(teamDraft([1, 2, 3], [3, 2, 1], 3, 5, 2))
    const short = teamDraft([1], [1, 2], 5, 5, 2)
    expect(new Set(short.map(({ item }) => item))).toEqual(new Set([1, 2]))
    expect(teamDraft([], [], 5, 5, 2)).toEqual([])
  })
})

describe('sides', () => {
  it('stay where they are in an open duel, and follow a fair coin of the seed in a blind one', () => {
    const steps = Array.from({ length: 400 }, (_, step) => step)
    expect(new Set(steps.map((step) => leftPolicy(false, 9, step)))).toEqual(new Set(['first']))
    const blind = steps.map((step) => leftPolicy(true, 9, step))
    expect(blind).toEqual(steps.map((step) => leftPolicy(true, 9, step)))
    expect(blind).not.toEqual(steps.map((step) => leftPolicy(true, 10, step)))
    const firsts = blind.filter((policy) => policy === 'first').length
    expect(firsts).toBeGreaterThan(160)
    expect(firsts).toBeLessThan(240)
  })
})
