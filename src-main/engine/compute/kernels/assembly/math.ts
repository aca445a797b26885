import {
  BIAS,
  EXPM1,
  EXP_LEAST,
  EXP_MOST,
  FRACTION,
  FRACTION_SIZE,
  HALF,
  INFINITY,
  LEAST_NORMAL,
  LN2,
  LOG1P,
  LOG2_E,
  MINUS_INFINITY,
  MINUS_LN2_HIGH,
  MINUS_LN2_LOW,
  MINUS_TWO,
  NOT_A_NUMBER,
  ONE,
  ROUNDER,
  ROUNDER_BITS,
  SIGN,
  SQRT2_MINUS_1,
  SQRT_HALF_BITS,
  TANH_LEAST,
  TWO,
  TWO_TO_23,
} from './constants'

/**
 * What all kernels share: words of an instruction, vectors at the end of a row, and functions of four floats at a time.
 *
 * A function's value depends on its lane's argument alone. The last one to three elements of a row go through the same
 * functions as whole vectors do, so an element has the same bits wherever it stands and however the work is cut.
 */

/** The address in word `n` of the instruction at `i`. */
// @ts-ignore: decorator
@inline
export function addressOf(i: usize, n: usize): usize {
  return <usize>load<u32>(i + (n << 2))
}

// @ts-ignore: decorator
@inline
export function intOf(i: usize, n: usize): i32 {
  return load<i32>(i + (n << 2))
}

// @ts-ignore: decorator
@inline
export function floatOf(i: usize, n: usize): f32 {
  return load<f32>(i + (n << 2))
}

/** Word `n` in all lanes. */
// @ts-ignore: decorator
@inline
export function splatOf(i: usize, n: usize): v128 {
  return v128.load32_splat(i + (n << 2))
}

/** Bytes of `elements` floats. */
// @ts-ignore: decorator
@inline
export function bytes(elements: i32): usize {
  return (<usize>elements) << 2
}

/** `count` (1 to 3) floats from `p` on, zeros in the other lanes. */
// @ts-ignore: decorator
@inline
export function loadPart(p: usize, count: i32): v128 {
  if (count == 1) return v128.load32_zero(p)
  if (count == 2) return v128.load64_zero(p)
  return v128.load32_lane(p, v128.load64_zero(p), 2, 8)
}

/** The first `count` (1 to 3) lanes of `v`. */
// @ts-ignore: decorator
@inline
export function storePart(p: usize, v: v128, count: i32): void {
  if (count == 1) {
    v128.store32_lane(p, v, 0)
  } else {
    v128.store64_lane(p, v, 0)
    if (count == 3) v128.store32_lane(p, v, 2, 8)
  }
}

/** As `loadPart`, for 4 floats too. */
// @ts-ignore: decorator
@inline
export function loadUpTo(p: usize, count: i32): v128 {
  if (count == 4) return v128.load(p)
  return loadPart(p, count)
}

// @ts-ignore: decorator
@inline
export function storeUpTo(p: usize, v: v128, count: i32): void {
  if (count == 4) v128.store(p, v)
  else storePart(p, v, count)
}

/** All ones in the first `count` lanes, zeros in the others. */
// @ts-ignore: decorator
@inline
export function firstLanes(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count))
}

/** a b + c: rounded once where the machine has it, otherwise twice. */
// @ts-ignore: decorator
@inline
export function fma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c)
  return f32x4.add(f32x4.mul(a, b), c)
}

/** The sum of the lanes. */
// @ts-ignore: decorator
@inline
export function sumOf(v: v128): f32 {
  const pairs = f32x4.add(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1))
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1)
}

/** Lane k is the sum of the lanes of the k-th argument, with the bits of `sumOf`. */
// @ts-ignore: decorator
@inline
export function sumsOf(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 1, 4, 5), v128.shuffle<f32>(a, b, 2, 3, 6, 7))
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 1, 4, 5), v128.shuffle<f32>(c, d, 2, 3, 6, 7))
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7))
}

/** The largest lane in all lanes, none of which is NaN. */
// @ts-ignore: decorator
@inline
export function largestOf(v: v128): v128 {
  const pairs = f32x4.pmax(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1))
  return f32x4.pmax(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2))
}

/** e^r - 1 for |r| <= ln(2) / 2. */
// @ts-ignore: decorator
@inline
function shortExpm1(r: v128): v128 {
  let p = v128.load(EXPM1)
  p = fma(p, r, v128.load(EXPM1, 16))
  p = fma(p, r, v128.load(EXPM1, 32))
  p = fma(p, r, v128.load(EXPM1, 48))
  p = fma(p, r, v128.load(EXPM1, 64))
  return fma(f32x4.mul(r, r), p, r)
}

/** x - n ln 2. */
// @ts-ignore: decorator
@inline
function withoutPowers(x: v128, n: v128): v128 {
  return fma(n, v128.load(MINUS_LN2_LOW), fma(n, v128.load(MINUS_LN2_HIGH), x))
}

/** 2^n for n from -126 to 127. */
// @ts-ignore: decorator
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, v128.load(BIAS)), 23)
}

