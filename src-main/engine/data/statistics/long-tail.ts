const MAX_POINTS = 200

export interface RankCount {
  /** From 1, the most frequent first. */
  readonly rank: number
  readonly count: number
}

/** Occurrences of each index, most frequent first, thinned to points that lie evenly in log rank; zeros left out. */
export function longTail(index: Int32Array, size: number): RankCount[] {
  const sorted = countsDescending(index, size)
  const points: RankCount[] = []
  for (let step = 0; step < MAX_POINTS; step++) {
    const rank = Math.round(sorted.length ** (step / (MAX_POINTS - 1)))
    if (sorted.length > 0 && rank !== points.at(-1)?.rank) points.push({ rank, count: sorted[rank - 1]! })
  }
  return points
}

function countsDescending(index: Int32Array, size: number): Int32Array {
  const counts = new Int32Array(size)
  for (const at of index) counts[at]! += 1
  // A typed array sorts by number and natively; a compare function would be many times as slow.
  return counts
    .filter((value) => value > 0)
    .sort()
    .reverse()
}
