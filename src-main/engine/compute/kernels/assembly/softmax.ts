import { addressOf, bytes, exp4, firstLanes, fma, intOf, largestOf, loadPart, log4, storePart, sumOf } from './math'

// Units are rows. The result may lie where the first argument lies. Where a row ends, the last one to three elements
// share a vector with lanes that count for nothing: -Infinity to a maximum, 0 to a sum.

/** The elements that the mask leaves, -Infinity for the others. */
// @ts-ignore: decorator
@inline
function unmasked(masked: bool, x: v128, mask: v128): v128 {
  if (!masked) return x
  return v128.bitselect(x, f32x4.splat(-Infinity), f32x4.ne(mask, f32x4.splat(0)))
}

/** e^(x - largest), 0 where the mask is 0. */
// @ts-ignore: decorator
@inline
function weightOf(masked: bool, x: v128, mask: v128, largest: v128): v128 {
  const weight = exp4(f32x4.sub(x, largest))
  if (!masked) return weight
  return v128.and(weight, f32x4.ne(mask, f32x4.splat(0)))
}

/** NaN is passed over: it makes the sum of the weights NaN and with it the whole row. */
// @ts-ignore: decorator
@inline
function largestOfRow(masked: bool, x: usize, mask: usize, row: usize, rest: i32): v128 {
  let largest = f32x4.splat(-Infinity)
  let at: usize = 0
  for (; at < row; at += 16) {
    largest = f32x4.pmax(largest, unmasked(masked, v128.load(x + at), masked ? v128.load(mask + at) : largest))
  }
  if (rest > 0) {
    const part = unmasked(masked, loadPart(x + at, rest), masked ? loadPart(mask + at, rest) : largest)
    largest = f32x4.pmax(largest, v128.bitselect(part, f32x4.splat(-Infinity), firstLanes(rest)))
  }
  return largestOf(largest)
}

/** Multiplies whole vectors up to byte `row` and `rest` elements more. */
// @ts-ignore: decorator
@inline
function scaleRow(x: usize, row: usize, rest: i32, factor: v128): void {
  let at: usize = 0
  for (; at < row; at += 16) v128.store(x + at, f32x4.mul(v128.load(x + at), factor))
  if (rest > 0) storePart(x + at, f32x4.mul(loadPart(x + at, rest), factor), rest)
}

// @ts-ignore: decorator
@inline
function softmaxRow(masked: bool, out: usize, x: usize, mask: usize, row: usize, rest: i32): void {
  const largest = largestOfRow(masked, x, mask, row, rest)
  let total = f32x4.splat(0)
  let at: usize = 0
  for (; at < row; at += 16) {
    const weight = weightOf(masked, v128.load(x + at), masked ? v128.load(mask + at) : largest, largest)
    v128.store(out + at, weight)
    total = f32x4.add(total, weight)
  }
  if (rest > 0) {
    const weight = weightOf(masked, loadPart(x + at, rest), masked ? loadPart(mask + at, rest) : largest, largest)
    storePart(out + at, weight, rest)
    total = f32x4.add(total, v128.and(weight, firstLanes(rest)))
  }
  // Only a row without any unmasked element has no weight at all; the zeros that it holds are its result.
  const sum = sumOf(total)
  if (sum != 0) scaleRow(out, row, rest, f32x4.splat(1 / sum))
}

/** 5 logits, 6 width, 7 whether there is a mask, 8 mask. */
export function softmax(i: usize, from: i32, to: i32): void {
  const width = intOf(i, 6)
  const stride = bytes(width)
  const start = <usize>from * stride
  const row = bytes(width & ~3)
  const rest = width & 3
  let out = addressOf(i, 4) + start
  let x = addressOf(i, 5) + start
  if (intOf(i, 7) == 0) {
    for (let unit = from; unit < to; unit++) {
      softmaxRow(false, out, x, 0, row, rest)
      out += stride
      x += stride
    }
    return
  }
  let mask = addressOf(i, 8) + start
  for (let unit = from; unit < to; unit++) {
    softmaxRow(true, out, x, mask, row, rest)
    out += stride
    x += stride
    mask += stride
  }
}