/** e^x, with subnormal results. */
// @ts-ignore: decorator
@inline
export function exp4(argument: v128): v128 {
  // Of these two the first operand stays where it is NaN; they are one machine instruction each, min and max are seven.
  const x = f32x4.pmax(f32x4.pmin(argument, v128.load(EXP_MOST)), v128.load(EXP_LEAST))
  const rounded = fma(x, v128.load(LOG2_E), v128.load(ROUNDER))
  const r = withoutPowers(x, f32x4.sub(rounded, v128.load(ROUNDER)))
  const n = i32x4.sub(rounded, v128.load(ROUNDER_BITS))
  // Two factors, as 2^n itself may lie outside the range of the normal numbers.
  const half = i32x4.shr_s(n, 1)
  const value = f32x4.mul(f32x4.add(shortExpm1(r), v128.load(ONE)), powerOfTwo(half))
  return f32x4.mul(value, powerOfTwo(i32x4.sub(n, half)))
}

/** ln(1 + f) for f from sqrt(1/2) - 1 to sqrt(2) - 1. */
// @ts-ignore: decorator
@inline
function shortLog1p(f: v128): v128 {
  let p = v128.load(LOG1P)
  p = fma(p, f, v128.load(LOG1P, 16))
  p = fma(p, f, v128.load(LOG1P, 32))
  p = fma(p, f, v128.load(LOG1P, 48))
  p = fma(p, f, v128.load(LOG1P, 64))
  p = fma(p, f, v128.load(LOG1P, 80))
  p = fma(p, f, v128.load(LOG1P, 96))
  p = fma(p, f, v128.load(LOG1P, 112))
  return fma(f32x4.mul(f, f), p, f)
}

/** ln x; -Infinity at 0, NaN below. */
// @ts-ignore: decorator
@inline
export function log4(argument: v128): v128 {
  // Subnormal numbers are first brought into the range of the normal ones.
  const small = f32x4.lt(argument, v128.load(LEAST_NORMAL))
  const x = v128.bitselect(f32x4.mul(argument, v128.load(TWO_TO_23)), argument, small)
  // The exponent that leaves a factor between sqrt(1/2) and sqrt(2).
  const above = i32x4.sub(x, v128.load(SQRT_HALF_BITS))
  const exponent = i32x4.sub(i32x4.shr_s(above, 23), v128.and(small, v128.load(FRACTION_SIZE)))
  const factor = i32x4.add(v128.and(above, v128.load(FRACTION)), v128.load(SQRT_HALF_BITS))
  const n = f32x4.convert_i32x4_s(exponent)
  const tail = shortLog1p(f32x4.sub(factor, v128.load(ONE)))
  const value = f32x4.sub(f32x4.sub(tail, f32x4.mul(n, v128.load(MINUS_LN2_LOW))), f32x4.mul(n, v128.load(MINUS_LN2_HIGH)))
  const finite = v128.bitselect(value, argument, f32x4.lt(argument, v128.load(INFINITY)))
  const defined = v128.bitselect(v128.load(NOT_A_NUMBER), finite, f32x4.lt(argument, f32x4.splat(0)))
  return v128.bitselect(v128.load(MINUS_INFINITY), defined, f32x4.eq(argument, f32x4.splat(0)))
}

// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const sign = v128.and(x, v128.load(SIGN))
  const y = f32x4.pmax(f32x4.mul(f32x4.abs(x), v128.load(MINUS_TWO)), v128.load(TANH_LEAST))
  const rounded = fma(y, v128.load(LOG2_E), v128.load(ROUNDER))
  const p = shortExpm1(withoutPowers(y, f32x4.sub(rounded, v128.load(ROUNDER))))
  const power = powerOfTwo(i32x4.sub(rounded, v128.load(ROUNDER_BITS)))
  // e^y - 1 without cancellation: for small y the power is 1 and p stands alone.
  const expm1 = fma(power, p, f32x4.sub(power, v128.load(ONE)))
  const magnitude = f32x4.div(f32x4.abs(expm1), f32x4.add(expm1, v128.load(TWO)))
  return v128.or(magnitude, sign)
}

/** 1 / (1 + e^-x), with subnormal results. */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const z = exp4(f32x4.neg(f32x4.abs(x)))
  const one = v128.load(ONE)
  return f32x4.div(v128.bitselect(z, one, f32x4.lt(x, f32x4.splat(0))), f32x4.add(one, z))
}

/** ln(1 + e^x) as max(x, 0) + ln(1 + e^-|x|). */
// @ts-ignore: decorator
@inline
export function softplus4(x: v128): v128 {
  const z = exp4(f32x4.neg(f32x4.abs(x)))
  // ln(1 + z) = ln 2 + ln(1 + (z - 1) / 2) brings large z into the reach of the polynomial.
  const large = f32x4.gt(z, v128.load(SQRT2_MINUS_1))
  const halved = f32x4.mul(f32x4.sub(z, v128.load(ONE)), v128.load(HALF))
  const shifted = v128.and(large, v128.load(LN2))
  const logarithm = f32x4.add(shifted, shortLog1p(v128.bitselect(halved, z, large)))
  return f32x4.add(f32x4.pmax(x, f32x4.splat(0)), logarithm)
}
