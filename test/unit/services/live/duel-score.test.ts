import { describe, expect, it } from 'vitest'
import { creditOf, preferredSide, standingOf, winnerOf } from '../../../../src-main/services/live/duel-score.ts'
import { refusePair } from '../../../../src-main/services/live/pair-of-runs.ts'
import type { ShownItem, StoredDuelStep } from '../../../../src-main/storage/repositories/duels.ts'
import type { StoredRun } from '../../../../src-main/storage/repositories/runs.ts'

const scale = { min: 1, max: 5, positiveFrom: 4, negativeTo: 2 }
const shown = (by: 'first' | 'second', credit: number): ShownItem => ({
  itemIndex: 1,
  by,
  feedback: 'like',
  rating: null,
  credit,
})
const step = (winner: StoredDuelStep['winner'], items: ShownItem[] = []): StoredDuelStep => ({
  step: 1,
  at: 0,
  leftPolicy: 'first',
  preference: null,
  winner,
  shown: items,
})

describe('what decides a step', () => {
  it.each([
    [{ feedback: 'like' }, 1],
    [{ feedback: 'dislike' }, -1],
    [{ feedback: 'skip' }, 0],
    // The middle of 1 to 5 is 3.
    [{ feedback: 'rating', rating: 3.5 }, 1],
    [{ feedback: 'rating', rating: 3 }, 0],
    [{ feedback: 'rating', rating: 1 }, -1],
  ] as const)('%j counts %d', (response, credit) => {
    expect(creditOf(response, scale)).toBe(credit)
  })

  it.each([
    ['left', 'first', 'first'],
    ['left', 'second', 'second'],
    ['right', 'first', 'second'],
    ['tie', 'second', 'tie'],
  ] as const)('a preference for %s with the %s policy there is a win of: %s', (preference, leftPolicy, winner) => {
    expect(winnerOf({ decides: 'preference' }, { leftPolicy, preference, shown: [shown('first', 1)] })).toBe(winner)
  })

  it('likes less dislikes of what each is credited with', () => {
    const items = [shown('first', 1), shown('first', -1), shown('second', 1), shown('second', 0)]
    expect(winnerOf({ decides: 'likes' }, { leftPolicy: 'first', preference: null, shown: items })).toBe('second')
    expect(preferredSide(items, 'first')).toBe('right')
    expect(preferredSide(items, 'second')).toBe('left')
    expect(preferredSide([], 'first')).toBe('tie')
  })
})

describe('the standing', () => {
  const steps = [
    ...Array.from({ length: 8 }, () => step('second', [shown('second', 1), shown('first', -1)])),
    step('first', [shown('first', 1)]),
    step('tie'),
  ]

  it('counts, and tests by sign without the ties: 2 (1 + 9) / 2^9', () => {
    const { p, ...standing } = standingOf(steps, false)
    expect(standing).toEqual({ wins: [1, 8], ties: 1, likes: [1, 8], dislikes: [8, 0], distinguishable: true, winsNeeded: 8 })
    expect(p).toBeCloseTo(20 / 512, 12)
  })

  it('has the leader first while names are withheld, whoever that is', () => {
    expect(standingOf(steps, true)).toMatchObject({ wins: [8, 1], likes: [8, 1], dislikes: [0, 8] })
  })

  it('of nothing says nothing', () => {
    expect(standingOf([], false)).toMatchObject({ wins: [0, 0], ties: 0, p: null, distinguishable: false, winsNeeded: null })
  })
})

it('runs of two data sets cannot meet', () => {
  const run = (datasetId: number, datasetName: string) => ({ datasetId, datasetName, split: 'random:0.8', seed: 1 }) as StoredRun
  expect(() => refusePair(1, run(1, 'ml-100k'), 2, run(2, 'jester'), { kind: 'guest', favourites: [] })).toThrow(
    'Runs 1 and 2 were trained on ml-100k and jester: they know different items. Choose two of one data set.',
  )
})
