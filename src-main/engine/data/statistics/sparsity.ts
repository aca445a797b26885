import type { InteractionTable } from '../interaction-table.ts'

/** Users by items, both most active first, as a coarse grid. */
export interface Sparsity {
  /** Where each row of cells begins among the users, and the number of users at the end. */
  readonly userEdges: readonly number[]
  readonly itemEdges: readonly number[]
  /** Ratings per cell, row by row (users), the most active and most rated first. */
  readonly ratings: readonly number[]
  /** How many of the most active users, and of the most rated items, hold half of all ratings. */
  readonly usersForHalf: number
  readonly itemsForHalf: number
}

/** @param userBins, @param itemBins most cells in each direction; fewer when there are fewer users or items */
export function sparsity(table: InteractionTable, userBins = 48, itemBins = 96): Sparsity {
  const users = ranked(table.userIndex, table.userCount)
  const items = ranked(table.itemIndex, table.itemCount)
  const userEdges = edgesOf(table.userCount, userBins)
  const itemEdges = edgesOf(table.itemCount, itemBins)
  const rowOf = cellOf(users.place, userEdges)
  const columnOf = cellOf(items.place, itemEdges)
  const columns = itemEdges.length - 1
  const ratings = new Int32Array((userEdges.length - 1) * columns)
  for (let row = 0; row < table.size; row++) {
    ratings[rowOf[table.userIndex[row]!]! * columns + columnOf[table.itemIndex[row]!]!]!++
  }
  return {
    userEdges,
    itemEdges,
    ratings: [...ratings],
    usersForHalf: holdingHalf(users.sorted, table.size),
    itemsForHalf: holdingHalf(items.sorted, table.size),
  }
}

/** @returns counts from the largest to the smallest, and each index's place in that order (equal counts in index order) */
function ranked(index: Int32Array, size: number): { sorted: Int32Array; place: Int32Array } {
  const counts = new Int32Array(size)
  for (const at of index) counts[at]!++
  let most = 0
  for (const count of counts) if (count > most) most = count
  // Counting sort: counts are small numbers, and there may be a million of them.
  const start = new Int32Array(most + 2)
  for (const count of counts) start[most - count + 1]!++
  for (let at = 0; at <= most; at++) start[at + 1]! += start[at]!
  const place = new Int32Array(size)
  const sorted = new Int32Array(size)
  counts.forEach((count, at) => {
    const to = start[most - count]!++
    place[at] = to
    sorted[to] = count
  })
  return { sorted, place }
}

function edgesOf(size: number, bins: number): number[] {
  const cells = Math.min(bins, size)
  return Array.from({ length: cells + 1 }, (_, at) => Math.round((at * size) / Math.max(1, cells)))
}

function cellOf(place: Int32Array, edges: readonly number[]): Int32Array {
  const cellAt = new Int32Array(place.length)
  for (let cell = 0; cell + 1 < edges.length; cell++) cellAt.fill(cell, edges[cell], edges[cell + 1])
  return place.map((at) => cellAt[at]!)
}

function holdingHalf(sorted: Int32Array, size: number): number {
  let sum = 0
  for (let at = 0; at < sorted.length; at++) {
    sum += sorted[at]!
    if (size > 0 && 2 * sum >= size) return at + 1
  }
  return 0
}
