import type { Rng } from '../core/rng.ts'

/** Values that are read before others get a turn: some tens of milliseconds. */
const VALUES_PER_TURN = 5e6

/**
 * Means of several columns over the same bootstrap samples of users: one array of `count` means per column. A mean goes over the
 * users that have a value; it is NaN where none of those drawn has one.
 *
 * Consumes users.length draws of `rng` per sample. Values stand together by user, because every sample reads them in another
 * order: column by column that would be a jump through memory for each value. Yields after some samples.
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
  const present = new Uint8Array(users.length * width)
  columns.forEach((column, m) => {
    for (let i = 0; i < users.length; i++) {
      const value = column[users[i]!]!
      if (value !== value) continue
      values[i * width + m] = value
      present[i * width + m] = 1
    }
  })
  const means = columns.map(() => new Float64Array(count))
  const sums = new Float64Array(width)
  const samplesPerTurn = Math.ceil(VALUES_PER_TURN / Math.max(1, users.length * width))
  const counts = new Int32Array(width)
  for (let sample = 0; sample < count; sample++) {
    sums.fill(0)
    counts.fill(0)
    for (let i = 0; i < users.length; i++) {
      const from = rng.below(users.length) * width
      for (let m = 0; m < width; m++) {
        sums[m]! += values[from + m]!
        counts[m]! += present[from + m]!
      }
    }
    for (let m = 0; m < width; m++) means[m]![sample] = counts[m] === 0 ? NaN : sums[m]! / counts[m]!
    if (sample % samplesPerTurn === samplesPerTurn - 1) yield
  }
  return means
}
