/**
 * Matrix product in plain JavaScript. Both operands are first packed into narrow panels of doubles, so that the inner loop
 * reads two streams in order whatever is transposed, converts nothing, and keeps its eight sums in registers. Sums run in
 * one fixed order in double precision: the result depends on nothing but the arguments.
 */

const TILE_ROWS = 2
const TILE_COLUMNS = 4

let packedA = new Float64Array(0)
let packedB = new Float64Array(0)
const tile = new Float64Array(TILE_ROWS * TILE_COLUMNS)

/** Provides the scratch that `gemm` of these sizes needs, so that it allocates nothing later. */
export function reserveGemm(columns: number, inner: number): void {
  const sizeA = TILE_ROWS * inner
  const sizeB = Math.ceil(columns / TILE_COLUMNS) * TILE_COLUMNS * inner
  if (packedA.length < sizeA) packedA = new Float64Array(sizeA)
  if (packedB.length < sizeB) packedB = new Float64Array(sizeB)
}

/**
 * out [rows, columns] = op(a) op(b) + bias. Element (i, p) of op(a) is a[i * aRow + p * aInner], element (p, j) of op(b)
 * is b[p * bInner + j * bColumn]. `reserveGemm` must have been called for these sizes.
 * @param bias [columns], or empty for none
 */
export function gemm(
  out: Float32Array,
  rows: number,
  columns: number,
  inner: number,
  a: Float32Array,
  aRow: number,
  aInner: number,
  b: Float32Array,
  bInner: number,
  bColumn: number,
  bias: Float32Array,
): void {
  packColumns(b, columns, inner, bInner, bColumn)
  for (let row = 0; row < rows; row += TILE_ROWS) {
    const height = Math.min(TILE_ROWS, rows - row)
    packRows(a, row, height, inner, aRow, aInner)
    for (let column = 0; column < columns; column += TILE_COLUMNS) {
      multiplyTile(column * inner, inner)
      storeTile(out, row, height, column, Math.min(TILE_COLUMNS, columns - column), columns, bias)
    }
  }
}

function packRows(a: Float32Array, row: number, height: number, inner: number, aRow: number, aInner: number): void {
  const packed = packedA
  let from0 = row * aRow
  if (height === TILE_ROWS) {
    let from1 = from0 + aRow
    for (let p = 0, to = 0; p < inner; p++, to += 2) {
      packed[to] = a[from0]!
      packed[to + 1] = a[from1]!
      from0 += aInner
      from1 += aInner
    }
    return
  }
  for (let p = 0, to = 0; p < inner; p++, to += 2) {
    packed[to] = a[from0]!
    packed[to + 1] = 0
    from0 += aInner
  }
}

function packColumns(b: Float32Array, columns: number, inner: number, bInner: number, bColumn: number): void {
  const packed = packedB
  let to = 0
  const whole = columns - (columns % TILE_COLUMNS)
  for (let column = 0; column < whole; column += TILE_COLUMNS) {
    let from0 = column * bColumn
    let from1 = from0 + bColumn
    let from2 = from1 + bColumn
    let from3 = from2 + bColumn
    for (let p = 0; p < inner; p++, to += 4) {
      packed[to] = b[from0]!
      packed[to + 1] = b[from1]!
      packed[to + 2] = b[from2]!
      packed[to + 3] = b[from3]!
      from0 += bInner
      from1 += bInner
      from2 += bInner
      from3 += bInner
    }
  }
  if (whole === columns) return
  for (let p = 0; p < inner; p++) {
    for (let column = whole; column < whole + TILE_COLUMNS; column++) {
      packed[to++] = column < columns ? b[p * bInner + column * bColumn]! : 0
    }
  }
}

function multiplyTile(startB: number, inner: number): void {
  const left = packedA
  const right = packedB
  let c00 = 0
  let c01 = 0
  let c02 = 0
  let c03 = 0
  let c10 = 0
  let c11 = 0
  let c12 = 0
  let c13 = 0
  for (let p = 0, at = 0, bt = startB; p < inner; p++, at += 2, bt += 4) {
    const b0 = right[bt]!
    const b1 = right[bt + 1]!
    const b2 = right[bt + 2]!
    const b3 = right[bt + 3]!
    const a0 = left[at]!
    c00 += a0 * b0
    c01 += a0 * b1
    c02 += a0 * b2
    c03 += a0 * b3
    const a1 = left[at + 1]!
    c10 += a1 * b0
    c11 += a1 * b1
    c12 += a1 * b2
    c13 += a1 * b3
  }
  const result = tile
  result[0] = c00
  result[1] = c01
  result[2] = c02
  result[3] = c03
  result[4] = c10
  result[5] = c11
  result[6] = c12
  result[7] = c13
}

function storeTile(
  out: Float32Array,
  row: number,
  height: number,
  column: number,
  width: number,
  columns: number,
  bias: Float32Array,
): void {
  const result = tile
  const biased = bias.length > 0
  for (let i = 0; i < height; i++) {
    const to = (row + i) * columns + column
    const from = i * TILE_COLUMNS
    for (let j = 0; j < width; j++) out[to + j] = biased ? result[from + j]! + bias[column + j]! : result[from + j]!
  }
}
