import type { Rng } from '../core/rng.ts'

/** Values that are read before others get a turn: some tens of milliseconds. */
const VALUES_PER_TURN = 5e6

/**
 * Means of several columns over the same bootstrap samples of users: one array of `count` means per column. A mean goes over the
 * users that have a value; it is NaN where none of those drawn has one.
 *
 * Consumes users.length draws of `rng` per sample. A sample is how often each user was drawn; values stand together by user and are
 * then read in order, which is several times as fast as jumping to each user that is drawn. Yields after some samples.
 *
 * @param columns values by position, NaN where there is none
 * @param users   positions to draw from
 */
export function* bootstrapMeans(
  columns: readonly Float64Array[],
  users: Int32Array,
  count: number,
  rng: Rng,
): Generator<void, readonly Float64Array[]> {
  const width = columns.length
  const values = new Float64Array(users.length * width)
  const present = new Float64Array(users.length * width)
  columns.forEach((column, m) => {
    for (let i = 0; i < users.length; i++) {
      const value = column[users[i]!]!
      if (value !== value) continue
      values[i * width + m] = value
      present[i * width + m] = 1
    }
  })
  const hasGaps = present.includes(0)
  const means = columns.map(() => new Float64Array(count))
  const times = new Int32Array(users.length)
  const sums = new Float64Array(width)
  const counts = new Float64Array(width).fill(users.length)
  const samplesPerTurn = Math.ceil(VALUES_PER_TURN / Math.max(1, users.length * width))
  for (let sample = 0; sample < count; sample++) {
    rng.countSample(times)
    addDrawn(sums.fill(0), values, times)
    if (hasGaps) addDrawn(counts.fill(0), present, times)
    for (let m = 0; m < width; m++) means[m]![sample] = counts[m] === 0 ? NaN : sums[m]! / counts[m]!
    if (sample % samplesPerTurn === samplesPerTurn - 1) yield
  }
  return means
}

/** Adds up the rows of `values`, one per user, each as often as the user was drawn. */
function addDrawn(sums: Float64Array, values: Float64Array, times: Int32Array): void {
  const width = sums.length
  for (let i = 0, from = 0; i < times.length; i++, from += width) {
    const drawn = times[i]!
    if (drawn === 0) continue
    for (let m = 0; m < width; m++) sums[m]! += drawn * values[from + m]!
  }
}
