import { groupRows } from '../data/by-user.ts'
import type { InteractionTable } from '../data/interaction-table.ts'

/** Ratings by user and item, found by binary search; of several for the same pair the last in the table counts. */
export class LoggedRatings {
  readonly #start: Int32Array
  /** Items of each user, ascending, and their ratings. */
  readonly #items: Int32Array
  readonly #ratings: Float32Array

  constructor(table: InteractionTable) {
    // By item first, then by user: both sorts keep the order, so that each user's items ascend.
    const byItem = groupRows(table.itemIndex, table.itemCount)
    const byUser = groupRows(
      Int32Array.from(byItem.rows, (row) => table.userIndex[row]!),
      table.userCount,
    )
    const rows = byUser.rows.map((at) => byItem.rows[at]!)
    this.#start = byUser.start
    this.#items = Int32Array.from(rows, (row) => table.itemIndex[row]!)
    this.#ratings = Float32Array.from(rows, (row) => table.rating[row]!)
  }

  /** @returns NaN where there is none */
  of(user: number, item: number): number {
    let low = this.#start[user]!
    const end = this.#start[user + 1]!
    let high = end
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#items[middle]! <= item) low = middle + 1
      else high = middle
    }
    const at = low - 1
    return at >= this.#start[user]! && this.#items[at] === item ? this.#ratings[at]! : NaN
  }
}
