import { solvePositiveDefinite } from '../core/linear-algebra.ts'

/** From so many unknowns on, rows are gathered and multiplied block by block; below it that is not worth the copying. */
const WIDE = 64
/** Below it so many rows wait for each other: a sum that is read and written once for four products costs half as much. */
const FEW = 4
/** Rows that are gathered before they are multiplied: 200 unknowns of so many rows lie in the second cache. */
const CHUNK = 256

/**
 * Solves min sum (y - x . b)^2 + sum ridge_i b_i^2, one problem after the other: the step of alternating least squares for one
 * user or item. With many unknowns and few rows it solves the dual problem, which is as large as there are rows:
 * b = D^-1 X' (X D^-1 X' + I)^-1 y with D = diag(ridge), the same minimum.
 */
export class RidgeSolver {
  readonly #n: number
  readonly #ridge: Float64Array
  readonly #normal: Float64Array
  readonly #right: Float64Array
  /** Rows that were gathered: [feature, row] for the normal equations, [row, feature] for the dual. Wide problems only. */
  readonly #block: Float64Array
  readonly #targets: Float64Array
  readonly #dual: Float64Array
  /** Rows that wait, [row, feature], with their targets behind the features. Narrow problems only. */
  readonly #few: Float64Array
  #waiting = 0
  #isDual = false
  #gathered = 0

  /** @param ridge one per unknown, above 0 */
  constructor(ridge: Float64Array) {
    const n = ridge.length
    const wide = n >= WIDE
    this.#n = n
    this.#ridge = ridge
    this.#normal = new Float64Array(n * n)
    this.#right = new Float64Array(n)
    this.#block = new Float64Array(wide ? n * CHUNK : 0)
    this.#targets = new Float64Array(wide ? n : 0)
    this.#dual = new Float64Array(wide ? n * n : 0)
    this.#few = new Float64Array(wide ? 0 : FEW * (n + 1))
  }

