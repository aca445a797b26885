/**
 * Matrix product in plain JavaScript. Both operands are first packed into panels four wide of doubles, so that the inner
 * loop reads two streams in order whatever is transposed and converts nothing. Every sum runs over the inner axis in
 * ascending order in double precision: a row's result depends neither on the other rows nor on how the work is cut.
 *
 * The `| 0` in the hot loops tell the compiler that indices stay 32-bit integers; without them each carries an overflow check.
 */

const TILE = 4

let packedA = new Float64Array(0)
let packedB = new Float64Array(0)
/** One row of sums, for products too thin to be worth packing. */
let thinRow = new Float64Array(0)
const tile = new Float64Array(TILE * TILE)

/** Provides the scratch that `gemm` of these sizes needs, so that it allocates nothing later. */
export function reserveGemm(columns: number, inner: number): void {
  const sizeA = TILE * inner
  const sizeB = Math.ceil(columns / TILE) * TILE * inner
  if (packedA.length < sizeA) packedA = new Float64Array(sizeA)
  if (packedB.length < sizeB) packedB = new Float64Array(sizeB)
  if (thinRow.length < columns) thinRow = new Float64Array(columns)
}

/**
 * out [rows, columns] = op(a) op(b) + bias. Element (i, p) of op(a) is a[i * aRow + p * aInner], element (p, j) of op(b)
 * is b[p * bInner + (firstColumn + j) * bColumn]. `reserveGemm` must have been called for these sizes.
 * @param bias [columns], or empty for none
 * @param firstColumn of op(b) to use, so that a part of a product needs no view of its own
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
  firstColumn = 0,
): void {
  if (rows < TILE) {
    const bStart = firstColumn * bColumn
    for (let row = 0; row < rows; row++)
      multiplyRow(out, row, columns, inner, a, row * aRow, aInner, b, bStart, bInner, bColumn, bias)
    return
  }
  packPanels(packedB, b, firstColumn, columns, inner, bColumn, bInner)
  for (let row = 0; row < rows; row += TILE) {
    const height = Math.min(TILE, rows - row)
    packPanels(packedA, a, row, height, inner, aRow, aInner)
    for (let column = 0; column < columns; column += TILE) {
      multiplyTile(packedA, packedB, column * inner, inner, tile)
      storeTile(out, row, height, column, Math.min(TILE, columns - column), columns, bias)
    }
  }
}

/** One row of the result, with b read where it lies. */
function multiplyRow(
  out: Float32Array,
  row: number,
  columns: number,
  inner: number,
  a: Float32Array,
  aStart: number,
  aInner: number,
  b: Float32Array,
  bStart: number,
  bInner: number,
  bColumn: number,
  bias: Float32Array,
): void {
  const sums = thinRow
  const start = row * columns
  sums.fill(0, 0, columns)
  if (bColumn === 1) {
    for (let p = 0; p < inner; p++) {
      const factor = a[aStart + p * aInner]!
      for (let j = 0, from = bStart + p * bInner; j < columns; j = (j + 1) | 0, from = (from + 1) | 0)
        sums[j] = sums[j]! + factor * b[from]!
    }
  } else {
    for (let j = 0; j < columns; j++) {
      let sum = 0
      for (let p = 0, from = bStart + j * bColumn; p < inner; p = (p + 1) | 0, from = (from + bInner) | 0)
        sum += a[aStart + p * aInner]! * b[from]!
      sums[j] = sum
    }
  }
  const biased = bias.length > 0
  for (let j = 0; j < columns; j++) out[start + j] = biased ? sums[j]! + bias[j]! : sums[j]!
}

/**
 * Packs `count` lines from line `first` on into panels of four lines, element by element: [panel][inner][4], zeros where
 * the last panel has no line. Element p of line l is x[l * lineStride + p * innerStride].
 */
function packPanels(
  packed: Float64Array,
  x: Float32Array,
  first: number,
  count: number,
  inner: number,
  lineStride: number,
  innerStride: number,
): void {
  let to = 0
  let line = 0
  for (; line + TILE <= count; line += TILE) {
    let from0 = (first + line) * lineStride
    let from1 = (from0 + lineStride) | 0
    let from2 = (from1 + lineStride) | 0
    let from3 = (from2 + lineStride) | 0
    for (let p = 0; p < inner; p = (p + 1) | 0) {
      packed[to] = x[from0]!
      packed[(to + 1) | 0] = x[from1]!
      packed[(to + 2) | 0] = x[from2]!
      packed[(to + 3) | 0] = x[from3]!
      to = (to + 4) | 0
      from0 = (from0 + innerStride) | 0
      from1 = (from1 + innerStride) | 0
      from2 = (from2 + innerStride) | 0
      from3 = (from3 + innerStride) | 0
    }
  }
  if (line === count) return
  for (let p = 0; p < inner; p++) {
    for (let each = line; each < line + TILE; each++) {
      packed[to++] = each < count ? x[(first + each) * lineStride + p * innerStride]! : 0
    }
  }
}

/** result [4, 4] = one panel of a times the panel of b that starts at `startB`. */
function multiplyTile(left: Float64Array, right: Float64Array, startB: number, inner: number, result: Float64Array): void {
  let c00 = 0
  let c01 = 0
  let c02 = 0
  let c03 = 0
  let c10 = 0
  let c11 = 0
  let c12 = 0
  let c13 = 0
  let c20 = 0
  let c21 = 0
  let c22 = 0
  let c23 = 0
  let c30 = 0
  let c31 = 0
  let c32 = 0
  let c33 = 0
  let at = 0
  let bt = startB | 0
  for (let p = 0; p < inner; p = (p + 1) | 0) {
    const b0 = right[bt]!
    const b1 = right[(bt + 1) | 0]!
    const b2 = right[(bt + 2) | 0]!
    const b3 = right[(bt + 3) | 0]!
    const a0 = left[at]!
    c00 += a0 * b0
    c01 += a0 * b1
    c02 += a0 * b2
    c03 += a0 * b3
    const a1 = left[(at + 1) | 0]!
    c10 += a1 * b0
    c11 += a1 * b1
    c12 += a1 * b2
    c13 += a1 * b3
    const a2 = left[(at + 2) | 0]!
    c20 += a2 * b0
    c21 += a2 * b1
    c22 += a2 * b2
    c23 += a2 * b3
    const a3 = left[(at + 3) | 0]!
    c30 += a3 * b0
    c31 += a3 * b1
    c32 += a3 * b2
    c33 += a3 * b3
    at = (at + 4) | 0
    bt = (bt + 4) | 0
  }
  result[0] = c00
  result[1] = c01
  result[2] = c02
  result[3] = c03
  result[4] = c10
  result[5] = c11
  result[6] = c12
  result[7] = c13
  result[8] = c20
  result[9] = c21
  result[10] = c22
  result[11] = c23
  result[12] = c30
  result[13] = c31
  result[14] = c32
  result[15] = c33
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
    const from = i * TILE
    for (let j = 0; j < width; j++) out[to + j] = biased ? result[from + j]! + bias[column + j]! : result[from + j]!
  }
}
