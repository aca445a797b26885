import type { RatingScale } from '../../src-main/contract/dto/dataset.ts'
import type { FeedbackKind, LiveResponse } from '../../src-main/contract/dto/live.ts'

export type Said = 'like' | 'dislike' | 'skip'
/** What is said of an item: in a word, or as a rating on the data set's scale. */
export type Opinion = Said | number

/** Most ratings that are offered. */
const MOST = 11

/** The ratings that are offered, from the lowest; none where like and dislike say as much. */
export function ratingSteps({ min, max }: Pick<RatingScale, 'min' | 'max'>): number[] {
  const width = max - min
  const step = [1, 0.5].find((one) => Number.isInteger(min / one) && Number.isInteger(max / one) && width / one < MOST)
  const count = step === undefined ? MOST : width / step + 1
  return count < 3 ? [] : Array.from({ length: count }, (_, at) => min + (at * width) / (count - 1))
}

/** The rating that a digit means: 1 is 1, and 0 is 10 where the scale goes so far. */
export function ratingOfDigit(digit: number, steps: readonly number[]): number | undefined {
  const wanted = digit === 0 && steps.includes(10) ? 10 : digit
  return steps.includes(wanted) ? wanted : undefined
}

export const feedbackOf = (opinion: Opinion): FeedbackKind => (typeof opinion === 'number' ? 'rating' : opinion)

export function responseOf(itemIndex: number, opinion: Opinion): LiveResponse {
  return typeof opinion === 'number' ? { itemIndex, feedback: 'rating', rating: opinion } : { itemIndex, feedback: opinion }
}