  /** Begins a problem of so many rows. */
  begin(rows: number): void {
    this.#isDual = this.#n >= WIDE && rows < Math.min(this.#n, CHUNK)
    this.#gathered = 0
    this.#waiting = 0
    this.#right.fill(0)
    if (this.#isDual) return
    this.#normal.fill(0)
    for (let i = 0; i < this.#n; i++) this.#normal[i * this.#n + i] = this.#ridge[i]!
  }

  /** One row: read at once, the array is the caller's again. @param x the first n count */
  add(x: Float64Array, target: number): void {
    if (this.#n < WIDE) this.#wait(x, target)
    else if (this.#isDual) this.#gatherRow(x, target)
    else this.#gatherColumn(x, target)
  }

  /** About how many multiply-adds one more row costs. */
  get workPerRow(): number {
    return (this.#n * (this.#isDual ? this.#gathered : this.#n)) / 2
  }

  /** About how many multiply-adds `solve` costs. */
  get workToSolve(): number {
    return (this.#isDual ? this.#gathered : this.#n) ** 3 / 6
  }

  /** @returns b, valid until the next problem */
  solve(): Float64Array {
    if (this.#isDual) this.#solveDual()
    else {
      if (this.#gathered > 0) this.#multiplyBlock()
      for (let row = 0; row < this.#waiting; row++) this.#addOne(row * (this.#n + 1))
      solvePositiveDefinite(this.#normal, this.#right, this.#n)
    }
    return this.#right
  }

  #wait(x: Float64Array, target: number): void {
    const n = this.#n
    const at = this.#waiting * (n + 1)
    for (let i = 0; i < n; i++) this.#few[at + i] = x[i]!
    this.#few[at + n] = target
    if (++this.#waiting < FEW) return
    this.#addFew()
    this.#waiting = 0
  }

  #addOne(at: number): void {
    const n = this.#n
    const x = this.#few
    for (let i = 0; i < n; i++) {
      const value = x[at + i]!
      this.#right[i]! += value * x[at + n]!
      const start = i * n
      for (let j = 0; j <= i; j++) this.#normal[start + j]! += value * x[at + j]!
    }
  }

  /** Four rows, each product added in the order of the rows: to the bits of one row after the other. */
  #addFew(): void {
    const n = this.#n
    const x = this.#few
    const normal = this.#normal
    const second = n + 1
    const third = 2 * second
    const fourth = 3 * second
    for (let i = 0; i < n; i++) {
      const a = x[i]!
      const b = x[second + i]!
      const c = x[third + i]!
      const d = x[fourth + i]!
      this.#right[i] = this.#right[i]! + a * x[n]! + b * x[second + n]! + c * x[third + n]! + d * x[fourth + n]!
      const start = i * n
      for (let j = 0; j <= i; j++) {
        normal[start + j] = normal[start + j]! + a * x[j]! + b * x[second + j]! + c * x[third + j]! + d * x[fourth + j]!
      }
    }
  }

  #gatherColumn(x: Float64Array, target: number): void {
    for (let i = 0; i < this.#n; i++) {
      this.#block[i * CHUNK + this.#gathered] = x[i]!
      this.#right[i]! += x[i]! * target
    }
    if (++this.#gathered === CHUNK) this.#multiplyBlock()
  }

  #multiplyBlock(): void {
    addGram(this.#block, CHUNK, this.#n, this.#gathered, this.#normal)
    this.#gathered = 0
  }

  /** Features divided by the root of their ridge, so that the dual is X X' + I. */
  #gatherRow(x: Float64Array, target: number): void {
    const at = this.#gathered * this.#n
    for (let i = 0; i < this.#n; i++) this.#block[at + i] = x[i]! / Math.sqrt(this.#ridge[i]!)
    this.#targets[this.#gathered++] = target
  }

  #solveDual(): void {
    const n = this.#n
    const rows = this.#gathered
    const dual = this.#dual.subarray(0, rows * rows).fill(0)
    for (let row = 0; row < rows; row++) dual[row * rows + row] = 1
    addGram(this.#block, n, rows, n, dual)
    solvePositiveDefinite(dual, this.#targets, rows)
    for (let row = 0; row < rows; row++) {
      const weight = this.#targets[row]!
      for (let i = 0; i < n; i++) this.#right[i]! += weight * this.#block[row * n + i]!
    }
    for (let i = 0; i < n; i++) this.#right[i]! /= Math.sqrt(this.#ridge[i]!)
  }
}

/**
 * Adds A A' to the lower triangle of `out` (count x count). Two rows by four at a time: each number that is read serves several
 * products, and the sums stay in registers.
 *
 * @param a count rows of `length` numbers, `stride` apart
 */
export function addGram(a: Float64Array, stride: number, count: number, length: number, out: Float64Array): void {
  for (let i = 0; i < count; i += 2) {
    const pair = i + 1 < count
    const a0 = i * stride
    const a1 = pair ? a0 + stride : a0
    for (let j = 0; j <= i + 1 && j < count; j += 4) {
      const b0 = j * stride
      const b1 = Math.min(j + 1, count - 1) * stride
      const b2 = Math.min(j + 2, count - 1) * stride
      const b3 = Math.min(j + 3, count - 1) * stride
      let s00 = 0
      let s01 = 0
      let s02 = 0
      let s03 = 0
      let s10 = 0
      let s11 = 0
      let s12 = 0
      let s13 = 0
      for (let c = 0; c < length; c++) {
        const x = a[a0 + c]!
        const y = a[a1 + c]!
        const p = a[b0 + c]!
        const q = a[b1 + c]!
        const r = a[b2 + c]!
        const s = a[b3 + c]!
        s00 += x * p
        s01 += x * q
        s02 += x * r
        s03 += x * s
        s10 += y * p
        s11 += y * q
        s12 += y * r
        s13 += y * s
      }
      // What lies above the diagonal or past the end was computed along and is left out.
      addRow(out, i, j, count, s00, s01, s02, s03)
      if (pair) addRow(out, i + 1, j, count, s10, s11, s12, s13)
    }
  }
}

function addRow(out: Float64Array, i: number, j: number, n: number, s0: number, s1: number, s2: number, s3: number): void {
  const at = i * n + j
  if (j <= i) out[at]! += s0
  if (j + 1 <= i) out[at + 1]! += s1
  if (j + 2 <= i) out[at + 2]! += s2
  if (j + 3 <= i) out[at + 3]! += s3
}
