import type { SplitFinding, SplitKind, SplitReport } from '../../../contract/dto/split.ts'
import { PalateError } from '../../../contract/errors.ts'
import type { InteractionTable } from '../interaction-table.ts'
import type { Split } from './make-split.ts'

/**
 * The leakage check: what a reader of a split must know, leaks first. Looks at users, items and times alone, never at a rating.
 * Costs one pass over the rows and a set of the training pairs.
 */
export function checkSplit(table: InteractionTable, split: Split, kind: SplitKind): SplitReport {
  const findings = [
    pairsOnBothSides(table, split),
    kind === 'random' ? null : testBeforeTraining(table, split, kind),
    ...uncovered(table, split),
    kind !== 'random' && table.timeKind === 'file-order' ? orderOfFile(table) : null,
  ].filter((finding) => finding !== null)
  return {
    split: split.text,
    hash: split.hash,
    trainRatings: split.trainRows.length,
    testRatings: split.testRows.length,
    users: countDistinct(table.userIndex, table.userCount),
    findings,
  }
}

/** @throws PalateError DATA_UNSUITABLE with the first leak of the report */
export function refuseLeaks(report: SplitReport): void {
  const leak = report.findings.find((finding) => finding.leak)
  if (!leak) return
  const reason =
    leak.kind === 'pair-on-both-sides'
      ? 'a pair of user and item stands on both sides of the split'
      : 'a test rating is older than a training rating'
  throw new PalateError('DATA_UNSUITABLE', leak.text, { reason })
}

function pairsOnBothSides(table: InteractionTable, { trainRows, testRows }: Split): SplitFinding | null {
  const pairOf = (row: number) => table.userIndex[row]! * table.itemCount + table.itemIndex[row]!
  const trained = new Set<number>()
  for (const row of trainRows) trained.add(pairOf(row))
  const leaking = testRows.filter((row) => trained.has(pairOf(row)))
  const first = leaking[0]
  if (first === undefined) return null
  const more = leaking.length > 1 ? `, and there are ${leaking.length} such test ratings` : ''
  return {
    kind: 'pair-on-both-sides',
    leak: true,
    count: leaking.length,
    text:
      `The split leaks: user index ${table.userIndex[first]} has rated item index ${table.itemIndex[first]} on both sides${more}. ` +
      'Import the data again with one rating per user and item.',
  }
}

/** A split by time compares with everybody's training ratings, the others with the user's own. Equal times are no leak. */
function testBeforeTraining(table: InteractionTable, split: Split, kind: SplitKind): SplitFinding | null {
  const groupOf = (row: number) => (kind === 'time' ? 0 : table.userIndex[row]!)
  const latest = new Float64Array(Math.max(1, table.userCount)).fill(-Infinity)
  for (const row of split.trainRows) latest[groupOf(row)] = Math.max(latest[groupOf(row)]!, table.time[row]!)
  const early = split.testRows.filter((row) => table.time[row]! < latest[groupOf(row)]!)
  const first = early[0]
  if (first === undefined) return null
  const what = kind === 'time' ? 'a training rating' : 'a training rating of the same user'
  const more = early.length > 1 ? `, and there are ${early.length} such test ratings` : ''
  return {
    kind: 'test-before-training',
    leak: true,
    count: early.length,
    text:
      `The split leaks: the test rating of user index ${table.userIndex[first]} for item index ${table.itemIndex[first]} is older than ${what}${more}. ` +
      'Import the data again; if that does not help, choose another split.',
  }
}

function uncovered(table: InteractionTable, { trainRows, testRows }: Split): (SplitFinding | null)[] {
  const marks = (column: Int32Array, count: number, rows: Int32Array) => {
    const marked = new Uint8Array(count)
    for (const row of rows) marked[column[row]!] = 1
    return marked
  }
  const trainedUsers = marks(table.userIndex, table.userCount, trainRows)
  const testedUsers = marks(table.userIndex, table.userCount, testRows)
  const trainedItems = marks(table.itemIndex, table.itemCount, trainRows)
  const testedItems = marks(table.itemIndex, table.itemCount, testRows)
  const only = (one: Uint8Array, other: Uint8Array) => one.reduce((sum, mark, at) => sum + (mark && !other[at] ? 1 : 0), 0)
  return [
    told('users-without-test', only(trainedUsers, testedUsers), (count) =>
      count === 1
        ? '1 user has no test rating and is not evaluated.'
        : `${count} users have no test rating and are not evaluated.`,
    ),
    told('users-without-training', only(testedUsers, trainedUsers), (count) =>
      count === 1
        ? '1 user has test ratings but no training rating: nothing personal is known of this user.'
        : `${count} users have test ratings but no training rating: nothing personal is known of them.`,
    ),
    told('items-without-training', only(testedItems, trainedItems), (count) =>
      count === 1
        ? '1 item has test ratings but no training rating.'
        : `${count} items have test ratings but no training rating.`,
    ),
  ]
}

function told(kind: SplitFinding['kind'], count: number, text: (count: number) => string): SplitFinding | null {
  return count === 0 ? null : { kind, leak: false, count, text: text(count) }
}

function orderOfFile(table: InteractionTable): SplitFinding {
  const text = 'The data set does not say when its ratings were given: the order of its file stands for time.'
  return { kind: 'order-of-file', leak: false, count: table.size, text }
}

function countDistinct(column: Int32Array, count: number): number {
  const seen = new Uint8Array(count)
  for (const value of column) seen[value] = 1
  return seen.reduce((sum, one) => sum + one, 0)
}
