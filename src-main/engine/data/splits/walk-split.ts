import type { SplitKind } from '../../../contract/dto/split.ts'
import { groupRows } from '../by-user.ts'
import type { InteractionTable } from '../interaction-table.ts'
import type { Split } from './make-split.ts'

/** Rows of one kind: all counted, the first few kept. */
export interface Found {
  readonly count: number
  readonly rows: readonly number[]
}

/** What a walk over both sides of a split sees. Users without any rating count nowhere. */
export interface SplitWalk {
  readonly users: number
  readonly usersWithTraining: number
  readonly usersWithTest: number
  /** Items that are tested and that no training rating tells of. */
  readonly itemsWithoutTraining: number
  /** Test ratings of a user and an item that training holds as well. */
  readonly onBothSides: Found
  /** Test ratings older than a training rating: of the same user, or of anybody where one moment cuts all. */
  readonly early: Found
}

const EXAMPLES = 3
const TRAINS = 1
const TESTS = 2

/** @param kind one moment cuts all users' ratings ("time"), or each user's own are compared */
export function walkSplit(table: InteractionTable, split: Split, kind: SplitKind): SplitWalk {
  // A row that stands on both sides is marked as both.
  const sides = new Uint8Array(table.size)
  for (const row of split.trainRows) sides[row]! |= TRAINS
  for (const row of split.testRows) sides[row]! |= TESTS
  const byUser = groupRows(table.userIndex, table.userCount)
  const trained = new Uint8Array(table.itemCount)
  const tested = new Uint8Array(table.itemCount)
  const trainedBy = new Int32Array(table.itemCount)
  const onBothSides = new Finding()
  const early = new Finding()
  const latestOfAll = kind === 'time' ? latestIn(table, split.trainRows) : null
  const counts = { users: 0, usersWithTraining: 0, usersWithTest: 0 }
  for (let user = 0; user < table.userCount; user++) {
    const rows = byUser.rows.subarray(byUser.start[user]!, byUser.start[user + 1]!)
    let latest = latestOfAll ?? -Infinity
    let trains = false
    let tests = false
    for (const row of rows) {
      if ((sides[row]! & TRAINS) === 0) continue
      trains = true
      trained[table.itemIndex[row]!] = 1
      trainedBy[table.itemIndex[row]!] = user + 1
      if (latestOfAll === null && table.time[row]! > latest) latest = table.time[row]!
    }
    for (const row of rows) {
      if ((sides[row]! & TESTS) === 0) continue
      tests = true
      tested[table.itemIndex[row]!] = 1
      if (trainedBy[table.itemIndex[row]!] === user + 1) onBothSides.add(row)
      // At the same moment nobody can say which came first.
      if (table.time[row]! < latest) early.add(row)
    }
    if (rows.length > 0) counts.users++
    if (trains) counts.usersWithTraining++
    if (tests) counts.usersWithTest++
  }
  const itemsWithoutTraining = tested.reduce((sum, mark, item) => sum + (mark && !trained[item] ? 1 : 0), 0)
  return { ...counts, itemsWithoutTraining, onBothSides, early }
}

function latestIn(table: InteractionTable, rows: Int32Array): number {
  let latest = -Infinity
  for (const row of rows) if (table.time[row]! > latest) latest = table.time[row]!
  return latest
}

class Finding implements Found {
  count = 0
  readonly rows: number[] = []

  add(row: number): void {
    this.count++
    if (this.rows.length < EXAMPLES) this.rows.push(row)
  }
}
