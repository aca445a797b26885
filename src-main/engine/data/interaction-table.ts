import type { RatingScale, TimeKind } from '../../contract/dto/dataset.ts'
import type { SideFeatures } from './side-features.ts'

/**
 * Ratings as columns. `userIndex` and `itemIndex` are dense integers from 0; the raw ids stay in storage.
 * All columns have `size` rows; their order is the order of the source.
 */
export interface InteractionTable {
  readonly size: number
  readonly userCount: number
  readonly itemCount: number
  readonly userIndex: Int32Array
  readonly itemIndex: Int32Array
  /** On the data set's own scale. */
  readonly rating: Float32Array
  /** Unix seconds, a per-user rank, or the row number, by `timeKind`; comparable within a user in every case. */
  readonly time: Float64Array
  readonly timeKind: TimeKind
  readonly scale: RatingScale
  /** What is known of users and items beside their ratings; absent where nobody asked for it. */
  readonly features?: SideFeatures | undefined
}

/** @returns r = 2 (rating - min) / (max - min) - 1, in [-1, 1]: (rating - 3) / 2 for 1..5 stars (mdrr-att section 5.3). */
export function rewardOf(rating: number, scale: RatingScale): number {
  return (2 * (rating - scale.min)) / (scale.max - scale.min) - 1
}

/** The rating that earns the reward; off the scale where the reward lies outside [-1, 1]. */
export function ratingOf(reward: number, scale: RatingScale): number {
  return scale.min + ((reward + 1) * (scale.max - scale.min)) / 2
}

export function isPositive(rating: number, scale: RatingScale): boolean {
  return rating >= scale.positiveFrom
}

export function isNegative(rating: number, scale: RatingScale): boolean {
  return rating <= scale.negativeTo
}

/** The rows of `table` at `rows`, in that order. */
export function selectRows(table: InteractionTable, rows: Int32Array): InteractionTable {
  const size = rows.length
  const userIndex = new Int32Array(size)
  const itemIndex = new Int32Array(size)
  const rating = new Float32Array(size)
  const time = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    const row = rows[i]!
    userIndex[i] = table.userIndex[row]!
    itemIndex[i] = table.itemIndex[row]!
    rating[i] = table.rating[row]!
    time[i] = table.time[row]!
  }
  return { ...table, size, userIndex, itemIndex, rating, time }
}
