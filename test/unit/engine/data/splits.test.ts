import { describe, expect, it } from 'vitest'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import { groupByUserInTime, groupRows } from '../../../../src-main/engine/data/by-user.ts'
import { assignFolds, formatSplit, makeSplit, parseSplit } from '../../../../src-main/engine/data/splits.ts'
import { splitTables } from '../../../../src-main/engine/training/split-tables.ts'
import { errorOf, rowsOf, starWorld, tableOf } from '../../../support/worlds.ts'

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
      `The data set has ${size} ratings: a split of ${share} leaves one side empty. Import more data or choose another share.`,
    ])
  })
})

describe('the text of a split', () => {
  it('is read with or without its own seed, and written back in one form', () => {
    expect(parseSplit('random:0.8@7', 1)).toEqual({ kind: 'random', share: 0.8, seed: 7 })
    expect(parseSplit('random:.75', 5)).toEqual({ kind: 'random', share: 0.75, seed: 5 })
    expect(formatSplit(parseSplit('random:.80', 5))).toBe('random:0.8@5')
  })

  it.each([
    '',
    'random',
    'random:',
    'random:0.0',
    'random:1.0',
    'random:1',
    'random:-0.5',
    'random:0.8@',
    'random:0.8@-1',
    'random:0.8@1 ',
    'time:0.8',
    'random:0,8',
  ])('is refused when it reads "%s"', (text) => {
    const error = errorOf(() => parseSplit(text, 1))
    expect([error.code, error.message]).toEqual([
      'DATA_UNSUITABLE',
      `"${text}" is no split. Write random:SHARE or random:SHARE@SEED with a share between 0 and 1, for instance random:0.8 or random:0.8@7.`,
    ])
  })
})

describe('folds', () => {
  const grouping = groupRows(world.userIndex, world.userCount)

  it('spread each user’s ratings evenly, whoever has how many', () => {
    const uneven = tableOf(
      [1, 4, 5, 6, 23].flatMap((count, user) => Array.from({ length: count }, (_, item) => [user, item, 3] as const)),
    )
    const groups = groupRows(uneven.userIndex, uneven.userCount)
    const foldOf = assignFolds(groups.rows, groups.start, 5, Rng.stream(1, 'folds'))
    for (let user = 0; user < 5; user++) {
      const counts = new Array<number>(5).fill(0)
      for (let row = 0; row < uneven.size; row++) if (uneven.userIndex[row] === user) counts[foldOf[row]!]!++
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
    }
  })

  it('are the same for the same stream, others for another, and no fold is favoured', () => {
    const folds = (seed: number) => [...assignFolds(grouping.rows, grouping.start, 5, Rng.stream(seed, 'folds'))]
    expect(folds(1)).toEqual(folds(1))
    expect(folds(1)).not.toEqual(folds(2))
    const first = new Array<number>(5).fill(0)
    for (let seed = 0; seed < 500; seed++) first[folds(seed)[0]!]!++
    expect(Math.max(...first.map((count) => Math.abs(count - 100)))).toBeLessThan(40)
  })
})

describe('grouping by user', () => {
  it('keeps table order within a user, or time order with ties in table order', () => {
    const table = tableOf(
      [
        [1, 0, 3, 50],
        [0, 1, 3, 7],
        [1, 2, 3, 10],
        [1, 3, 3, 50],
        [1, 4, 3, 20],
      ],
      { users: 3 },
    )
    const plain = groupRows(table.userIndex, 3)
    expect([[...plain.start], [...plain.rows]]).toEqual([
      [0, 1, 5, 5],
      [1, 0, 2, 3, 4],
    ])
    expect([...groupByUserInTime(table).rows]).toEqual([1, 2, 4, 0, 3])
  })
})

describe('the two sides of a run', () => {
  it('hold the ratings themselves, each on one side, and share counts and scale', () => {
    const { train, test, text, hash } = splitTables(world, 'random:0.8', 9)
    expect([text, train.size, test.size]).toEqual(['random:0.8@9', 272, 68])
    expect(hash).toBe(makeSplit(world, { kind: 'random', share: 0.8, seed: 9 }).hash)
    expect([...rowsOf(train), ...rowsOf(test)].map(String).sort()).toEqual(rowsOf(world).map(String).sort())
    for (const side of [train, test]) expect([side.userCount, side.itemCount, side.scale]).toEqual([20, 40, world.scale])
  })

  it('are refused when one user’s item stands on both', () => {
    const rows = rowsOf(world)
    const { testRows } = makeSplit(tableOf([...rows, [4, 33, 5]], { items: 40 }), { kind: 'random', share: 0.8, seed: 1 })
    // A second rating of the pair in the last row, planted so that the two stand on different sides.
    const partner = testRows.includes(340) ? rows.findIndex((_, row) => !testRows.includes(row)) : testRows[0]!
    const [user, item] = rows[partner]!
    const planted = tableOf([...rows, [user, item, 5]], { items: 40 })
    const error = errorOf(() => splitTables(planted, 'random:0.8@1', 1))
    expect([error.code, error.message, error.details]).toEqual([
      'DATA_UNSUITABLE',
      `The split leaks: user index ${user} has rated item index ${item} on both sides. Import the data again with one rating per user and item.`,
      { reason: 'a pair of user and item stands on both sides of the split' },
    ])
  })
})
