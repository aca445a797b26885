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
