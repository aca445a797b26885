import { describe, expect, it } from 'vitest'
import { feedbackCounts } from '../../../../../src-main/engine/data/statistics/feedback-counts.ts'
import { userSummaries } from '../../../../../src-main/engine/data/statistics/user-summaries.ts'
import { userTimeline } from '../../../../../src-main/engine/data/statistics/user-timeline.ts'
import { ratingRows } from '../../../../support/rating-rows.ts'

const table = ratingRows([
  [0, 0, 5, 30],
  [2, 1, 2, 10],
  [0, 1, 4, 20],
  [0, 2, 3, 20],
  [2, 0, 1, 5],
])

describe('what users did', () => {
  it('is counted and averaged per user, with feedback by the thresholds', () =>
    expect(userSummaries(table)).toEqual({
      ratings: Int32Array.of(3, 0, 2),
      meanRating: Float64Array.of(4, NaN, 1.5),
      positives: Int32Array.of(2, 0, 0),
      negatives: Int32Array.of(0, 0, 2),
    }))

  it('is told in the order of time, the same moment in the order of the source', () => {
    const events = userTimeline(table, 0)
    expect(events.map(({ itemIndex, time, feedback }) => [itemIndex, time, feedback])).toEqual([
      [1, 20, 'positive'],
      [2, 20, 'neutral'],
      [0, 30, 'positive'],
    ])
    expect(userTimeline(table, 2).map((event) => event.feedback)).toEqual(['negative', 'negative'])
    expect(userTimeline(table, 1)).toEqual([])
  })

  it('adds up over the data set', () => {
    expect(feedbackCounts(table)).toEqual({ meanRating: 3, positives: 2, negatives: 2 })
    expect(feedbackCounts(ratingRows([]))).toEqual({ meanRating: 0, positives: 0, negatives: 0 })
  })
})
