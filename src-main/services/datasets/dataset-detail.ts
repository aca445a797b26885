import type { DatasetDetail } from '../../contract/dto/dataset.ts'
import type { InteractionTable } from '../../engine/data/interaction-table.ts'
import { feedbackCounts } from '../../engine/data/statistics/feedback-counts.ts'
import { longTail } from '../../engine/data/statistics/long-tail.ts'
import { ratingHistogram } from '../../engine/data/statistics/rating-histogram.ts'

type Statistics = Pick<
  DatasetDetail,
  'ratingHistogram' | 'meanRating' | 'positives' | 'negatives' | 'itemPopularity' | 'userActivity'
>

/** What the page of a data set shows first, computed from its columns. */
export function describeTable(table: InteractionTable): Statistics {
  return {
    ratingHistogram: ratingHistogram(table.rating),
    ...feedbackCounts(table),
    itemPopularity: longTail(table.itemIndex, table.itemCount),
    userActivity: longTail(table.userIndex, table.userCount),
  }
}
