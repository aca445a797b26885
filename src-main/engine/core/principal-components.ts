/** The directions in which points differ most, and the points seen along them. */
export interface PrincipalComponents {
  /** [points, count], row-major, about their mean. */
  readonly coordinates: Float64Array
  /** Share of the whole variance per direction, 0..1; zeros when all points are equal. */
  readonly explained: Float64Array
}

const MOST_STEPS = 400
const CLOSE_ENOUGH = 1e-9
const GOLDEN = (Math.sqrt(5) - 1) / 2

/**
 * Principal components by power iteration on the covariance, each direction found once the earlier ones are taken out.
 *
 * Deterministic: the start is fixed, and the sign of a direction makes its largest entry positive.
 *
 * @param points rows x columns, row-major
 * @param count  how many directions, at most `columns`; those beyond the rank give zeros
 */
export function principalComponents(
  points: Float32Array | Float64Array,
  rows: number,
  columns: number,
  count: number,
): PrincipalComponents {
  const mean = meanOf(points, rows, columns)
  const covariance = covarianceOf(points, mean, rows, columns)
  let trace = 0
  for (let i = 0; i < columns; i++) trace += covariance[i * columns + i]!
  const coordinates = new Float64Array(rows * count)
  const explained = new Float64Array(count)
  for (let component = 0; component < Math.min(count, columns); component++) {
    const { direction, value } = strongestDirection(covariance, columns)
    if (!(value > 1e-12 * trace)) break
    explained[component] = value / trace
    for (let row = 0; row < rows; row++) {
      let sum = 0
      for (let i = 0; i < columns; i++) sum += (points[row * columns + i]! - mean[i]!) * direction[i]!
      coordinates[row * count + component] = sum
    }
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j < columns; j++) covariance[i * columns + j]! -= value * direction[i]! * direction[j]!
    }
  }
  return { coordinates, explained }
}

function meanOf(points: Float32Array | Float64Array, rows: number, columns: number): Float64Array {
  const mean = new Float64Array(columns)
  for (let row = 0; row < rows; row++) for (let i = 0; i < columns; i++) mean[i]! += points[row * columns + i]! / rows
  return mean
}

function covarianceOf(points: Float32Array | Float64Array, mean: Float64Array, rows: number, columns: number): Float64Array {
  const covariance = new Float64Array(columns * columns)
  const centred = new Float64Array(columns)
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < columns; i++) centred[i] = points[row * columns + i]! - mean[i]!
    for (let i = 0; i < columns; i++) {
      const value = centred[i]! / rows
      for (let j = 0; j <= i; j++) covariance[i * columns + j]! += value * centred[j]!
    }
  }
  for (let i = 0; i < columns; i++) for (let j = 0; j < i; j++) covariance[j * columns + i] = covariance[i * columns + j]!
  return covariance
}

function strongestDirection(matrix: Float64Array, n: number): { direction: Float64Array; value: number } {
  // Uneven weights: a start of equal ones, or a single axis, is orthogonal to the strongest direction of common matrices.
  let direction = Float64Array.from({ length: n }, (_, i) => 1 + ((i * GOLDEN) % 1))
  let value = normalise(direction)
  for (let step = 0; step < MOST_STEPS && value > 0; step++) {
    const next = new Float64Array(n)
    for (let i = 0; i < n; i++) {
      let sum = 0
      for (let j = 0; j < n; j++) sum += matrix[i * n + j]! * direction[j]!
      next[i] = sum
    }
    value = normalise(next)
    let change = 0
    for (let i = 0; i < n; i++) change = Math.max(change, Math.abs(next[i]! - direction[i]!))
    direction = next
    if (change < CLOSE_ENOUGH) break
  }
  let largest = 0
  for (let i = 1; i < n; i++) if (Math.abs(direction[i]!) > Math.abs(direction[largest]!)) largest = i
  if (direction[largest]! < 0) direction = direction.map((entry) => -entry)
  return { direction, value }
}

/** @returns the length that it had */
function normalise(vector: Float64Array): number {
  let squares = 0
  for (const entry of vector) squares += entry * entry
  const length = Math.sqrt(squares)
  if (length > 0) for (let i = 0; i < vector.length; i++) vector[i]! /= length
  return length
}
