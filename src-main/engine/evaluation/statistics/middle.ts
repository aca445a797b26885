import type { Rng } from '../../core/rng.ts'
import { percentileInterval, type Interval } from './interval.ts'
import { interquartileMean } from './interquartile-mean.ts'

/**
 * Inter-quartile mean over users with its 95 % percentile bootstrap interval (null below two users).
 *
 * Consumes users.length draws of `rng` per sample, as `bootstrapMeans` does. Users are sorted once: a sample is then how often
 * each was drawn, and its middle half a walk along them.
 *
 * @param values by position, NaN where a user has none; @param users positions that count
 * @returns null where nobody has a value
 */
export function middleOf(
  values: Float64Array,
  users: Int32Array,
  samples: number,
  rng: Rng,
): (Interval & { readonly value: number; readonly users: number }) | null {
  const order = Array.from(users.keys()).filter((i) => !Number.isNaN(values[users[i]!]!))
  if (order.length === 0) return null
  order.sort((a, b) => values[users[a]!]! - values[users[b]!]!)
  const sorted = Float64Array.from(order, (i) => values[users[i]!]!)
  const value = interquartileMean(sorted)
  if (order.length < 2) return { value, users: order.length, low: null, high: null }
  const placeOf = new Int32Array(users.length).fill(-1)
  order.forEach((i, place) => (placeOf[i] = place))
  const drawn = new Int32Array(sorted.length)
  const middles = new Float64Array(samples)
  for (let sample = 0; sample < samples; sample++) {
    drawn.fill(0)
    for (let i = 0; i < users.length; i++) {
      const place = placeOf[rng.below(users.length)]!
      if (place >= 0) drawn[place]!++
    }
    middles[sample] = middleOfCounts(sorted, drawn)
  }
  return { value, users: order.length, ...percentileInterval(middles) }
}

/** As `interquartileMean` of ascending values, each as often as it was drawn; NaN where none was. */
function middleOfCounts(sorted: Float64Array, drawn: Int32Array): number {
  let total = 0
  for (let place = 0; place < drawn.length; place++) total += drawn[place]!
  const quarter = total / 4
  let sum = 0
  let at = 0
  for (let place = 0; place < drawn.length; place++) {
    const weight = Math.min(at + drawn[place]!, total - quarter) - Math.max(at, quarter)
    if (weight > 0) sum += weight * sorted[place]!
    at += drawn[place]!
  }
  return total === 0 ? NaN : sum / (2 * quarter)
}
