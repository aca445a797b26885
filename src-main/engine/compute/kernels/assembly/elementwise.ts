import { OP_ADD, OP_MUL, OP_SUB } from '../opcodes'
import {
  UNARY_ABS,
  UNARY_EXP,
  UNARY_LOG,
  UNARY_RECIPROCAL,
  UNARY_RELU,
  UNARY_SIGMOID,
  UNARY_SOFTPLUS,
  UNARY_SQRT,
  UNARY_SQUARE,
  UNARY_TANH,
} from '../unary-kinds'
import { ONE, SIGN } from './constants'
import { addressOf, bytes, exp4, intOf, loadPart, log4, sigmoid4, softplus4, splatOf, storePart, tanh4 } from './math'

// Units are elements. The result may lie where an argument lies: element i is written after element i was read.
// `op` and `kind` are constants where the inlined functions are called; only one branch of each is left.

// @ts-ignore: decorator
@inline
function combine(op: i32, a: v128, b: v128): v128 {
  if (op == OP_ADD) return f32x4.add(a, b)
  if (op == OP_SUB) return f32x4.sub(a, b)
  return f32x4.mul(a, b)
}

/** out = a op b for `count` elements side by side. */
// @ts-ignore: decorator
@inline
function combineAll(op: i32, out: usize, a: usize, b: usize, count: i32): void {
  let left = count
  for (; left >= 16; left -= 16) {
    v128.store(out, combine(op, v128.load(a), v128.load(b)))
    v128.store(out, combine(op, v128.load(a, 16), v128.load(b, 16)), 16)
    v128.store(out, combine(op, v128.load(a, 32), v128.load(b, 32)), 32)
    v128.store(out, combine(op, v128.load(a, 48), v128.load(b, 48)), 48)
    out += 64
    a += 64
    b += 64
  }
  for (; left >= 4; left -= 4) {
    v128.store(out, combine(op, v128.load(a), v128.load(b)))
    out += 16
    a += 16
    b += 16
  }
  if (left > 0) storePart(out, combine(op, loadPart(a, left), loadPart(b, left)), left)
}

/** out = x op value. */
// @ts-ignore: decorator
@inline
function combineWith(op: i32, out: usize, x: usize, value: v128, count: i32): void {
  let left = count
  for (; left >= 16; left -= 16) {
    v128.store(out, combine(op, v128.load(x), value))
    v128.store(out, combine(op, v128.load(x, 16), value), 16)
    v128.store(out, combine(op, v128.load(x, 32), value), 32)
    v128.store(out, combine(op, v128.load(x, 48), value), 48)
    out += 64
    x += 64
  }
  for (; left >= 4; left -= 4) {
    v128.store(out, combine(op, v128.load(x), value))
    out += 16
    x += 16
  }
  if (left > 0) storePart(out, combine(op, loadPart(x, left), value), left)
}

/** 5 a, 6 b, 7 size of b, which is repeated over the leading axes of a. */
// @ts-ignore: decorator
@inline
function binary(op: i32, i: usize, from: i32, to: i32): void {
  const out = addressOf(i, 4)
  const a = addressOf(i, 5)
  const b = addressOf(i, 6)
  const size = intOf(i, 7)
  if (size == 1) {
    combineWith(op, out + bytes(from), a + bytes(from), v128.load32_splat(b), to - from)
    return
  }
  let offset = from % size
  let at = from
  while (at < to) {
    const count = min(size - offset, to - at)
    combineAll(op, out + bytes(at), a + bytes(at), b + bytes(offset), count)
    at += count
    offset = 0
  }
}

export function add(i: usize, from: i32, to: i32): void {
  binary(OP_ADD, i, from, to)
}

export function sub(i: usize, from: i32, to: i32): void {
  binary(OP_SUB, i, from, to)
}

export function mul(i: usize, from: i32, to: i32): void {
  binary(OP_MUL, i, from, to)
}

/** 5 x, 6 factor. */
export function scale(i: usize, from: i32, to: i32): void {
  combineWith(OP_MUL, addressOf(i, 4) + bytes(from), addressOf(i, 5) + bytes(from), splatOf(i, 6), to - from)
}

/** 5 x, 6 what is added. */
export function addScalar(i: usize, from: i32, to: i32): void {
  combineWith(OP_ADD, addressOf(i, 4) + bytes(from), addressOf(i, 5) + bytes(from), splatOf(i, 6), to - from)
}

