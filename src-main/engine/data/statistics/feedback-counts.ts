import { isNegative, isPositive, type InteractionTable } from '../interaction-table.ts'

export interface FeedbackCounts {
  /** 0 for a table without rows. */
  readonly meanRating: number
  readonly positives: number
  readonly negatives: number
}

/** What the ratings are on average, and how many of them are feedback for and against by the thresholds of the scale. */
export function feedbackCounts({ rating, scale, size }: InteractionTable): FeedbackCounts {
  let sum = 0
  let positives = 0
  let negatives = 0
  for (const value of rating) {
    sum += value
    if (isPositive(value, scale)) positives++
    else if (isNegative(value, scale)) negatives++
  }
  return { meanRating: size > 0 ? sum / size : 0, positives, negatives }
}
