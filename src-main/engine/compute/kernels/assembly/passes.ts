import { INFINITY, LEAST_NORMAL } from './constants'
import { addressOf, bytes, floatOf, fma, loadPart, loadUpTo, splatOf, storeUpTo } from './math'

// Fused passes over flat arrays. Units are elements. Where an update needs a constant and 1 minus it, both are words of the
// instruction: 1 - 0.999 in float32 would keep five digits only. The inlined functions compute one vector; `count` is 4, or
// fewer at the end.

/**
 * `v` with 0 in place of subnormal numbers. A mean that no gradient feeds any more would otherwise shrink to the smallest of
 * these and stay there, and arithmetic with them takes several times as long.
 */
// @ts-ignore: decorator
@inline
function flushed(v: v128): v128 {
  return v128.andnot(v, f32x4.lt(f32x4.abs(v), v128.load(LEAST_NORMAL)))
}

// @ts-ignore: decorator
@inline
function adamVector(
  w: usize,
  g: usize,
  m: usize,
  v: usize,
  count: i32,
  beta1: v128,
  beta2: v128,
  keep1: v128,
  keep2: v128,
  epsilon: v128,
  l2: v128,
  stepSize: v128,
  correction: v128,
): void {
  const weight = loadUpTo(w, count)
  const gradient = fma(l2, weight, loadUpTo(g, count))
  const mean = flushed(fma(beta1, loadUpTo(m, count), f32x4.mul(keep1, gradient)))
  const square = flushed(fma(beta2, loadUpTo(v, count), f32x4.mul(f32x4.mul(keep2, gradient), gradient)))
  storeUpTo(m, mean, count)
  storeUpTo(v, square, count)
  const root = f32x4.add(f32x4.sqrt(f32x4.mul(square, correction)), epsilon)
  storeUpTo(w, f32x4.sub(weight, f32x4.div(f32x4.mul(stepSize, mean), root)), count)
}

/**
 * 4 w, 5 g, 6 m, 7 v, 8 beta1, 9 beta2, 10 1 - beta1, 11 1 - beta2, 12 epsilon, 13 l2, 14 step size, 15 correction of the
 * squares.
 */
export function adam(i: usize, from: i32, to: i32): void {
  let w = addressOf(i, 4) + bytes(from)
  let g = addressOf(i, 5) + bytes(from)
  let m = addressOf(i, 6) + bytes(from)
  let v = addressOf(i, 7) + bytes(from)
  const beta1 = splatOf(i, 8)
  const beta2 = splatOf(i, 9)
  const keep1 = splatOf(i, 10)
  const keep2 = splatOf(i, 11)
  const epsilon = splatOf(i, 12)
  const l2 = splatOf(i, 13)
  const stepSize = splatOf(i, 14)
  const correction = splatOf(i, 15)
  let left = to - from
  for (; left >= 4; left -= 4) {
    adamVector(w, g, m, v, 4, beta1, beta2, keep1, keep2, epsilon, l2, stepSize, correction)
    w += 16
    g += 16
    m += 16
    v += 16
  }
  if (left > 0) adamVector(w, g, m, v, left, beta1, beta2, keep1, keep2, epsilon, l2, stepSize, correction)
}

// @ts-ignore: decorator
@inline
function sgdVector(w: usize, g: usize, velocity: usize, count: i32, momentum: v128, l2: v128, rate: v128): void {
  const weight = loadUpTo(w, count)
  const gradient = fma(l2, weight, loadUpTo(g, count))
  const moved = flushed(fma(momentum, loadUpTo(velocity, count), gradient))
  storeUpTo(velocity, moved, count)
  storeUpTo(w, f32x4.sub(weight, f32x4.mul(rate, moved)), count)
}

/** 4 w, 5 g, 6 velocity, 7 momentum, 8 l2, 9 learning rate. */
export function sgd(i: usize, from: i32, to: i32): void {
  let w = addressOf(i, 4) + bytes(from)
  let g = addressOf(i, 5) + bytes(from)
  let velocity = addressOf(i, 6) + bytes(from)
  const momentum = splatOf(i, 7)
  const l2 = splatOf(i, 8)
  const rate = splatOf(i, 9)
  let left = to - from
  for (; left >= 4; left -= 4) {
    sgdVector(w, g, velocity, 4, momentum, l2, rate)
    w += 16
    g += 16
    velocity += 16
  }
  if (left > 0) sgdVector(w, g, velocity, left, momentum, l2, rate)
}

/** square = decay square + keep g^2; w -= rate g / (sqrt(square) + epsilon). Adagrad and RMSProp differ in decay and keep alone. */
// @ts-ignore: decorator
@inline
function rootVector(
  w: usize,
  g: usize,
  squares: usize,
  count: i32,
  decay: v128,
  keep: v128,
  epsilon: v128,
  l2: v128,
  rate: v128,
): void {
  const weight = loadUpTo(w, count)
  const gradient = fma(l2, weight, loadUpTo(g, count))
  const square = flushed(fma(decay, loadUpTo(squares, count), f32x4.mul(f32x4.mul(keep, gradient), gradient)))
  storeUpTo(squares, square, count)
  const root = f32x4.add(f32x4.sqrt(square), epsilon)
  storeUpTo(w, f32x4.sub(weight, f32x4.div(f32x4.mul(rate, gradient), root)), count)
}

