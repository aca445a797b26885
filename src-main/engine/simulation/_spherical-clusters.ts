import type { Rng } from '../core/rng.ts'

/** Lloyd's steps end when nobody moves, and after so many at the latest. */
const MOST_STEPS = 30

/** Directions in groups: row-major matrices with `size` columns. */
export interface Clusters {
  readonly count: number
  /** Of length 1 each. */
  readonly centres: Float64Array
  /** By row; -1 for a row of zeros, which points nowhere. */
  readonly clusterOf: Int32Array
}

/** The rows of a matrix cut to length 1; rows of zeros stay. */
export function unitRows(values: Float64Array, size: number): Float64Array {
  const rows = values.slice()
  for (let from = 0; from < rows.length; from += size) normalise(rows, from, size)
  return rows
}

/** Cuts `size` coordinates from `from` on to length 1, unless they are all 0. */
export function normalise(values: Float64Array, from: number, size: number): void {
  const length = Math.sqrt(dot(values, from, values, from, size))
  if (length > 0) for (let c = 0; c < size; c++) values[from + c]! /= length
}

export function dot(a: Float64Array, atA: number, b: Float64Array, atB: number, size: number): number {
  let sum = 0
  for (let c = 0; c < size; c++) sum += a[atA + c]! * b[atB + c]!
  return sum
}

/**
 * Spherical k-means: every direction joins the centre it has the largest cosine with, every centre becomes the direction of its
 * members' sum. Begins at `count` different rows (fewer where fewer point anywhere); consumes one shuffle of `rng`. Yields per step.
 *
 * @param rows of length 1, or zero
 */
export function* clusterDirections(rows: Float64Array, size: number, count: number, rng: Rng): Generator<void, Clusters> {
  const total = rows.length / size
  const clusterOf = new Int32Array(total).fill(-1)
  const pointing = Int32Array.from({ length: total }, (_, row) => row).filter(
    (row) => dot(rows, row * size, rows, row * size, size) > 0,
  )
  const first = rng.shuffle(pointing.slice()).subarray(0, count)
  const centres = new Float64Array(first.length * size)
  first.forEach((row, at) => centres.set(rows.subarray(row * size, (row + 1) * size), at * size))
  for (let step = 0; step < MOST_STEPS; step++) {
    let moved = false
    for (const row of pointing) {
      const nearest = nearestCentre(rows, row * size, centres, size)
      moved ||= nearest !== clusterOf[row]
      clusterOf[row] = nearest
    }
    if (!moved) break
    moveCentres(rows, pointing, clusterOf, centres, size)
    yield
  }
  return { count: first.length, centres, clusterOf }
}

function nearestCentre(rows: Float64Array, from: number, centres: Float64Array, size: number): number {
  let best = 0
  let largest = -Infinity
  for (let at = 0; at < centres.length / size; at++) {
    const cosine = dot(rows, from, centres, at * size, size)
    if (cosine <= largest) continue
    largest = cosine
    best = at
  }
  return best
}

/** A centre that everybody has left stays where it was. */
function moveCentres(rows: Float64Array, pointing: Int32Array, clusterOf: Int32Array, centres: Float64Array, size: number): void {
  const sums = new Float64Array(centres.length)
  for (const row of pointing) for (let c = 0; c < size; c++) sums[clusterOf[row]! * size + c]! += rows[row * size + c]!
  for (let from = 0; from < centres.length; from += size) {
    if (dot(sums, from, sums, from, size) === 0) continue
    normalise(sums, from, size)
    centres.set(sums.subarray(from, from + size), from)
  }
}
