/** A 95 % interval; null where there is too little to make one. */
export interface Interval {
  readonly low: number | null
  readonly high: number | null
}

/** The percentile interval of bootstrap samples: their 2.5 % and 97.5 % points, rounded outwards to samples. */
export function percentileInterval(samples: Float64Array): Interval {
  const sorted = samples.filter(Number.isFinite).sort()
  if (sorted.length === 0) return { low: null, high: null }
  return { low: sorted[Math.floor(0.025 * (sorted.length - 1))]!, high: sorted[Math.ceil(0.975 * (sorted.length - 1))]! }
}
