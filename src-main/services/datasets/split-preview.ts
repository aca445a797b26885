import type { SplitFinding, SplitPreview } from '../../contract/dto/dataset-figures.ts'
import { parseSplit } from '../../contract/dto/split.ts'
import type { InteractionTable } from '../../engine/data/interaction-table.ts'
import { makeSplit } from '../../engine/data/splits/make-split.ts'
import { checkSplit, type SplitCheck } from '../../engine/data/statistics/split-check.ts'
import type { CatalogueItem } from '../../storage/repositories/items.ts'

/**
 * Makes a split and says in words what is found in it.
 *
 * @param text with its seed, for instance random:0.8@1
 * @throws PalateError DATA_UNSUITABLE when a side would be empty
 */
export function previewSplit(
  text: string,
  table: InteractionTable,
  catalogue: readonly CatalogueItem[],
  userIds: readonly string[],
): Omit<SplitPreview, 'reproduced'> {
  const split = makeSplit(table, parseSplit(text, 0))
  const check = checkSplit(table, split)
  const pairOf = (row: number) => {
    const item = catalogue[table.itemIndex[row]!]!
    return `user ${userIds[table.userIndex[row]!]!}, ${item.title ?? `item ${item.itemId}`}`
  }
  return {
    split: split.text,
    train: check.train,
    test: check.test,
    users: check.users,
    usersWithTrain: check.users - check.usersWithoutTrain,
    usersWithTest: check.users - check.usersWithoutTest,
    hash: split.hash,
    findings: findingsOf(check, pairOf),
  }
}

function findingsOf(check: SplitCheck, pairOf: (row: number) => string): SplitFinding[] {
  const count = (value: number, one: string, many = `${one}s`) => `${value.toLocaleString('en')} ${value === 1 ? one : many}`
  const share = (value: number) => `${((100 * value) / Math.max(1, check.test)).toFixed(1)} %`
  const findings: SplitFinding[] = []
  const add = (kind: SplitFinding['kind'], found: number, message: string, rows: readonly number[] = []) => {
    const severity = kind === 'pair-on-both-sides' ? 'leak' : 'note'
    if (found > 0) findings.push({ kind, severity, count: found, message, examples: rows.map(pairOf) })
  }
  const { pairOnBothSides: pairs, testBeforeTrain: early } = check
  add(
    'pair-on-both-sides',
    pairs.count,
    `${count(pairs.count, 'test rating')} (${share(pairs.count)}) of a user and item that training holds as well: the answer is known before the test. Runs refuse this split. Import the data again with one rating per user and item.`,
    pairs.rows,
  )
  add(
    'test-before-train',
    early?.count ?? 0,
    `${count(early?.count ?? 0, 'test rating')} (${share(early?.count ?? 0)}) older than a training rating of the same user. Every random split is like this: it tells how well gaps in known tastes are filled, not how well the future is foretold.`,
    early?.rows,
  )
  add(
    'users-without-train',
    check.usersWithoutTrain,
    `${count(check.usersWithoutTrain, 'user')} without a training rating: nothing is known of them when they are tested.`,
  )
  add(
    'users-without-test',
    check.usersWithoutTest,
    `${count(check.usersWithoutTest, 'user')} without a test rating: they count in no figure.`,
  )
  add(
    'items-without-train',
    check.itemsWithoutTrain,
    `${count(check.itemsWithoutTrain, 'item')} tested on but never trained on: no model that learns from ratings can know them.`,
  )
  return findings
}
