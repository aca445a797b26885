import type { Rng } from '../core/rng.ts'

/** Values that are read before others get a turn: some tens of milliseconds. */
const VALUES_PER_TURN = 2e7
/** Samples that one reading of a column serves. */
const AT_ONCE = 4

/**
 * Means of several columns over the same bootstrap samples of users: one array of `count` means per column. A mean goes over the
 * users that have a value; it is NaN where none of those drawn has one.
 *
 * Consumes users.length draws of `rng` per sample. A sample is how often each user was drawn, so that a column is read in order
 * and for several samples at once, which is many times as fast as jumping to each user that is drawn. Yields after some samples.
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
  const taken = columns.map((column) => Float64Array.from(users, (user) => column[user]!))
  const values = taken.map((column) => column.map((value) => (Number.isNaN(value) ? 0 : value)))
  /** 1 where there is a value; null for a column without gaps. */
  const present = taken.map((column) => (column.some(Number.isNaN) ? column.map((value) => (Number.isNaN(value) ? 0 : 1)) : null))
  const means = columns.map(() => new Float64Array(count))
  const times = new Int32Array(users.length)
  const drawn = Array.from({ length: AT_ONCE }, () => new Float64Array(users.length))
  const [sums, counts] = [new Float64Array(AT_ONCE), new Float64Array(AT_ONCE)]
  let read = 0
  for (let first = 0; first < count; first += AT_ONCE) {
    const samples = Math.min(AT_ONCE, count - first)
    for (let b = 0; b < samples; b++) {
      rng.countSample(times)
      drawn[b]!.set(times)
    }
    for (let m = 0; m < columns.length; m++) {
      addDrawn(sums, values[m]!, drawn)
      const having = present[m]
      if (having) addDrawn(counts, having, drawn)
      else counts.fill(users.length)
      for (let b = 0; b < samples; b++) means[m]![first + b] = counts[b] === 0 ? NaN : sums[b]! / counts[b]!
    }
    read += AT_ONCE * columns.length * users.length
    if (read < VALUES_PER_TURN) continue
    read = 0
    yield
  }
  return means
}

/** Sums of a column over four samples: every value as often as its user was drawn. */
function addDrawn(sums: Float64Array, values: Float64Array, drawn: readonly Float64Array[]): void {
  const [a, b, c, d] = drawn as [Float64Array, Float64Array, Float64Array, Float64Array]
  let [ofA, ofB, ofC, ofD] = [0, 0, 0, 0]
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    ofA += a[i]! * value
    ofB += b[i]! * value
    ofC += c[i]! * value
    ofD += d[i]! * value
  }
  sums[0] = ofA
  sums[1] = ofB
  sums[2] = ofC
  sums[3] = ofD
}
