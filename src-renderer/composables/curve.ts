/** A metric over updates as columns of equal length, `update` rising. */
export interface Curve {
  update: number[]
  value: number[]
  elapsedMs: number[]
}

/**
 * Adds a point at the end of `curve`. A resumed run starts again at its checkpoint: whatever the curve holds from there on
 * is replaced.
 */
export function appendPoint(curve: Curve, point: { update: number; value: number; elapsedMs: number }): void {
  let keep = curve.update.length
  while (keep > 0 && curve.update[keep - 1]! >= point.update) keep -= 1
  curve.update.length = curve.value.length = curve.elapsedMs.length = keep
  curve.update.push(point.update)
  curve.value.push(point.value)
  curve.elapsedMs.push(point.elapsedMs)
}

/**
 * Exponential moving average, without the usual bias towards the first value.
 *
 * @param weight how much of the past is kept, 0 (nothing is smoothed) to below 1
 */
export function smooth(values: readonly number[], weight: number): number[] {
  if (weight <= 0) return [...values]
  let sum = 0
  let norm = 0
  return values.map((value) => {
    sum = weight * sum + value
    norm = weight * norm + 1
    return sum / norm
  })
}

/** Metric points of this name are constant floors, drawn as dotted lines: `floor/<model>/<metric>`. */
export function floorName(name: string): { model: string; metric: string } | undefined {
  const [head, model, ...metric] = name.split('/')
  return head === 'floor' && model && metric.length > 0 ? { model, metric: metric.join('/') } : undefined
}

/** The value at `x` on the straight lines between points, the first or last value beyond them. @param xs rising, one at least */
export function valueAt(xs: readonly number[], ys: readonly number[], x: number): number {
  if (x <= xs[0]!) return ys[0]!
  if (x >= xs.at(-1)!) return ys.at(-1)!
  const after = firstFrom(xs, x)
  const [x0, x1, y0, y1] = [xs[after - 1]!, xs[after]!, ys[after - 1]!, ys[after]!]
  return x1 === x0 ? y1 : y0 + ((y1 - y0) * (x - x0)) / (x1 - x0)
}

/** Index of the first of rising `xs` that is at least `x`; their number when none is. */
export function firstFrom(xs: readonly number[], x: number): number {
  let [low, high] = [0, xs.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (xs[middle]! < x) low = middle + 1
    else high = middle
  }
  return low
}

/** `curve` with the points of `fine` in place of its own from the first update of `fine` to the last. */
export function withFinePart(curve: Curve, fine: Curve): Curve {
  const [first, last] = [fine.update[0], fine.update.at(-1)]
  if (first === undefined || last === undefined) return curve
  const [from, to] = [firstFrom(curve.update, first), firstFrom(curve.update, last + 1)]
  const join = (whole: number[], part: number[]) => [...whole.slice(0, from), ...part, ...whole.slice(to)]
  return {
    update: join(curve.update, fine.update),
    value: join(curve.value, fine.value),
    elapsedMs: join(curve.elapsedMs, fine.elapsedMs),
  }
}

/** Points of a curve where one run is looked at, and the fewest where many are: a chart is about a thousand pixels wide. */
export const finest = 2000
const coarsest = 500
/** Points of a curve for all runs together. */
const together = 10_000

/** How many points a curve of each of `runs` needs, so that a picture of all of them is drawn at once. */
export function pointsFor(runs: number): number {
  return Math.round(Math.min(finest, Math.max(coarsest, together / Math.max(1, runs))))
}