// @ts-ignore: decorator
@inline
function rootPass(i: usize, from: i32, to: i32, decay: v128, keep: v128, epsilon: v128, l2: v128, rate: v128): void {
  let w = addressOf(i, 4) + bytes(from)
  let g = addressOf(i, 5) + bytes(from)
  let squares = addressOf(i, 6) + bytes(from)
  let left = to - from
  for (; left >= 4; left -= 4) {
    rootVector(w, g, squares, 4, decay, keep, epsilon, l2, rate)
    w += 16
    g += 16
    squares += 16
  }
  if (left > 0) rootVector(w, g, squares, left, decay, keep, epsilon, l2, rate)
}

/** 4 w, 5 g, 6 sum of squares, 7 epsilon, 8 l2, 9 learning rate. */
export function adagrad(i: usize, from: i32, to: i32): void {
  const one = f32x4.splat(1)
  rootPass(i, from, to, one, one, splatOf(i, 7), splatOf(i, 8), splatOf(i, 9))
}

/** 4 w, 5 g, 6 mean square, 7 decay, 8 1 - decay, 9 epsilon, 10 l2, 11 learning rate. */
export function rmsprop(i: usize, from: i32, to: i32): void {
  rootPass(i, from, to, splatOf(i, 7), splatOf(i, 8), splatOf(i, 9), splatOf(i, 10), splatOf(i, 11))
}

// @ts-ignore: decorator
@inline
function approachVector(target: usize, source: usize, count: i32, rate: v128): void {
  const x = loadUpTo(target, count)
  storeUpTo(target, fma(rate, f32x4.sub(loadUpTo(source, count), x), x), count)
}

/** 4 target, 5 source, 6 rate: at rate 1 a copy to the bit. */
export function approach(i: usize, from: i32, to: i32): void {
  let target = addressOf(i, 4) + bytes(from)
  let source = addressOf(i, 5) + bytes(from)
  if (floatOf(i, 6) == 1) {
    memory.copy(target, source, bytes(to - from))
    return
  }
  const rate = splatOf(i, 6)
  let left = to - from
  for (; left >= 4; left -= 4) {
    approachVector(target, source, 4, rate)
    target += 16
    source += 16
  }
  if (left > 0) approachVector(target, source, left, rate)
}

/** 4 x, 5 factor. */
export function scaleAll(i: usize, from: i32, to: i32): void {
  let x = addressOf(i, 4) + bytes(from)
  const factor = splatOf(i, 5)
  let left = to - from
  for (; left >= 4; left -= 4) {
    v128.store(x, f32x4.mul(v128.load(x), factor))
    x += 16
  }
  if (left > 0) storeUpTo(x, f32x4.mul(loadPart(x, left), factor), left)
}

/** Two doubles: the squares of lanes 0 and 1 added to `sum`. */
// @ts-ignore: decorator
@inline
function addSquares(sum: v128, x: v128): v128 {
  const wide = f64x2.promote_low_f32x4(x)
  return f64x2.add(sum, f64x2.mul(wide, wide))
}

/**
 * 4 where the float64 result goes, 5 x. The elements from `from` to `to` are summed alone, in double precision: a square
 * overflows float32 long before its element does. One strip only.
 */
export function sumOfSquares(i: usize, from: i32, to: i32): void {
  let x = addressOf(i, 5) + bytes(from)
  let sum0 = f64x2.splat(0)
  let sum1 = f64x2.splat(0)
  let sum2 = f64x2.splat(0)
  let sum3 = f64x2.splat(0)
  let left = to - from
  for (; left >= 8; left -= 8) {
    const low = v128.load(x)
    const high = v128.load(x, 16)
    sum0 = addSquares(sum0, low)
    sum1 = addSquares(sum1, v128.shuffle<f32>(low, low, 2, 3, 0, 1))
    sum2 = addSquares(sum2, high)
    sum3 = addSquares(sum3, v128.shuffle<f32>(high, high, 2, 3, 0, 1))
    x += 32
  }
  for (; left > 0; left--) {
    sum0 = addSquares(sum0, v128.load32_zero(x))
    x += 4
  }
  const total = f64x2.add(f64x2.add(sum0, sum1), f64x2.add(sum2, sum3))
  store<f64>(addressOf(i, 4), f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1))
}

/** All ones in the lanes of infinities and NaNs: those whose exponent is all ones. */
// @ts-ignore: decorator
@inline
function notFinite(x: v128): v128 {
  const exponent = v128.load(INFINITY)
  return i32x4.eq(v128.and(x, exponent), exponent)
}

/** 4 where the int32 result goes, 5 x: 1 if all are finite, otherwise 0. One strip only. */
export function allFinite(i: usize, from: i32, to: i32): void {
  let x = addressOf(i, 5) + bytes(from)
  let left = to - from
  let found = false
  for (; left >= 16 && !found; left -= 16) {
    const low = v128.or(notFinite(v128.load(x)), notFinite(v128.load(x, 16)))
    const high = v128.or(notFinite(v128.load(x, 32)), notFinite(v128.load(x, 48)))
    found = v128.any_true(v128.or(low, high))
    x += 64
  }
  for (; left > 0 && !found; left--) {
    found = v128.any_true(notFinite(v128.load32_zero(x)))
    x += 4
  }
  store<i32>(addressOf(i, 4), found ? 0 : 1)
}
