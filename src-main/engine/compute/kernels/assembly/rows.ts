import { addressOf, bytes, fma, intOf, loadPart, loadUpTo, storePart, storeUpTo, sumOf, sumsOf } from './math'

// Between one row per example, [B, k], and a list of rows per example, [B, n, k]. `width` is k, `count` is n.

/** `sum` + x, or + weight x if there are weights. */
// @ts-ignore: decorator
@inline
function accumulate(weighted: bool, sum: v128, weight: v128, x: v128): v128 {
  if (weighted) return fma(weight, x, sum)
  return f32x4.add(sum, x)
}

/**
 * out [columns] = the (weighted) sum over `count` rows of x that start `stride` bytes apart. Each column is summed in the
 * order of the rows, whatever columns are computed beside it; some are computed twice where the last vector is moved back.
 */
// @ts-ignore: decorator
@inline
function sumColumns(weighted: bool, out: usize, weights: usize, x: usize, count: i32, stride: usize, columns: i32): void {
  const zero = f32x4.splat(0)
  let column = 0
  for (; column + 16 <= columns; column += 16) {
    let sum0 = zero
    let sum1 = zero
    let sum2 = zero
    let sum3 = zero
    let from = x + bytes(column)
    for (let row = 0; row < count; row++) {
      const weight = weighted ? v128.load32_splat(weights + bytes(row)) : zero
      sum0 = accumulate(weighted, sum0, weight, v128.load(from))
      sum1 = accumulate(weighted, sum1, weight, v128.load(from, 16))
      sum2 = accumulate(weighted, sum2, weight, v128.load(from, 32))
      sum3 = accumulate(weighted, sum3, weight, v128.load(from, 48))
      from += stride
    }
    const to = out + bytes(column)
    v128.store(to, sum0)
    v128.store(to, sum1, 16)
    v128.store(to, sum2, 32)
    v128.store(to, sum3, 48)
  }
  const lanes = min(columns, 4)
  for (; column < columns; column += 4) {
    const start = bytes(min(column, columns - lanes))
    let sum = zero
    let from = x + start
    for (let row = 0; row < count; row++) {
      const weight = weighted ? v128.load32_splat(weights + bytes(row)) : zero
      sum = accumulate(weighted, sum, weight, loadUpTo(from, lanes))
      from += stride
    }
    storeUpTo(out + start, sum, lanes)
  }
}

/** Units are examples. 5 weights, 6 values, 7 count, 8 width. */
export function weightedSum(i: usize, from: i32, to: i32): void {
  const count = intOf(i, 7)
  const width = intOf(i, 8)
  const row = bytes(width)
  let out = addressOf(i, 4) + <usize>from * row
  let weights = addressOf(i, 5) + <usize>from * bytes(count)
  let values = addressOf(i, 6) + <usize>from * row * <usize>count
  for (let unit = from; unit < to; unit++) {
    sumColumns(true, out, weights, values, count, row, width)
    out += row
    weights += bytes(count)
    values += row * <usize>count
  }
}

/** Units are examples. 5 x, 6 count, 7 width. */
export function sumRows(i: usize, from: i32, to: i32): void {
  const count = intOf(i, 6)
  const width = intOf(i, 7)
  const row = bytes(width)
  let out = addressOf(i, 4) + <usize>from * row
  let x = addressOf(i, 5) + <usize>from * row * <usize>count
  for (let unit = from; unit < to; unit++) {
    sumColumns(false, out, 0, x, count, row, width)
    out += row
    x += row * <usize>count
  }
}

/** Units are elements of the result. 5 x, 6 how often the result's size is repeated in x, 7 that size. */
export function sumLeading(i: usize, from: i32, to: i32): void {
  const start = bytes(from)
  sumColumns(false, addressOf(i, 4) + start, 0, addressOf(i, 5) + start, intOf(i, 6), bytes(intOf(i, 7)), to - from)
}

/** The product of two rows, its lanes still to be summed. */
// @ts-ignore: decorator
@inline
function dotLanes(a: usize, b: usize, whole: usize, rest: i32): v128 {
  let sum = f32x4.splat(0)
  let at: usize = 0
  for (; at < whole; at += 16) sum = fma(v128.load(a + at), v128.load(b + at), sum)
  if (rest > 0) sum = fma(loadPart(a + at, rest), loadPart(b + at, rest), sum)
  return sum
}

