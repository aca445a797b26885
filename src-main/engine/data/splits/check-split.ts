import type { SplitFinding, SplitKind, SplitReport } from '../../../contract/dto/split.ts'
import { PalateError } from '../../../contract/errors.ts'
import type { TimeKind } from '../../../contract/dto/dataset.ts'
import type { InteractionTable } from '../interaction-table.ts'
import type { Split } from './make-split.ts'
import { walkSplit, type Found, type SplitWalk } from './walk-split.ts'

/** Names the rating in a row for a person: whose it is, and of what. */
type RowNames = (row: number) => string

/**
 * The one leakage check: what a reader of a split must know, leaks first. Looks at users, items and times alone, never at a
 * rating. Costs a few passes over the rows.
 *
 * @param kind what the split promises: a random one does not keep the order of time, the others do
 * @param names for the examples; left out, they are told by their indexes
 */
export function checkSplit(
  table: InteractionTable,
  split: Split,
  kind: SplitKind,
  names: RowNames = byIndex(table),
): SplitReport {
  const walk = walkSplit(table, split, kind)
  return {
    split: split.text,
    hash: split.hash,
    trainRatings: split.trainRows.length,
    testRatings: split.testRows.length,
    users: walk.users,
    usersWithTraining: walk.usersWithTraining,
    usersWithTest: walk.usersWithTest,
    findings: findingsOf(table, walk, kind, split.testRows.length).map(({ rows = [], ...finding }) => ({
      ...finding,
      examples: rows.map(names),
    })),
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
  throw new PalateError('DATA_UNSUITABLE', messageOf(leak), { reason })
}

function messageOf({ text, examples }: SplitFinding): string {
  return examples.length === 0 ? text : `${text} For instance ${examples.join('; ')}.`
}

function byIndex(table: InteractionTable): RowNames {
  return (row) => `user index ${table.userIndex[row]!}, item index ${table.itemIndex[row]!}`
}

type Told = Omit<SplitFinding, 'examples'> & { readonly rows?: readonly number[] }

function findingsOf(table: InteractionTable, walk: SplitWalk, kind: SplitKind, tests: number): Told[] {
  const early = earlyOf(walk.early, kind, table.timeKind, tests)
  const leaks = [bothSides(walk.onBothSides, tests), ...(early?.leak ? [early] : [])]
  const notes = [...(early?.leak ? [] : [early]), ...uncovered(walk), fileOrder(table, kind)]
  return [...leaks, ...notes].filter((finding) => finding !== null)
}

function bothSides({ count, rows }: Found, tests: number): Told | null {
  if (count === 0) return null
  const [are, their] = count === 1 ? ['is', 'its answer is'] : ['are', 'their answers are']
  const text = `The split leaks: ${ratings(count, tests)} ${are} of a user and an item that training holds as well, so ${their} known before the test. Import the data again with one rating per user and item.`
  return { kind: 'pair-on-both-sides', leak: true, count, text, rows }
}

/** A split by time compares with everybody's training ratings, the others with the user's own. */
function earlyOf({ count, rows }: Found, kind: SplitKind, timeKind: TimeKind, tests: number): Told | null {
  // At random nobody promised an order; without times there is none to speak of.
  if (count === 0 || (kind === 'random' && timeKind === 'file-order')) return null
  const older = `${ratings(count, tests)} ${count === 1 ? 'is' : 'are'} older than a training rating${kind === 'time' ? '' : ' of the same user'}.`
  const text =
    kind === 'random'
      ? `${older} Every random split is like this: it tells how well gaps in known tastes are filled, not how well the future is foretold.`
      : `The split leaks: ${older} Import the data again; if that does not help, choose another split.`
  return { kind: 'test-before-training', leak: kind !== 'random', count, text, rows }
}

function uncovered({ users, usersWithTest, usersWithTraining, itemsWithoutTraining }: SplitWalk): (Told | null)[] {
  return [
    told('users-without-test', users - usersWithTest, (count) =>
      count === 1
        ? '1 user has no test rating and is not evaluated.'
        : `${said(count)} users have no test rating and are not evaluated.`,
    ),
    told('users-without-training', users - usersWithTraining, (count) =>
      count === 1
        ? '1 user has test ratings but no training rating: nothing personal is known of this user.'
        : `${said(count)} users have test ratings but no training rating: nothing personal is known of them.`,
    ),
    told('items-without-training', itemsWithoutTraining, (count) =>
      count === 1
        ? '1 item has test ratings but no training rating.'
        : `${said(count)} items have test ratings but no training rating.`,
    ),
  ]
}

function told(kind: SplitFinding['kind'], count: number, text: (count: number) => string): Told | null {
  return count === 0 ? null : { kind, leak: false, count, text: text(count) }
}

function fileOrder(table: InteractionTable, kind: SplitKind): Told | null {
  if (kind === 'random' || table.timeKind !== 'file-order') return null
  const text = 'The data set does not say when its ratings were given: the order of its file stands for time.'
  return { kind: 'order-of-file', leak: false, count: table.size, text }
}

/** "12 test ratings (3.4 %)" */
function ratings(count: number, tests: number): string {
  return `${said(count)} test ${count === 1 ? 'rating' : 'ratings'} (${((100 * count) / Math.max(1, tests)).toFixed(1)} %)`
}

function said(count: number): string {
  return count.toLocaleString('en')
}