/** 5 x, 6 lower and 7 upper bound. */
export function clip(i: usize, from: i32, to: i32): void {
  let out = addressOf(i, 4) + bytes(from)
  let x = addressOf(i, 5) + bytes(from)
  const lower = splatOf(i, 6)
  const upper = splatOf(i, 7)
  let left = to - from
  for (; left >= 4; left -= 4) {
    v128.store(out, f32x4.min(upper, f32x4.max(lower, v128.load(x))))
    out += 16
    x += 16
  }
  if (left > 0) storePart(out, f32x4.min(upper, f32x4.max(lower, loadPart(x, left))), left)
}

// @ts-ignore: decorator
@inline
function within(upstream: v128, x: v128, lower: v128, upper: v128): v128 {
  return v128.and(upstream, v128.and(f32x4.ge(x, lower), f32x4.le(x, upper)))
}

/** 5 upstream, 6 x, 7 lower and 8 upper bound, both within. */
export function clipGrad(i: usize, from: i32, to: i32): void {
  let out = addressOf(i, 4) + bytes(from)
  let upstream = addressOf(i, 5) + bytes(from)
  let x = addressOf(i, 6) + bytes(from)
  const lower = splatOf(i, 7)
  const upper = splatOf(i, 8)
  let left = to - from
  for (; left >= 4; left -= 4) {
    v128.store(out, within(v128.load(upstream), v128.load(x), lower, upper))
    out += 16
    upstream += 16
    x += 16
  }
  if (left > 0) storePart(out, within(loadPart(upstream, left), loadPart(x, left), lower, upper), left)
}

// @ts-ignore: decorator
@inline
function choose(mask: v128, a: v128, b: v128): v128 {
  return v128.bitselect(a, b, f32x4.ne(mask, f32x4.splat(0)))
}

/** 5 mask, 6 a, 7 b: a where the mask is not 0. */
export function where(i: usize, from: i32, to: i32): void {
  let out = addressOf(i, 4) + bytes(from)
  let mask = addressOf(i, 5) + bytes(from)
  let a = addressOf(i, 6) + bytes(from)
  let b = addressOf(i, 7) + bytes(from)
  let left = to - from
  for (; left >= 4; left -= 4) {
    v128.store(out, choose(v128.load(mask), v128.load(a), v128.load(b)))
    out += 16
    mask += 16
    a += 16
    b += 16
  }
  if (left > 0) storePart(out, choose(loadPart(mask, left), loadPart(a, left), loadPart(b, left)), left)
}

// @ts-ignore: decorator
@inline
function valueOf(kind: i32, x: v128): v128 {
  // NaN is not below 0 and stays.
  if (kind == UNARY_RELU) return v128.andnot(x, f32x4.lt(x, f32x4.splat(0)))
  if (kind == UNARY_TANH) return tanh4(x)
  if (kind == UNARY_SIGMOID) return sigmoid4(x)
  if (kind == UNARY_SQUARE) return f32x4.mul(x, x)
  if (kind == UNARY_EXP) return exp4(x)
  if (kind == UNARY_LOG) return log4(x)
  if (kind == UNARY_SQRT) return f32x4.sqrt(x)
  if (kind == UNARY_RECIPROCAL) return f32x4.div(v128.load(ONE), x)
  if (kind == UNARY_SOFTPLUS) return softplus4(x)
  return f32x4.abs(x)
}

/** -1, 1, or x itself where it is a zero or NaN. */
// @ts-ignore: decorator
@inline
function signOf(x: v128): v128 {
  const one = v128.or(v128.and(x, v128.load(SIGN)), v128.load(ONE))
  return v128.bitselect(one, x, f32x4.gt(f32x4.abs(x), f32x4.splat(0)))
}

