import { describe, expect, it } from 'vitest'
import { makeSplit } from '../../../../../src-main/engine/data/splits/make-split.ts'
import { errorOf, rowsOf, starWorld, tableOf } from '../../../../support/worlds.ts'

const world = starWorld({ users: 20, items: 40, perUser: 17 })

describe('a random split', () => {
  it.each([0.8, 0.7, 0.05, 0.995])(
    'puts a share of %d of the ratings on the training side, each rating on exactly one',
    (share) => {
      const { trainRows, testRows } = makeSplit(world, { kind: 'random', share, seed: 3 })
      expect(trainRows.length).toBe(Math.round(share * 340))
      expect([...trainRows, ...testRows].sort((a, b) => a - b)).toEqual(Array.from({ length: 340 }, (_, row) => row))
      for (const rows of [trainRows, testRows]) expect([...rows]).toEqual([...rows].sort((a, b) => a - b))
    },
  )

  it('is the same for the same seed and another for another, and its hash says so', () => {
    const hashes = [1, 1, 2, 3].map((seed) => makeSplit(world, { kind: 'random', share: 0.8, seed }).hash)
    expect(hashes[0]).toBe(hashes[1])
    expect(new Set(hashes).size).toBe(3)
  })

  it('is today what it was when runs were stored with it', () => {
    // Taken from the code before there were other kinds.
    const stored = [
      [1, '020a084a7ad2b642'],
      [2, 'c70ab81c54cccc62'],
    ] as const
    for (const [seed, hash] of stored) expect(makeSplit(world, { kind: 'random', share: 0.8, seed }).hash).toBe(hash)
  })

  it('does not look at what it splits: every row tests equally often', () => {
    const counts = new Int32Array(340)
    for (let seed = 0; seed < 400; seed++) {
      for (const row of makeSplit(world, { kind: 'random', share: 0.8, seed }).testRows) counts[row]!++
    }
    // Binomial(400, 0.2): mean 80, standard deviation 8.
    expect(Math.max(...counts.map((count) => Math.abs(count - 80)))).toBeLessThan(40)
  })

  it.each([
    [1, 0.8],
    [0, 0.5],
    [10, 0.99],
  ])('refuses to leave a side empty: %i ratings, share %d', (size, share) => {
    const table = tableOf(rowsOf(world).slice(0, size), { users: 1, items: 1 })
    const error = errorOf(() => makeSplit(table, { kind: 'random', share, seed: 1 }))
    expect([error.code, error.message]).toEqual([
      'DATA_UNSUITABLE',
      `The data set has ${size} ${size === 1 ? 'rating' : 'ratings'}: a split of ${share} leaves one side empty. Import more data or choose another share.`,
    ])
  })
})
