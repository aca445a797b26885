import type { DatasetDetail } from '../../contract/dto/dataset.ts'
import { isNegative, isPositive, type InteractionTable } from '../../engine/data/interaction-table.ts'

type Statistics = Pick<
  DatasetDetail,
  'ratingHistogram' | 'meanRating' | 'positives' | 'negatives' | 'itemPopularity' | 'userActivity'
>

const MAX_EXACT_VALUES = 50
const RANGE_BINS = 50
const MAX_POINTS = 200

/** What the page of a data set shows, computed from its columns (a million ratings take some 20 ms). */
export function describeTable(table: InteractionTable): Statistics {
  let sum = 0
  let positives = 0
  let negatives = 0
  for (const rating of table.rating) {
    sum += rating
    if (isPositive(rating, table.scale)) positives++
    else if (isNegative(rating, table.scale)) negatives++
  }
  return {
    ratingHistogram: histogram(table.rating),
    meanRating: table.size > 0 ? sum / table.size : 0,
    positives,
    negatives,
    itemPopularity: popularity(table.itemIndex, table.itemCount),
    userActivity: popularity(table.userIndex, table.userCount),
  }
}

/** One bin per value while there are few values, otherwise 50 ranges of equal width (the last one closed). */
export function histogram(ratings: Float32Array): DatasetDetail['ratingHistogram'] {
  const counts = new Map<number, number>()
  for (const rating of ratings) {
    counts.set(rating, (counts.get(rating) ?? 0) + 1)
    if (counts.size > MAX_EXACT_VALUES) return rangeHistogram(ratings)
  }
  return [...counts].sort(([a], [b]) => a - b).map(([value, count]) => ({ from: value, to: value, count }))
}

function rangeHistogram(ratings: Float32Array): DatasetDetail['ratingHistogram'] {
  let low = Infinity
  let high = -Infinity
  for (const rating of ratings) {
    if (rating < low) low = rating
    if (rating > high) high = rating
  }
  const width = (high - low) / RANGE_BINS
  const counts = new Array<number>(RANGE_BINS).fill(0)
  for (const rating of ratings) {
    const bin = Math.min(RANGE_BINS - 1, Math.floor((rating - low) / width))
    counts[bin]! += 1
  }
  return counts.map((count, bin) => ({ from: low + bin * width, to: low + (bin + 1) * width, count }))
}

/** Occurrences of each index, most frequent first, thinned to points that lie evenly in log rank; zeros left out. */
export function popularity(index: Int32Array, count: number): { rank: number; count: number }[] {
  const counts = new Int32Array(count)
  for (const at of index) counts[at]! += 1
  const sorted = counts.filter((value) => value > 0).sort((a, b) => b - a)
  const points: { rank: number; count: number }[] = []
  for (let step = 0; step < MAX_POINTS; step++) {
    const rank = Math.round(sorted.length ** (step / (MAX_POINTS - 1)))
    if (sorted.length > 0 && rank !== points.at(-1)?.rank) points.push({ rank, count: sorted[rank - 1]! })
  }
  return points
}
