import type { InteractionTable } from '../data/interaction-table.ts'

/** How well known every item of the data set is, by the training side of a split. */
export interface TrainingCounts {
  /** Users with at least one training rating. */
  readonly users: number
  /** Training ratings by item index. */
  readonly raters: Int32Array
}

export function countTraining(train: InteractionTable): TrainingCounts {
  const raters = new Int32Array(train.itemCount)
  const seen = new Uint8Array(train.userCount)
  for (let row = 0; row < train.size; row++) {
    raters[train.itemIndex[row]!]!++
    seen[train.userIndex[row]!] = 1
  }
  return { users: seen.reduce((sum, one) => sum + one, 0), raters }
}
