/** A curve as columns of equal length, ordered by x. */
export interface Curve {
  readonly x: readonly number[] | Float64Array | Int32Array
  readonly y: readonly number[] | Float64Array
}

/**
 * Largest-triangle-three-buckets (Steinarsson 2013): which points to show so that the curve looks the same.
 *
 * First and last point always stay. The others fall into `maxPoints - 2` buckets of equal count; of each bucket the point
 * stays that spans the largest triangle with the point kept before it and the mean of the bucket after it, so that
 * peaks survive. Ties go to the earlier point: the result depends on nothing but the input.
 *
 * @param maxPoints at least 3
 * @returns ascending indices into the curve, `min(length, maxPoints)` of them
 */
export function largestTriangleThreeBuckets(curve: Curve, maxPoints: number): number[] {
  if (!Number.isInteger(maxPoints) || maxPoints < 3) throw new RangeError(`maxPoints must be an integer from 3, not ${maxPoints}`)
  const { x, y } = curve
  const length = x.length
  if (length <= maxPoints) return Array.from({ length }, (_, index) => index)
  const kept = [0]
  const bucketSize = (length - 2) / (maxPoints - 2)
  let last = 0
  for (let bucket = 0; bucket < maxPoints - 2; bucket++) {
    const from = Math.floor(bucket * bucketSize) + 1
    const to = Math.floor((bucket + 1) * bucketSize) + 1
    const nextTo = Math.min(Math.floor((bucket + 2) * bucketSize) + 1, length)
    const [meanX, meanY] = meanOf(curve, to, nextTo)
    let best = from
    let bestArea = -1
    for (let index = from; index < to; index++) {
      const area = Math.abs((x[last]! - meanX) * (y[index]! - y[last]!) - (x[last]! - x[index]!) * (meanY - y[last]!))
      if (area > bestArea) {
        bestArea = area
        best = index
      }
    }
    kept.push(best)
    last = best
  }
  kept.push(length - 1)
  return kept
}

function meanOf(curve: Curve, from: number, to: number): [number, number] {
  let sumX = 0
  let sumY = 0
  for (let index = from; index < to; index++) {
    sumX += curve.x[index]!
    sumY += curve.y[index]!
  }
  return [sumX / (to - from), sumY / (to - from)]
}
