import { copyRow } from './gather'
import { addressOf, bytes, floatOf, intOf, loadPart, storePart, sumOf } from './math'

/**
 * Units are rows. 4 and 6 are the addresses of the first column that is written or read. 5 width of a row of the result,
 * 7 of the argument, 8 columns to copy.
 */
export function copyColumns(i: usize, from: i32, to: i32): void {
  const toWidth = intOf(i, 5)
  const fromWidth = intOf(i, 7)
  const width = intOf(i, 8)
  let out = addressOf(i, 4) + <usize>from * bytes(toWidth)
  let x = addressOf(i, 6) + <usize>from * bytes(fromWidth)
  if (toWidth == width && fromWidth == width) {
    copyRow(out, x, (to - from) * width)
    return
  }
  for (let unit = from; unit < to; unit++) {
    copyRow(out, x, width)
    out += bytes(toWidth)
    x += bytes(fromWidth)
  }
}

// @ts-ignore: decorator
@inline
function fillRow(out: usize, value: v128, count: i32): void {
  let left = count
  for (; left >= 16; left -= 16) {
    v128.store(out, value)
    v128.store(out, value, 16)
    v128.store(out, value, 32)
    v128.store(out, value, 48)
    out += 64
  }
  for (; left >= 4; left -= 4) {
    v128.store(out, value)
    out += 16
  }
  if (left > 0) storePart(out, value, left)
}

/** Units are elements. 5 value. */
export function fill(i: usize, from: i32, to: i32): void {
  fillRow(addressOf(i, 4) + bytes(from), f32x4.splat(floatOf(i, 5)), to - from)
}

/** Elements whose sum may gather rounding errors before it goes to double precision. */
const BLOCK: i32 = 1024

/** The sum of at most BLOCK elements. */
// @ts-ignore: decorator
@inline
function sumOfBlock(x: usize, count: i32): f32 {
  let sum0 = f32x4.splat(0)
  let sum1 = f32x4.splat(0)
  let sum2 = f32x4.splat(0)
  let sum3 = f32x4.splat(0)
  let left = count
  for (; left >= 16; left -= 16) {
    sum0 = f32x4.add(sum0, v128.load(x))
    sum1 = f32x4.add(sum1, v128.load(x, 16))
    sum2 = f32x4.add(sum2, v128.load(x, 32))
    sum3 = f32x4.add(sum3, v128.load(x, 48))
    x += 64
  }
  for (; left >= 4; left -= 4) {
    sum0 = f32x4.add(sum0, v128.load(x))
    x += 16
  }
  if (left > 0) sum1 = f32x4.add(sum1, loadPart(x, left))
  return sumOf(f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3)))
}

/** Units are rows of x. 5 x, 6 width. */
export function sumLast(i: usize, from: i32, to: i32): void {
  const out = addressOf(i, 4)
  const width = intOf(i, 6)
  let x = addressOf(i, 5) + <usize>from * bytes(width)
  for (let unit = from; unit < to; unit++) {
    let total: f64 = 0
    for (let left = width; left > 0; left -= BLOCK) {
      const count = min(left, BLOCK)
      total += <f64>sumOfBlock(x, count)
      x += bytes(count)
    }
    store<f32>(out + bytes(unit), <f32>total)
  }
}

/** Units are elements of x. 5 x, 6 how often each is repeated. */
export function expandLast(i: usize, from: i32, to: i32): void {
  const x = addressOf(i, 5)
  const width = intOf(i, 6)
  let out = addressOf(i, 4) + <usize>from * bytes(width)
  for (let unit = from; unit < to; unit++) {
    fillRow(out, v128.load32_splat(x + bytes(unit)), width)
    out += bytes(width)
  }
}

/** Units are rows of the lists. 5 x, 6 count, 7 width: each row of x, [B, k], as often as the list is long. */
export function expandRows(i: usize, from: i32, to: i32): void {
  const count = intOf(i, 6)
  const width = intOf(i, 7)
  const row = bytes(width)
  let out = addressOf(i, 4) + <usize>from * row
  let x = addressOf(i, 5) + <usize>(from / count) * row
  let left = count - (from % count)
  for (let unit = from; unit < to; unit++) {
    copyRow(out, x, width)
    out += row
    if (--left == 0) {
      x += row
      left = count
    }
  }
}

/** Units are repetitions. 5 x, 6 its size. */
export function expandLeading(i: usize, from: i32, to: i32): void {
  const x = addressOf(i, 5)
  const size = intOf(i, 6)
  let out = addressOf(i, 4) + <usize>from * bytes(size)
  for (let unit = from; unit < to; unit++) {
    copyRow(out, x, size)
    out += bytes(size)
  }
}
