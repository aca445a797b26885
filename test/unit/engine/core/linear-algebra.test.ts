import { describe, expect, it } from 'vitest'
import { orthogonalAlignment, rotateRows, solvePositiveDefinite } from '../../../../src-main/engine/core/linear-algebra.ts'
import { Rng } from '../../../../src-main/engine/core/rng.ts'

const normals = (count: number, rng: Rng) => Float64Array.from({ length: count }, () => rng.normal())

function multiply(a: Float64Array, b: Float64Array, rows: number, inner: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      for (let c = 0; c < inner; c++) out[i * columns + j]! += a[i * inner + c]! * b[c * columns + j]!
  return out
}

function transpose(a: Float64Array, rows: number, columns: number): Float64Array {
  return Float64Array.from({ length: a.length }, (_, at) => a[(at % rows) * columns + Math.floor(at / rows)]!)
}

const largest = (a: Float64Array, b: ArrayLike<number>) => a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0)
const identity = (n: number) => Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0))
const orthogonality = (r: Float64Array, n: number) => largest(multiply(transpose(r, n, n), r, n, n, n), identity(n))

/** An orthogonal matrix from random normals by Gram and Schmidt. */
function randomOrthogonal(n: number, rng: Rng): Float64Array {
  const rows = Array.from({ length: n }, () => normals(n, rng))
  rows.forEach((row, i) => {
    for (let pass = 0; pass < 2; pass++) {
      for (const earlier of rows.slice(0, i)) {
        const dot = row.reduce((sum, x, c) => sum + x * earlier[c]!, 0)
        for (let c = 0; c < n; c++) row[c]! -= dot * earlier[c]!
      }
    }
    const length = Math.hypot(...row)
    for (let c = 0; c < n; c++) row[c]! /= length
  })
  return Float64Array.from(rows.flatMap((row) => [...row]))
}

describe('solving with a positive definite matrix', () => {
  it('gives what hand calculation gives', () => {
    const b = Float64Array.of(2, 1)
    solvePositiveDefinite(Float64Array.of(4, NaN, 2, 3), b, 2)
    // 4x + 2y = 2, 2x + 3y = 1: x = 0.5, y = 0. NaN above the diagonal: it is not read.
    expect(largest(b, [0.5, 0])).toBeLessThan(1e-15)
    const one = Float64Array.of(6)
    solvePositiveDefinite(Float64Array.of(3), one, 1)
    expect(one[0]).toBeCloseTo(2, 12)
  })

  it.each([1, 2, 5, 17, 60])('solves random systems of size %i', (n) => {
    const rng = Rng.stream(n, 'spd')
    const root = normals(n * n, rng)
    const a = multiply(root, transpose(root, n, n), n, n, n)
    for (let i = 0; i < n; i++) a[i * n + i]! += 0.5
    const x = normals(n, rng)
    const b = multiply(a, x, n, n, 1)
    solvePositiveDefinite(a.slice(), b, n)
    expect(largest(b, x)).toBeLessThan(1e-9)
  })

  it.each([
    ['singular', [1, 1, 1, 1], 1],
    ['indefinite', [-1, 0, 0, 1], 0],
    ['not a number', [1, 0, 0, NaN], 1],
  ])('names the row where a matrix is %s', (_what, a, row) => {
    expect(() => solvePositiveDefinite(Float64Array.from(a), new Float64Array(2), 2)).toThrow(
      new RangeError(`The matrix is not positive definite at row ${row}; a larger ridge would make it so.`),
    )
  })
})

describe('orthogonal alignment', () => {
  it.each([1, 2, 3, 8, 16])('recovers a known rotation or reflection of %i coordinates', (n) => {
    const rng = Rng.stream(n, 'rotation')
    const rotation = randomOrthogonal(n, rng)
    const from = normals(50 * n, rng)
    const to = multiply(from, rotation, 50, n, n)
    const found = orthogonalAlignment(from, to, 50, n)
    expect(largest(found, rotation)).toBeLessThan(1e-9)
    rotateRows(from, found, 50, n)
    expect(largest(from, to)).toBeLessThan(1e-9)
  })

  it('is the best orthogonal map where none is exact: no small rotation comes closer', () => {
    const rng = Rng.stream(1, 'noisy')
    const n = 4
    const from = normals(30 * n, rng)
    const to = multiply(from, randomOrthogonal(n, rng), 30, n, n).map((x) => x + 0.5 * rng.normal())
    const distance = (r: Float64Array) => multiply(from, r, 30, n, n).reduce((sum, x, i) => sum + (x - to[i]!) ** 2, 0)
    const best = orthogonalAlignment(from, to, 30, n)
    expect(orthogonality(best, n)).toBeLessThan(1e-12)
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        for (const angle of [-0.01, 0.01, Math.PI]) {
          const turn = identity(n)
          turn[p * n + p] = turn[q * n + q] = Math.cos(angle)
          turn[p * n + q] = -(turn[q * n + p] = Math.sin(angle))
          expect(distance(multiply(best, turn, n, n, n))).toBeGreaterThan(distance(best))
        }
      }
    }
  })

  it.each([
    ['rank one', (rng: Rng) => Array.from({ length: 20 }, () => rng.normal()).flatMap((x) => [x, 2 * x, -x, 0, 0])],
    ['nothing in common', () => new Array<number>(100).fill(0)],
    [
      'coordinates of very different size',
      (rng: Rng) => Array.from({ length: 20 }, () => [1e2, 1, 1e-2, 1e-12, 0].map((s) => s * rng.normal())).flat(),
    ],
  ])('stays orthogonal without full rank: %s', (_what, make) => {
    const rng = Rng.stream(2, 'deficient')
    const from = Float64Array.from(make(rng))
    const rotation = randomOrthogonal(5, rng)
    const to = multiply(from, rotation, 20, 5, 5)
    const found = orthogonalAlignment(from, to, 20, 5)
    expect(orthogonality(found, 5)).toBeLessThan(1e-9)
    const size = Math.max(1, ...from.map(Math.abs))
    expect(largest(multiply(from, found, 20, 5, 5), to) / size).toBeLessThan(1e-8)
  })
})
