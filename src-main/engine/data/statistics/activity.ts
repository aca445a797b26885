import type { InteractionTable } from '../interaction-table.ts'
import { timeBins, type TimeUnit } from './time-bins.ts'

export interface ActivityBin {
  /** Inclusive. Unix seconds, a rank or a row number, by the unit. */
  readonly from: number
  /** Exclusive. */
  readonly to: number
  readonly ratings: number
  /** Users whose first rating falls into this bin. */
  readonly newUsers: number
  /** Items that are rated here for the first time. */
  readonly newItems: number
}

/** Ratings over time, and when users and items were seen first. */
export function activity(table: InteractionTable): { unit: TimeUnit; bins: ActivityBin[] } {
  const { unit, edges, binOf } = timeBins(table)
  const bins = Math.max(0, edges.length - 1)
  const ratings = new Int32Array(bins)
  const userFirst = new Int32Array(table.userCount).fill(bins)
  const itemFirst = new Int32Array(table.itemCount).fill(bins)
  const { userIndex, itemIndex, time, size } = table
  for (let row = 0; row < size; row++) {
    const bin = binOf(time[row]!)
    const user = userIndex[row]!
    const item = itemIndex[row]!
    ratings[bin]!++
    if (bin < userFirst[user]!) userFirst[user] = bin
    if (bin < itemFirst[item]!) itemFirst[item] = bin
  }
  const newUsers = tally(userFirst, bins)
  const newItems = tally(itemFirst, bins)
  return {
    unit,
    bins: Array.from(ratings, (count, bin) => ({
      from: edges[bin]!,
      to: edges[bin + 1]!,
      ratings: count,
      newUsers: newUsers[bin]!,
      newItems: newItems[bin]!,
    })),
  }
}

/** Those without a rating stand at `bins` and count nowhere. */
function tally(first: Int32Array, bins: number): Int32Array {
  const counts = new Int32Array(bins)
  for (const bin of first) if (bin < bins) counts[bin]!++
  return counts
}
