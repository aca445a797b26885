/** `from` = `to` for a single value; ranges are closed below and open above, but for the last one. */
export interface HistogramBin {
  readonly from: number
  readonly to: number
  readonly count: number
}

const MAX_EXACT_VALUES = 50
const RANGE_BINS = 50

/** One bin per value while there are few values, otherwise 50 ranges of equal width (the last one closed). */
export function ratingHistogram(ratings: Float32Array): HistogramBin[] {
  const values: number[] = []
  const counts: number[] = []
  for (const rating of ratings) {
    // Few values, looked up a million times: a list is several times as fast as a map of numbers.
    const at = values.indexOf(rating)
    if (at >= 0) counts[at]! += 1
    else if (values.length === MAX_EXACT_VALUES) return rangeHistogram(ratings)
    else counts[values.push(rating) - 1] = 1
  }
  return values.map((value, at) => ({ from: value, to: value, count: counts[at]! })).sort((a, b) => a.from - b.from)
}

function rangeHistogram(ratings: Float32Array): HistogramBin[] {
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