/** 5 upstream, 6 result, 7 width: y (dy - sum of dy y). */
export function softmaxGrad(i: usize, from: i32, to: i32): void {
  const width = intOf(i, 7)
  const stride = bytes(width)
  const row = bytes(width & ~3)
  const rest = width & 3
  const start = <usize>from * stride
  let out = addressOf(i, 4) + start
  let upstream = addressOf(i, 5) + start
  let y = addressOf(i, 6) + start
  for (let unit = from; unit < to; unit++) {
    let products = f32x4.splat(0)
    let at: usize = 0
    for (; at < row; at += 16) products = fma(v128.load(upstream + at), v128.load(y + at), products)
    if (rest > 0) products = fma(loadPart(upstream + at, rest), loadPart(y + at, rest), products)
    const total = f32x4.splat(sumOf(products))
    for (at = 0; at < row; at += 16) {
      v128.store(out + at, f32x4.mul(v128.load(y + at), f32x4.sub(v128.load(upstream + at), total)))
    }
    if (rest > 0) {
      const part = f32x4.mul(loadPart(y + at, rest), f32x4.sub(loadPart(upstream + at, rest), total))
      storePart(out + at, part, rest)
    }
    out += stride
    upstream += stride
    y += stride
  }
}

/** 5 logits, 6 width. */
export function logSoftmax(i: usize, from: i32, to: i32): void {
  const width = intOf(i, 6)
  const stride = bytes(width)
  const row = bytes(width & ~3)
  const rest = width & 3
  let out = addressOf(i, 4) + <usize>from * stride
  let x = addressOf(i, 5) + <usize>from * stride
  for (let unit = from; unit < to; unit++) {
    const largest = largestOfRow(false, x, 0, row, rest)
    let weights = f32x4.splat(0)
    let at: usize = 0
    for (; at < row; at += 16) weights = f32x4.add(weights, exp4(f32x4.sub(v128.load(x + at), largest)))
    if (rest > 0) {
      const part = exp4(f32x4.sub(loadPart(x + at, rest), largest))
      weights = f32x4.add(weights, v128.and(part, firstLanes(rest)))
    }
    // In this order large logits keep the digits of their differences.
    const shift = log4(f32x4.splat(sumOf(weights)))
    for (at = 0; at < row; at += 16) {
      v128.store(out + at, f32x4.sub(f32x4.sub(v128.load(x + at), largest), shift))
    }
    if (rest > 0) storePart(out + at, f32x4.sub(f32x4.sub(loadPart(x + at, rest), largest), shift), rest)
    out += stride
    x += stride
  }
}

/** 5 upstream, 6 result, 7 width: dy - e^y (sum of dy). */
export function logSoftmaxGrad(i: usize, from: i32, to: i32): void {
  const width = intOf(i, 7)
  const stride = bytes(width)
  const row = bytes(width & ~3)
  const rest = width & 3
  const start = <usize>from * stride
  let out = addressOf(i, 4) + start
  let upstream = addressOf(i, 5) + start
  let y = addressOf(i, 6) + start
  for (let unit = from; unit < to; unit++) {
    let total = f32x4.splat(0)
    let at: usize = 0
    for (; at < row; at += 16) total = f32x4.add(total, v128.load(upstream + at))
    if (rest > 0) total = f32x4.add(total, loadPart(upstream + at, rest))
    const factor = f32x4.splat(-sumOf(total))
    for (at = 0; at < row; at += 16) {
      v128.store(out + at, fma(exp4(v128.load(y + at)), factor, v128.load(upstream + at)))
    }
    if (rest > 0) storePart(out + at, fma(exp4(loadPart(y + at, rest)), factor, loadPart(upstream + at, rest)), rest)
    out += stride
    upstream += stride
    y += stride
  }
}
