/** Small dense linear algebra in double precision, row-major. Sizes here are embedding sizes: tens to a few hundred. */

/**
 * Solves A x = b in place for a symmetric positive definite A by Cholesky's decomposition.
 *
 * @param a n x n; only the lower triangle is read; overwritten with the factor
 * @param b n; overwritten with the solution
 * @throws RangeError when A is not positive definite (a ridge of zero on linearly dependent columns)
 */
export function solvePositiveDefinite(a: Float64Array, b: Float64Array, n: number): void {
  for (let row = 0; row < n; row++) {
    const rowStart = row * n
    for (let column = 0; column < row; column++) {
      const columnStart = column * n
      let sum = a[rowStart + column]!
      for (let inner = 0; inner < column; inner++) sum -= a[rowStart + inner]! * a[columnStart + inner]!
      a[rowStart + column] = sum / a[columnStart + column]!
    }
    let diagonal = a[rowStart + row]!
    for (let inner = 0; inner < row; inner++) diagonal -= a[rowStart + inner]! * a[rowStart + inner]!
    if (!(diagonal > 0))
      throw new RangeError(`The matrix is not positive definite at row ${row}; a larger ridge would make it so.`)
    a[rowStart + row] = Math.sqrt(diagonal)
  }
  for (let row = 0; row < n; row++) {
    let sum = b[row]!
    for (let inner = 0; inner < row; inner++) sum -= a[row * n + inner]! * b[inner]!
    b[row] = sum / a[row * n + row]!
  }
  for (let row = n - 1; row >= 0; row--) {
    let sum = b[row]!
    for (let inner = row + 1; inner < n; inner++) sum -= a[inner * n + row]! * b[inner]!
    b[row] = sum / a[row * n + row]!
  }
}

/**
 * The orthogonal matrix R that brings the rows of `from` closest to those of `to`: argmin ||from R - to|| (Procrustes).
 *
 * R = U V' of the singular value decomposition of from' to, found by one-sided Jacobi rotations. Directions in which
 * the two have nothing in common are completed to an orthogonal matrix.
 *
 * @param from rows x n; @param to rows x n
 * @returns n x n, row-major
 */
export function orthogonalAlignment(from: Float64Array, to: Float64Array, rows: number, n: number): Float64Array {
  const product = new Float64Array(n * n)
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < n; i++) {
      const value = from[row * n + i]!
      if (value === 0) continue
      for (let j = 0; j < n; j++) product[i * n + j]! += value * to[row * n + j]!
    }
  }
  // One-sided Jacobi: rotate the columns of M until they are orthogonal, M V = U S.
  const right = identity(n)
  for (let sweep = 0; sweep < 60; sweep++) {
    if (!jacobiSweep(product, right, n)) break
  }
  const left = orthonormalColumns(product, n)
  const result = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0
      for (let c = 0; c < n; c++) sum += left[i * n + c]! * right[j * n + c]!
      result[i * n + j] = sum
    }
  }
  return result
}

/** Multiplies every row of `matrix` (rows x n) by `rotation` (n x n), in place. */
export function rotateRows(matrix: Float64Array, rotation: Float64Array, rows: number, n: number): void {
  const held = new Float64Array(n)
  for (let row = 0; row < rows; row++) {
    held.fill(0)
    for (let i = 0; i < n; i++) {
      const value = matrix[row * n + i]!
      for (let j = 0; j < n; j++) held[j]! += value * rotation[i * n + j]!
    }
    matrix.set(held, row * n)
  }
}

function identity(n: number): Float64Array {
  const matrix = new Float64Array(n * n)
  for (let i = 0; i < n; i++) matrix[i * n + i] = 1
  return matrix
}

function jacobiSweep(matrix: Float64Array, right: Float64Array, n: number): boolean {
  let rotated = false
  for (let p = 0; p < n - 1; p++) {
    for (let q = p + 1; q < n; q++) {
      let pp = 0
      let qq = 0
      let pq = 0
      for (let row = 0; row < n; row++) {
        const x = matrix[row * n + p]!
        const y = matrix[row * n + q]!
        pp += x * x
        qq += y * y
        pq += x * y
      }
      if (Math.abs(pq) <= 1e-14 * Math.sqrt(pp * qq) || pq === 0) continue
      rotated = true
      const zeta = (qq - pp) / (2 * pq)
      const tangent = Math.sign(zeta || 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta))
      const cosine = 1 / Math.sqrt(1 + tangent * tangent)
      const sine = cosine * tangent
      rotateColumns(matrix, n, p, q, cosine, sine)
      rotateColumns(right, n, p, q, cosine, sine)
    }
  }
  return rotated
}

function rotateColumns(matrix: Float64Array, n: number, p: number, q: number, cosine: number, sine: number): void {
  for (let row = 0; row < n; row++) {
    const x = matrix[row * n + p]!
    const y = matrix[row * n + q]!
    matrix[row * n + p] = cosine * x - sine * y
    matrix[row * n + q] = sine * x + cosine * y
  }
}

/** Normalises the (orthogonal) columns; columns without length are replaced by unit vectors orthogonal to all others. */
function orthonormalColumns(matrix: Float64Array, n: number): Float64Array {
  const result = new Float64Array(n * n)
  const lengths = Array.from({ length: n }, (_, c) => Math.sqrt(columnDot(matrix, matrix, n, c, c)))
  const largest = Math.max(...lengths)
  const missing: number[] = []
  for (let c = 0; c < n; c++) {
    if (lengths[c]! > 1e-10 * largest) for (let row = 0; row < n; row++) result[row * n + c] = matrix[row * n + c]! / lengths[c]!
    else missing.push(c)
  }
  let axis = 0
  for (const c of missing) {
    for (let found = false; !found; axis++) {
      for (let row = 0; row < n; row++) result[row * n + c] = row === axis ? 1 : 0
      for (let other = 0; other < n; other++) {
        if (other === c || (missing.includes(other) && missing.indexOf(other) > missing.indexOf(c))) continue
        const overlap = columnDot(result, result, n, c, other)
        for (let row = 0; row < n; row++) result[row * n + c]! -= overlap * result[row * n + other]!
      }
      const length = Math.sqrt(columnDot(result, result, n, c, c))
      found = length > 1e-3
      for (let row = 0; row < n; row++) result[row * n + c] = found ? result[row * n + c]! / length : 0
    }
  }
  return result
}

function columnDot(a: Float64Array, b: Float64Array, n: number, p: number, q: number): number {
  let sum = 0
  for (let row = 0; row < n; row++) sum += a[row * n + p]! * b[row * n + q]!
  return sum
}
