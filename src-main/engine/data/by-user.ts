import type { InteractionTable } from './interaction-table.ts'

/** Rows of a table grouped by user (or item): rows of group g stand in `rows` from start[g] to start[g + 1]. */
export interface Grouping {
  readonly start: Int32Array
  readonly rows: Int32Array
}

/** Groups rows by a dense index; within a group the order of the table is kept. Counting sort, linear in rows + groups. */
export function groupRows(index: Int32Array, groups: number): Grouping {
  const start = new Int32Array(groups + 1)
  for (let row = 0; row < index.length; row++) start[index[row]! + 1]!++
  for (let group = 0; group < groups; group++) start[group + 1]! += start[group]!
  const next = start.slice(0, groups)
  const rows = new Int32Array(index.length)
  for (let row = 0; row < index.length; row++) rows[next[index[row]!]!++] = row
  return { start, rows }
}

/** Rows grouped by user, each group in time order (ties keep the order of the table). */
export function groupByUserInTime(table: InteractionTable): Grouping {
  const grouping = groupRows(table.userIndex, table.userCount)
  for (let user = 0; user < table.userCount; user++) {
    const group = grouping.rows.subarray(grouping.start[user]!, grouping.start[user + 1]!)
    group.sort((a, b) => table.time[a]! - table.time[b]! || a - b)
  }
  return grouping
}
