import { describe, expect, it } from 'vitest'
import type { SplitSpec } from '../../../../../src-main/contract/dto/split.ts'
import { checkSplit, refuseLeaks } from '../../../../../src-main/engine/data/splits/check-split.ts'
import { makeSplit, type Split } from '../../../../../src-main/engine/data/splits/make-split.ts'
import { splitTables } from '../../../../../src-main/engine/training/split-tables.ts'
import { errorOf, rowsOf, starWorld, tableOf } from '../../../../support/worlds.ts'

const world = starWorld({ users: 20, items: 40, perUser: 17 })
const kinds: SplitSpec[] = [
  { kind: 'random', share: 0.8, seed: 1 },
  { kind: 'chronological', share: 0.8 },
  { kind: 'time', share: 0.8 },
  { kind: 'leave-last', count: 2 },
]
const splitOf = (trainRows: number[], testRows: number[]): Split => ({
  text: 'by hand',
  hash: 'h',
  trainRows: Int32Array.from(trainRows),
  testRows: Int32Array.from(testRows),
})
const table = tableOf(
  [
    [0, 0, 5, 10],
    [0, 1, 5, 20],
    [1, 2, 5, 30],
    [2, 3, 5, 5],
  ],
  { users: 4 },
)

describe('the leakage check', () => {
  it.each(kinds)('finds no leak in what a $kind split makes', (spec) => {
    const split = makeSplit(world, spec)
    const report = checkSplit(world, split, spec.kind)
    expect(report.findings.filter((finding) => finding.leak)).toEqual([])
    expect(report).toMatchObject({ split: split.text, hash: split.hash, users: 20 })
    expect([report.trainRatings, report.testRatings]).toEqual([split.trainRows.length, split.testRows.length])
    expect(() => refuseLeaks(report)).not.toThrow()
  })

  it.each(kinds)('finds a pair that a $kind split has on both sides, and nothing trains on it', (spec) => {
    const split = makeSplit(world, spec)
    const stolen = { ...split, trainRows: Int32Array.from([...split.trainRows, split.testRows[3]!]) }
    const report = checkSplit(world, stolen, spec.kind)
    const row = split.testRows[3]!
    const share = (100 / split.testRows.length).toFixed(1)
    const text = `The split leaks: 1 test rating (${share} %) is of a user and an item that training holds as well, so its answer is known before the test. Import the data again with one rating per user and item.`
    const example = `user index ${world.userIndex[row]}, item index ${world.itemIndex[row]}`
    expect(report.findings[0]).toEqual({ kind: 'pair-on-both-sides', leak: true, count: 1, text, examples: [example] })
    const error = errorOf(() => refuseLeaks(report))
    expect([error.code, error.message]).toEqual(['DATA_UNSUITABLE', `${text} For instance ${example}.`])
  })

  it('finds test ratings older than the user’s own training ratings', () => {
    const report = checkSplit(table, splitOf([1, 3], [0, 2]), 'chronological')
    expect(report.findings[0]).toEqual({
      kind: 'test-before-training',
      leak: true,
      count: 1,
      text: 'The split leaks: 1 test rating (50.0 %) is older than a training rating of the same user. Import the data again; if that does not help, choose another split.',
      examples: ['user index 0, item index 0'],
    })
    expect(checkSplit(table, splitOf([0, 2], [1, 3]), 'leave-last').findings.some((finding) => finding.leak)).toBe(false)
  })

  it('compares with everybody’s training ratings where one moment cuts them all', () => {
    const report = checkSplit(table, splitOf([0, 2], [1, 3]), 'time')
    expect(report.findings[0]).toEqual({
      kind: 'test-before-training',
      leak: true,
      count: 2,
      text: 'The split leaks: 2 test ratings (100.0 %) are older than a training rating. Import the data again; if that does not help, choose another split.',
      examples: ['user index 0, item index 1', 'user index 2, item index 3'],
    })
  })

  it('notes older test ratings of a random split, which promises no order, and is silent where no times are', () => {
    const split = splitOf([1, 3], [0, 2])
    expect(checkSplit(table, split, 'random').findings[0]).toEqual({
      kind: 'test-before-training',
      leak: false,
      count: 1,
      text: '1 test rating (50.0 %) is older than a training rating of the same user. Every random split is like this: it tells how well gaps in known tastes are filled, not how well the future is foretold.',
      examples: ['user index 0, item index 0'],
    })
    const timeless = checkSplit({ ...table, timeKind: 'file-order' }, split, 'random')
    expect(timeless.findings.map(({ kind }) => kind)).not.toContain('test-before-training')
  })

  it('counts all pairs on both sides and names three, as it is told to; another user’s same item is none', () => {
    const doubled = tableOf([
      [0, 0, 5, 1],
      [0, 0, 4, 2],
      [0, 0, 4, 3],
      [0, 0, 4, 4],
      [0, 0, 4, 5],
      [1, 0, 4, 6],
    ])
    const [pairs] = checkSplit(doubled, splitOf([0], [1, 2, 3, 4, 5]), 'random', (row) => `row ${row}`).findings
    expect(pairs).toMatchObject({ kind: 'pair-on-both-sides', count: 4, examples: ['row 1', 'row 2', 'row 3'] })
    expect(pairs!.text).toMatch(/^The split leaks: 4 test ratings \(80\.0 %\) are of a user and an item /)
  })

  it('takes equal times for no leak: nobody can say which came first', () => {
    const tied = tableOf([
      [0, 0, 5, 10],
      [0, 1, 5, 10],
    ])
    expect(checkSplit(tied, splitOf([1], [0]), 'chronological').findings.some((finding) => finding.leak)).toBe(false)
  })

  it('counts users without test ratings, users and items without training ratings, and users at all', () => {
    const report = checkSplit(table, splitOf([1, 3], [0, 2]), 'random')
    expect([report.users, report.usersWithTraining, report.usersWithTest]).toEqual([3, 2, 2])
    expect(report.findings.slice(1).map(({ kind, count, text }) => [kind, count, text])).toEqual([
      ['users-without-test', 1, '1 user has no test rating and is not evaluated.'],
      ['users-without-training', 1, '1 user has test ratings but no training rating: nothing personal is known of this user.'],
      ['items-without-training', 2, '2 items have test ratings but no training rating.'],
    ])
  })

  it('says that an order without times is the file’s', () => {
    const ordered = { ...world, timeKind: 'file-order' as const }
    const kindsOf = (spec: SplitSpec) =>
      checkSplit(ordered, makeSplit(ordered, spec), spec.kind).findings.map((finding) => finding.kind)
    expect(kindsOf({ kind: 'leave-last', count: 1 })).toContain('order-of-file')
    expect(kindsOf({ kind: 'random', share: 0.8, seed: 1 })).not.toContain('order-of-file')
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

  it('tell with the run what the check found beside leaks', () => {
    const { remarks } = splitTables(table, 'leave-last:1', 1)
    expect(remarks).toEqual([
      'Split leave-last:1: 2 users have no test rating and are not evaluated.',
      'Split leave-last:1: 1 item has test ratings but no training rating.',
    ])
    // That a random split does not keep the order of time is no news about it.
    expect(splitTables(world, 'random:0.8', 9).remarks.join()).not.toContain('older than')
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
      `The split leaks: 1 test rating (1.5 %) is of a user and an item that training holds as well, so its answer is known before the test. Import the data again with one rating per user and item. For instance user index ${user}, item index ${item}.`,
      { reason: 'a pair of user and item stands on both sides of the split' },
    ])
  })
})
