import { isNegative, isPositive, type InteractionTable } from '../interaction-table.ts'

/** One entry per user, by userIndex. */
export interface UserSummaries {
  readonly ratings: Int32Array
  /** NaN for a user without ratings. */
  readonly meanRating: Float64Array
  readonly positives: Int32Array
  readonly negatives: Int32Array
}

/** How much each user has rated, how high on average, and how much of it is feedback for and against. */
export function userSummaries(table: InteractionTable): UserSummaries {
  const ratings = new Int32Array(table.userCount)
  const meanRating = new Float64Array(table.userCount)
  const positives = new Int32Array(table.userCount)
  const negatives = new Int32Array(table.userCount)
  for (let row = 0; row < table.size; row++) {
    const user = table.userIndex[row]!
    const rating = table.rating[row]!
    ratings[user]!++
    meanRating[user]! += rating
    if (isPositive(rating, table.scale)) positives[user]!++
    else if (isNegative(rating, table.scale)) negatives[user]!++
  }
  for (let user = 0; user < table.userCount; user++) meanRating[user]! /= ratings[user]!
  return { ratings, meanRating, positives, negatives }
}
