import type { Rng } from '../../core/rng.ts'
import type { Film } from './films.ts'

/** A user's taste moves in a straight line from `taste` by `drift` over their time with the service. */
export interface Viewer {
  readonly taste: Float64Array
  readonly drift: Float64Array
  /** How much kinder than the average user, in stars. */
  readonly kindness: number
  /** How many films they rate. */
  readonly ratings: number
}

export function makeViewers(count: number, totalRatings: number, dimensions: number, rng: Rng): Viewer[] {
  const shares = shareOut(count, totalRatings, { least: 20, most: 220 }, rng)
  return Array.from({ length: count }, (_, at) => ({
    taste: Float64Array.from({ length: dimensions }, () => rng.normal()),
    drift: Float64Array.from({ length: dimensions }, () => 0.7 * rng.normal()),
    kindness: 0.3 * rng.normal(),
    ratings: shares[at]!,
  }))
}

/** Log-normal shares of `total` within bounds, that sum to it exactly. */
function shareOut(count: number, total: number, { least, most }: { least: number; most: number }, rng: Rng): number[] {
  const weights = Array.from({ length: count }, () => Math.exp(0.8 * rng.normal()))
  const sum = weights.reduce((a, b) => a + b, 0)
  const shares = weights.map((weight) => Math.min(most, least + Math.floor(((total - least * count) * weight) / sum)))
  let left = total - shares.reduce((a, b) => a + b, 0)
  // What the bounds and the rounding left over goes round the table.
  for (let at = 0; left > 0; at = (at + 1) % count) {
    if (shares[at]! >= most) continue
    shares[at]! += 1
    left--
  }
  return shares
}

/**
 * Which films a viewer sees, in the order of seeing: without repetition, well-known films and films to their taste first
 * (weights through Gumbel noise, which is drawing without replacement).
 */
export function pickFilms(viewer: Viewer, films: readonly Film[], rng: Rng): Int32Array {
  const keys = Float64Array.from(films, (film) => {
    const gumbel = -Math.log(-Math.log(1 - rng.uniform() + 1e-300) + 1e-300)
    return Math.log(film.fame) + 0.35 * dot(viewer.taste, film.taste) + gumbel
  })
  const order = Int32Array.from(films.keys()).sort((a, b) => keys[b]! - keys[a]!)
  return rng.shuffle(order.slice(0, viewer.ratings))
}

/** @param share how far through their time with the service the viewer is, 0..1 @returns whole stars, 1..5 */
export function rate(viewer: Viewer, film: Film, share: number, rng: Rng): number {
  let affinity = 0
  for (let axis = 0; axis < film.taste.length; axis++) {
    affinity += (viewer.taste[axis]! + share * viewer.drift[axis]!) * film.taste[axis]!
  }
  const stars = 3.3 + viewer.kindness + film.quality + 0.75 * affinity + 0.5 * rng.normal()
  return Math.max(1, Math.min(5, Math.round(stars)))
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!
  return sum
}
