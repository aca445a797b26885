import { activate } from './activation'
import { TRANSPOSED_A, TRANSPOSED_B } from './gemm-layout'
import { fma } from './math'

/**
 * Products with fewer than 4 rows, or with one column: nothing is used often enough to be packed. One column is one row of
 * the transposed product.
 */
export function thinProduct(i: usize, from: i32, to: i32): void {
  const m = load<i32>(i, 32)
  const n = load<i32>(i, 36)
  const k = load<i32>(i, 40)
  const flags = load<i32>(i, 44)
  const out = <usize>load<u32>(i, 16)
  const a = <usize>load<u32>(i, 20)
  const b = <usize>load<u32>(i, 24)
  const bias = <usize>load<u32>(i, 28)
  const lda = (<usize>load<i32>(i, 48)) << 2
  const ldb = (<usize>load<i32>(i, 52)) << 2
  const transposedA = (flags & TRANSPOSED_A) !== 0
  const transposedB = (flags & TRANSPOSED_B) !== 0
  if (n === 1) {
    const start: f32 = bias !== 0 ? load<f32>(bias) : 0
    thinRow(out, b, transposedB ? 4 : ldb, a, lda, !transposedA, k, from, to, 0, start)
    activate(out, from, to, 0, 1, 1, flags >> 4)
    return
  }
  // The encoder cuts products with few rows by columns.
  for (let row = 0; row < m; row++) {
    const x = transposedA ? a + ((<usize>row) << 2) : a + <usize>row * lda
    thinRow(out + ((<usize>(row * n)) << 2), x, transposedA ? lda : 4, b, ldb, transposedB, k, from, to, bias, 0)
  }
  activate(out, 0, m, from, to, n, flags >> 4)
}

/** out [from .. to - 1] = start + x [k] op(b) [k, ..]; elements of x lie `xStep` bytes apart; start is `bias` or `same`. */
function thinRow(
  out: usize,
  x: usize,
  xStep: usize,
  b: usize,
  ldb: usize,
  transposed: bool,
  k: i32,
  from: i32,
  to: i32,
  bias: usize,
  same: f32,
): void {
  if (transposed && xStep === 4) return thinDots(out, x, b, ldb, k, from, to, bias, same)
  let j = from
  if (!transposed) {
    for (; j + 32 <= to; j += 32) thin32(out, x, xStep, b, ldb, k, j, bias, same)
    for (; j + 4 <= to; j += 4) {
      const at = (<usize>j) << 2
      let sum = bias !== 0 ? v128.load(bias + at) : f32x4.splat(same)
      for (let p = 0; p < k; p++) {
        sum = fma(v128.load32_splat(x + <usize>p * xStep), v128.load(b + <usize>p * ldb + at), sum)
      }
      v128.store(out + at, sum)
    }
  }
  for (; j < to; j++) {
    const at = (<usize>j) << 2
    let sum = bias !== 0 ? v128.load32_splat(bias + at) : f32x4.splat(same)
    for (let p = 0; p < k; p++) {
      const element = transposed ? b + <usize>j * ldb + ((<usize>p) << 2) : b + <usize>p * ldb + at
      sum = fma(v128.load32_splat(x + <usize>p * xStep), v128.load32_splat(element), sum)
    }
    v128.store_lane<f32>(out + at, sum, 0)
  }
}

function thin32(out: usize, x: usize, xStep: usize, b: usize, ldb: usize, k: i32, j: i32, bias: usize, same: f32): void {
  const at = (<usize>j) << 2
  const plain = f32x4.splat(same)
  const biased = bias !== 0
  const start = bias + at
  let c0 = biased ? v128.load(start) : plain
  let c1 = biased ? v128.load(start, 16) : plain
  let c2 = biased ? v128.load(start, 32) : plain
  let c3 = biased ? v128.load(start, 48) : plain
  let c4 = biased ? v128.load(start, 64) : plain
  let c5 = biased ? v128.load(start, 80) : plain
  let c6 = biased ? v128.load(start, 96) : plain
  let c7 = biased ? v128.load(start, 112) : plain
  let row = b + at
  for (let p = 0; p < k; p++, row += ldb, x += xStep) {
    const factor = v128.load32_splat(x)
    c0 = fma(factor, v128.load(row), c0)
    c1 = fma(factor, v128.load(row, 16), c1)
    c2 = fma(factor, v128.load(row, 32), c2)
    c3 = fma(factor, v128.load(row, 48), c3)
    c4 = fma(factor, v128.load(row, 64), c4)
    c5 = fma(factor, v128.load(row, 80), c5)
    c6 = fma(factor, v128.load(row, 96), c6)
    c7 = fma(factor, v128.load(row, 112), c7)
  }
  const to = out + at
  v128.store(to, c0)
  v128.store(to, c1, 16)
  v128.store(to, c2, 32)
  v128.store(to, c3, 48)
  v128.store(to, c4, 64)
  v128.store(to, c5, 80)
  v128.store(to, c6, 96)
  v128.store(to, c7, 112)
}

/**
 * Inner products of x with rows from .. to - 1 of b, each in sixteen interleaved sums: how a catalogue is scored. The rows are
 * read one after the other, as memory likes it best.
 */
function thinDots(out: usize, x: usize, b: usize, ldb: usize, k: i32, from: i32, to: i32, bias: usize, same: f32): void {
  const four = x + ((<usize>(k & ~15)) << 2)
  const one = x + ((<usize>(k & ~3)) << 2)
  for (let j = from; j < to; j++) {
    let row = b + <usize>j * ldb
    let at = x
    let s0 = f32x4.splat(0)
    let s1 = s0
    let s2 = s0
    let s3 = s0
    for (; at < four; at += 64, row += 64) {
      s0 = fma(v128.load(at), v128.load(row), s0)
      s1 = fma(v128.load(at, 16), v128.load(row, 16), s1)
      s2 = fma(v128.load(at, 32), v128.load(row, 32), s2)
      s3 = fma(v128.load(at, 48), v128.load(row, 48), s3)
    }
    for (; at < one; at += 16, row += 16) s0 = fma(v128.load(at), v128.load(row), s0)
    finishDot(out, j, f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)), x, b, ldb, k & ~3, k, bias, same)
  }
}

// @ts-ignore: decorator
@inline
function finishDot(
  out: usize,
  j: i32,
  sums: v128,
  x: usize,
  b: usize,
  ldb: usize,
  whole: i32,
  k: i32,
  bias: usize,
  same: f32,
): void {
  let sum =
    f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1) + (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3))
  for (let p = whole; p < k; p++) {
    const at = (<usize>p) << 2
    sum += load<f32>(x + at) * load<f32>(b + <usize>j * ldb + at)
  }
  sum += bias !== 0 ? load<f32>(bias + ((<usize>j) << 2)) : same
  store<f32>(out + ((<usize>j) << 2), sum)
}