/** The products of `a` with four rows of b. */
// @ts-ignore: decorator
@inline
function fourDots(a: usize, b: usize, row: usize, whole: usize, rest: i32): v128 {
  const b1 = b + row
  const b2 = b1 + row
  const b3 = b2 + row
  let sum0 = f32x4.splat(0)
  let sum1 = f32x4.splat(0)
  let sum2 = f32x4.splat(0)
  let sum3 = f32x4.splat(0)
  let at: usize = 0
  for (; at < whole; at += 16) {
    const left = v128.load(a + at)
    sum0 = fma(left, v128.load(b + at), sum0)
    sum1 = fma(left, v128.load(b1 + at), sum1)
    sum2 = fma(left, v128.load(b2 + at), sum2)
    sum3 = fma(left, v128.load(b3 + at), sum3)
  }
  if (rest > 0) {
    const left = loadPart(a + at, rest)
    sum0 = fma(left, loadPart(b + at, rest), sum0)
    sum1 = fma(left, loadPart(b1 + at, rest), sum1)
    sum2 = fma(left, loadPart(b2 + at, rest), sum2)
    sum3 = fma(left, loadPart(b3 + at, rest), sum3)
  }
  return sumsOf(sum0, sum1, sum2, sum3)
}

/** Units are examples. 5 a, 6 items, 7 count, 8 width. A product's bits do not depend on its place in the list. */
export function rowDot(i: usize, from: i32, to: i32): void {
  const count = intOf(i, 7)
  const width = intOf(i, 8)
  const row = bytes(width)
  const whole = bytes(width & ~3)
  const rest = width & 3
  let out = addressOf(i, 4) + <usize>from * bytes(count)
  let a = addressOf(i, 5) + <usize>from * row
  let items = addressOf(i, 6) + <usize>from * row * <usize>count
  for (let unit = from; unit < to; unit++) {
    let left = count
    for (; left >= 4; left -= 4) {
      v128.store(out, fourDots(a, items, row, whole, rest))
      out += 16
      items += row << 2
    }
    for (; left > 0; left--) {
      store<f32>(out, sumOf(dotLanes(a, items, whole, rest)))
      out += 4
      items += row
    }
    a += row
  }
}

/** out = weight x for one row. */
// @ts-ignore: decorator
@inline
function scaleRow(out: usize, x: usize, weight: v128, whole: usize, rest: i32): void {
  let at: usize = 0
  for (; at < whole; at += 16) v128.store(out + at, f32x4.mul(weight, v128.load(x + at)))
  if (rest > 0) storePart(out + at, f32x4.mul(weight, loadPart(x + at, rest)), rest)
}

/** Units are rows of the lists. 5 weights, 6 a, 7 count, 8 width. */
export function outerRows(i: usize, from: i32, to: i32): void {
  const weights = addressOf(i, 5)
  const count = intOf(i, 7)
  const width = intOf(i, 8)
  const row = bytes(width)
  const whole = bytes(width & ~3)
  const rest = width & 3
  let out = addressOf(i, 4) + <usize>from * row
  let a = addressOf(i, 6) + <usize>(from / count) * row
  let left = count - (from % count)
  for (let unit = from; unit < to; unit++) {
    scaleRow(out, a, v128.load32_splat(weights + bytes(unit)), whole, rest)
    out += row
    if (--left == 0) {
      a += row
      left = count
    }
  }
}

/** Units are rows of the lists; the result may lie where x lies. 5 x, 6 added, 7 count, 8 width. */
export function addRows(i: usize, from: i32, to: i32): void {
  const count = intOf(i, 7)
  const width = intOf(i, 8)
  const row = bytes(width)
  const whole = bytes(width & ~3)
  const rest = width & 3
  let out = addressOf(i, 4) + <usize>from * row
  let x = addressOf(i, 5) + <usize>from * row
  let added = addressOf(i, 6) + <usize>(from / count) * row
  let left = count - (from % count)
  for (let unit = from; unit < to; unit++) {
    let at: usize = 0
    for (; at < whole; at += 16) v128.store(out + at, f32x4.add(v128.load(x + at), v128.load(added + at)))
    if (rest > 0) storePart(out + at, f32x4.add(loadPart(x + at, rest), loadPart(added + at, rest)), rest)
    out += row
    x += row
    if (--left == 0) {
      added += row
      left = count
    }
  }
}

/** Units are rows; the result may lie where x lies. 5 x, 6 factors, 7 width. */
export function scaleRows(i: usize, from: i32, to: i32): void {
  const factors = addressOf(i, 6)
  const width = intOf(i, 7)
  const row = bytes(width)
  const whole = bytes(width & ~3)
  const rest = width & 3
  let out = addressOf(i, 4) + <usize>from * row
  let x = addressOf(i, 5) + <usize>from * row
  for (let unit = from; unit < to; unit++) {
    scaleRow(out, x, v128.load32_splat(factors + bytes(unit)), whole, rest)
    out += row
    x += row
  }
}
