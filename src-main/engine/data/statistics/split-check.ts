import { groupRows } from '../by-user.ts'
import type { InteractionTable } from '../interaction-table.ts'
import type { Split } from '../splits/make-split.ts'

export interface SplitFinding {
  /** How many ratings of the test side it concerns. */
  readonly count: number
  /** Rows of the table, the first few of the test side. */
  readonly rows: readonly number[]
}

export interface SplitCheck {
  readonly train: number
  readonly test: number
  /** Who rated anything. */
  readonly users: number
  readonly usersWithoutTrain: number
  readonly usersWithoutTest: number
  /** Items that are tested on and never trained on. */
  readonly itemsWithoutTrain: number
  /** The user's same item is trained on as well: its answer is known. */
  readonly pairOnBothSides: SplitFinding
  /** The user's own training side holds a later rating; null where the times do not tell. */
  readonly testBeforeTrain: SplitFinding | null
}

const EXAMPLES = 3

/** Looks through a split for what a test must not hold, and for whom it cannot test. Users without any rating count nowhere. */
export function checkSplit(table: InteractionTable, split: Pick<Split, 'trainRows' | 'testRows'>): SplitCheck {
  const isTest = new Uint8Array(table.size)
  for (const row of split.testRows) isTest[row] = 1
  const trained = new Uint8Array(table.itemCount)
  const tested = new Uint8Array(table.itemCount)
  const trainedBy = new Int32Array(table.itemCount)
  const byUser = groupRows(table.userIndex, table.userCount)
  const pairs = new Finding()
  const early = new Finding()
  let users = 0
  let usersWithoutTrain = 0
  let usersWithoutTest = 0
  for (let user = 0; user < table.userCount; user++) {
    const rows = byUser.rows.subarray(byUser.start[user]!, byUser.start[user + 1]!)
    if (rows.length === 0) continue
    users++
    let latest = -Infinity
    let trainRows = 0
    for (const row of rows) {
      if (isTest[row]) continue
      trainRows++
      trained[table.itemIndex[row]!] = 1
      trainedBy[table.itemIndex[row]!] = user + 1
      if (table.time[row]! > latest) latest = table.time[row]!
    }
    if (trainRows === 0) usersWithoutTrain++
    if (trainRows === rows.length) usersWithoutTest++
    for (const row of rows) {
      if (!isTest[row]) continue
      tested[table.itemIndex[row]!] = 1
      if (trainedBy[table.itemIndex[row]!] === user + 1) pairs.add(row)
      if (table.time[row]! < latest) early.add(row)
    }
  }
  let itemsWithoutTrain = 0
  for (let item = 0; item < table.itemCount; item++) if (tested[item] && !trained[item]) itemsWithoutTrain++
  return {
    train: split.trainRows.length,
    test: split.testRows.length,
    users,
    usersWithoutTrain,
    usersWithoutTest,
    itemsWithoutTrain,
    pairOnBothSides: pairs,
    testBeforeTrain: table.timeKind === 'file-order' ? null : early,
  }
}

class Finding implements SplitFinding {
  count = 0
  readonly rows: number[] = []

  add(row: number): void {
    this.count++
    if (this.rows.length < EXAMPLES) this.rows.push(row)
  }
}