/** `ref` is the result for relu, tanh, sigmoid, exp, sqrt and reciprocal, the argument for the others. */
// @ts-ignore: decorator
@inline
function derivativeOf(kind: i32, upstream: v128, ref: v128): v128 {
  const one = v128.load(ONE)
  if (kind == UNARY_RELU) return v128.and(upstream, f32x4.gt(ref, f32x4.splat(0)))
  // 1 - ref^2 would lose its digits where ref is close to 1; this product does not.
  if (kind == UNARY_TANH) return f32x4.mul(upstream, f32x4.mul(f32x4.sub(one, ref), f32x4.add(one, ref)))
  if (kind == UNARY_SIGMOID) return f32x4.mul(f32x4.mul(upstream, ref), f32x4.sub(one, ref))
  if (kind == UNARY_SQUARE) return f32x4.mul(f32x4.add(upstream, upstream), ref)
  if (kind == UNARY_EXP) return f32x4.mul(upstream, ref)
  if (kind == UNARY_LOG) return f32x4.div(upstream, ref)
  if (kind == UNARY_SQRT) return f32x4.div(f32x4.mul(upstream, f32x4.splat(0.5)), ref)
  if (kind == UNARY_RECIPROCAL) return f32x4.neg(f32x4.mul(f32x4.mul(upstream, ref), ref))
  if (kind == UNARY_SOFTPLUS) return f32x4.mul(upstream, sigmoid4(ref))
  return f32x4.mul(upstream, signOf(ref))
}

// @ts-ignore: decorator
@inline
function mapAll(kind: i32, i: usize, from: i32, to: i32): void {
  let out = addressOf(i, 4) + bytes(from)
  let x = addressOf(i, 5) + bytes(from)
  let left = to - from
  for (; left >= 4; left -= 4) {
    v128.store(out, valueOf(kind, v128.load(x)))
    out += 16
    x += 16
  }
  if (left > 0) storePart(out, valueOf(kind, loadPart(x, left)), left)
}

// @ts-ignore: decorator
@inline
function mapGradients(kind: i32, i: usize, from: i32, to: i32): void {
  let out = addressOf(i, 4) + bytes(from)
  let upstream = addressOf(i, 5) + bytes(from)
  let ref = addressOf(i, 6) + bytes(from)
  let left = to - from
  for (; left >= 4; left -= 4) {
    v128.store(out, derivativeOf(kind, v128.load(upstream), v128.load(ref)))
    out += 16
    upstream += 16
    ref += 16
  }
  if (left > 0) storePart(out, derivativeOf(kind, loadPart(upstream, left), loadPart(ref, left)), left)
}

/** 5 x, 6 kind. */
export function unary(i: usize, from: i32, to: i32): void {
  const kind = intOf(i, 6)
  if (kind == UNARY_RELU) mapAll(UNARY_RELU, i, from, to)
  else if (kind == UNARY_TANH) mapAll(UNARY_TANH, i, from, to)
  else if (kind == UNARY_SIGMOID) mapAll(UNARY_SIGMOID, i, from, to)
  else if (kind == UNARY_SQUARE) mapAll(UNARY_SQUARE, i, from, to)
  else if (kind == UNARY_EXP) mapAll(UNARY_EXP, i, from, to)
  else if (kind == UNARY_LOG) mapAll(UNARY_LOG, i, from, to)
  else if (kind == UNARY_SQRT) mapAll(UNARY_SQRT, i, from, to)
  else if (kind == UNARY_RECIPROCAL) mapAll(UNARY_RECIPROCAL, i, from, to)
  else if (kind == UNARY_SOFTPLUS) mapAll(UNARY_SOFTPLUS, i, from, to)
  else mapAll(UNARY_ABS, i, from, to)
}

/** 5 upstream, 6 ref, 7 kind. */
export function unaryGrad(i: usize, from: i32, to: i32): void {
  const kind = intOf(i, 7)
  if (kind == UNARY_RELU) mapGradients(UNARY_RELU, i, from, to)
  else if (kind == UNARY_TANH) mapGradients(UNARY_TANH, i, from, to)
  else if (kind == UNARY_SIGMOID) mapGradients(UNARY_SIGMOID, i, from, to)
  else if (kind == UNARY_SQUARE) mapGradients(UNARY_SQUARE, i, from, to)
  else if (kind == UNARY_EXP) mapGradients(UNARY_EXP, i, from, to)
  else if (kind == UNARY_LOG) mapGradients(UNARY_LOG, i, from, to)
  else if (kind == UNARY_SQRT) mapGradients(UNARY_SQRT, i, from, to)
  else if (kind == UNARY_RECIPROCAL) mapGradients(UNARY_RECIPROCAL, i, from, to)
  else if (kind == UNARY_SOFTPLUS) mapGradients(UNARY_SOFTPLUS, i, from, to)
  else mapGradients(UNARY_ABS, i, from, to)
}
