/**
 * Epochs of matrix factorisation by stochastic gradient descent, one strip only: each step needs what the last one left.
 * Units are ratings, in `svdppEpoch` users. A rating costs two passes over its rows: the inner product and the step.
 */
import { addressOf, bytes, floatOf, fma, intOf, loadPart, loadUpTo, storePart, storeUpTo, sumOf } from './math'

/** The inner product of two rows of `whole` bytes of vectors and `part` floats more. */
// @ts-ignore: decorator
@inline
function dot(p: usize, q: usize, whole: usize, part: i32): f32 {
  const end = p + whole
  // Four sums, or each multiply-add would wait for the one before.
  const blocks = p + (whole & ~63)
  let sum0 = f32x4.splat(0)
  let sum1 = sum0
  let sum2 = sum0
  let sum3 = sum0
  for (; p < blocks; p += 64, q += 64) {
    sum0 = fma(v128.load(p), v128.load(q), sum0)
    sum1 = fma(v128.load(p, 16), v128.load(q, 16), sum1)
    sum2 = fma(v128.load(p, 32), v128.load(q, 32), sum2)
    sum3 = fma(v128.load(p, 48), v128.load(q, 48), sum3)
  }
  for (; p < end; p += 16, q += 16) sum0 = fma(v128.load(p), v128.load(q), sum0)
  if (part > 0) sum1 = fma(loadPart(p, part), loadPart(q, part), sum1)
  return sumOf(f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3)))
}

/** x + along y + shrink x. */
// @ts-ignore: decorator
@inline
function stepped(x: v128, y: v128, along: v128, shrink: v128): v128 {
  return fma(shrink, x, fma(along, y, x))
}

// @ts-ignore: decorator
@inline
function stepVector(p: usize, q: usize, alongP: v128, alongQ: v128, shrink: v128): void {
  const x = v128.load(p)
  const y = v128.load(q)
  v128.store(p, stepped(x, y, alongP, shrink))
  v128.store(q, stepped(y, x, alongQ, shrink))
}

/** Moves two rows at once, each by the other's old values: p by alongP q + shrink p, q by alongQ p + shrink q. */
// @ts-ignore: decorator
@inline
function stepRows(p: usize, q: usize, whole: usize, part: i32, alongP: v128, alongQ: v128, shrink: v128): void {
  const end = p + whole
  const pairs = p + (whole & ~31)
  for (; p < pairs; p += 32, q += 32) {
    stepVector(p, q, alongP, alongQ, shrink)
    stepVector(p + 16, q + 16, alongP, alongQ, shrink)
  }
  if (p < end) {
    stepVector(p, q, alongP, alongQ, shrink)
    p += 16
    q += 16
  }
  if (part > 0) {
    const x = loadPart(p, part)
    const y = loadPart(q, part)
    storePart(p, stepped(x, y, alongP, shrink), part)
    storePart(q, stepped(y, x, alongQ, shrink), part)
  }
}

/** The bias of a row; 0 where there are none. */
// @ts-ignore: decorator
@inline
function biasOf(biases: usize, row: i32): f32 {
  return biases !== 0 ? load<f32>(biases + bytes(row)) : 0
}

// @ts-ignore: decorator
@inline
function stepBias(biases: usize, row: i32, along: f32, shrink: f32): void {
  if (biases === 0) return
  const at = biases + bytes(row)
  const bias = load<f32>(at)
  store<f32>(at, bias + (along + shrink * bias))
}

/**
 * 4 users, 5 items, 6 user biases (0: none), 7 item biases (0: none), 8 user ids, 9 item ids, 10 ratings, 11 k, 12 mean,
 * 13 learning rate, 14 -learning rate x lambda, 15 where the float64 sum of the squared errors goes.
 */
export function mfEpoch(i: usize, from: i32, to: i32): void {
  const users = addressOf(i, 4)
  const items = addressOf(i, 5)
  const userBias = addressOf(i, 6)
  const itemBias = addressOf(i, 7)
  const userIds = addressOf(i, 8)
  const itemIds = addressOf(i, 9)
  const ratings = addressOf(i, 10)
  const row = bytes(intOf(i, 11))
  const whole = row & ~15
  const part = intOf(i, 11) & 3
  const mean = floatOf(i, 12)
  const rate = floatOf(i, 13)
  const shrink = floatOf(i, 14)
  let squares: f64 = 0
  for (let at = from; at < to; at++) {
    const user = load<i32>(userIds + bytes(at))
    const item = load<i32>(itemIds + bytes(at))
    const p = users + <usize>user * row
    const q = items + <usize>item * row
    const base = mean + biasOf(userBias, user) + biasOf(itemBias, item)
    const error = load<f32>(ratings + bytes(at)) - base - dot(p, q, whole, part)
    squares += <f64>error * <f64>error
    const along = rate * error
    const alongs = f32x4.splat(along)
    stepRows(p, q, whole, part, alongs, alongs, f32x4.splat(shrink))
    stepBias(userBias, user, along, shrink)
    stepBias(itemBias, item, along, shrink)
  }
  store<f64>(addressOf(i, 15), squares)
}

/** Bytes of a block before its rows, and from where its mean lies. */
const ROWS_AT: usize = 64
const MEAN_AT: usize = 8

/** base^exponent: the same bits on every machine. */
function power(base: f64, exponent: i32): f64 {
  let result: f64 = 1
  for (; exponent > 0; exponent >>= 1, base *= base) if ((exponent & 1) !== 0) result *= base
  return result
}

/** sum = p + norm x the rows of y that `ids` name; a copy of it in `start`. */
function sumRows(sum: usize, start: usize, p: usize, y: usize, ids: usize, end: usize, norm: v128, k: i32): void {
  const row = bytes(k)
  memory.copy(sum, p, row)
  // Two rows at a time read and write the sum half as often.
  for (; ids + 8 <= end; ids += 8) {
    let first = y + <usize>load<i32>(ids) * row
    let second = y + <usize>load<i32>(ids, 4) * row
    let to = sum
    for (let left = k; left > 0; left -= 4, first += 16, second += 16, to += 16) {
      const count = min(left, 4)
      storeUpTo(to, fma(norm, f32x4.add(loadUpTo(first, count), loadUpTo(second, count)), loadUpTo(to, count)), count)
    }
  }
  if (ids < end) {
    let last = y + <usize>load<i32>(ids) * row
    let to = sum
    for (let left = k; left > 0; left -= 4, last += 16, to += 16) {
      const count = min(left, 4)
      storeUpTo(to, fma(norm, loadUpTo(last, count), loadUpTo(to, count)), count)
    }
  }
  memory.copy(start, sum, row)
}

/**
 * Moves p by what the sum has gained beyond its shrinking, and leaves in `sum` what each y gains: p and the scaled sum of the
 * y gain the same, so each has half of it.
 */
function settleUser(sum: usize, start: usize, p: usize, norm: v128, loss: v128, k: i32): void {
  const half = f32x4.splat(0.5)
  for (let left = k; left > 0; left -= 4, sum += 16, start += 16, p += 16) {
    const count = min(left, 4)
    const before = loadUpTo(start, count)
    const gained = f32x4.mul(half, f32x4.sub(f32x4.sub(loadUpTo(sum, count), before), f32x4.mul(loss, before)))
    const x = loadUpTo(p, count)
    storeUpTo(p, fma(loss, x, f32x4.add(x, gained)), count)
    storeUpTo(sum, f32x4.mul(norm, gained), count)
  }
}

/** y = y + loss y + gain for the rows of y that `ids` name. */
function spread(y: usize, ids: usize, end: usize, gain: usize, loss: v128, k: i32): void {
  const row = bytes(k)
  for (; ids < end; ids += 4) {
    let to = y + <usize>load<i32>(ids) * row
    let from = gain
    for (let left = k; left > 0; left -= 4, to += 16, from += 16) {
      const count = min(left, 4)
      const x = loadUpTo(to, count)
      storeUpTo(to, fma(loss, x, f32x4.add(x, loadUpTo(from, count))), count)
    }
  }
}

/**
 * 4 users, 5 items, 6 y, 7 user biases (0: none), 8 item biases (0: none), 9 starts of the users' ratings, 10 item ids,
 * 11 ratings, 12 k, 13 a block, 14 learning rate, 15 -learning rate x lambda. The block holds the float64 sum of the squared
 * errors that is the result, the float32 mean at byte 8, and from byte 64 on room for two rows of k floats.
 *
 * What is moved rating for rating is s = p + |N(u)|^(-1/2) sum y: p and the scaled sum shrink by the same factor and gain the
 * same multiple of q, so s alone is needed until the user's last rating, and a rating costs no more than without y.
 */
export function svdppEpoch(i: usize, from: i32, to: i32): void {
  const users = addressOf(i, 4)
  const y = addressOf(i, 6)
  const itemIds = addressOf(i, 10)
  const k = intOf(i, 12)
  const sum = addressOf(i, 13) + ROWS_AT
  const start = sum + bytes(k)
  const shrink = floatOf(i, 15)
  let squares: f64 = 0
  for (let user = from; user < to; user++) {
    const first = load<i32>(addressOf(i, 9) + bytes(user))
    const last = load<i32>(addressOf(i, 9) + bytes(user), 4)
    if (first === last) continue
    const p = users + <usize>user * bytes(k)
    const norm = f32x4.splat(<f32>(1 / Math.sqrt(<f64>(last - first))))
    const loss = f32x4.splat(<f32>(power(1 + <f64>shrink, last - first) - 1))
    sumRows(sum, start, p, y, itemIds + bytes(first), itemIds + bytes(last), norm, k)
    squares += rateItems(i, user, sum, first, last)
    settleUser(sum, start, p, norm, loss, k)
    spread(y, itemIds + bytes(first), itemIds + bytes(last), sum, loss, k)
  }
  store<f64>(addressOf(i, 13), squares)
}

/** The steps of one user's ratings. @returns the sum of the squared errors */
function rateItems(i: usize, user: i32, sum: usize, from: i32, to: i32): f64 {
  const items = addressOf(i, 5)
  const userBias = addressOf(i, 7)
  const itemBias = addressOf(i, 8)
  const itemIds = addressOf(i, 10)
  const ratings = addressOf(i, 11)
  const row = bytes(intOf(i, 12))
  const whole = row & ~15
  const part = intOf(i, 12) & 3
  const mean = load<f32>(addressOf(i, 13) + MEAN_AT)
  const rate = floatOf(i, 14)
  const shrink = floatOf(i, 15)
  let squares: f64 = 0
  for (let at = from; at < to; at++) {
    const item = load<i32>(itemIds + bytes(at))
    const q = items + <usize>item * row
    const base = mean + biasOf(userBias, user) + biasOf(itemBias, item)
    const error = load<f32>(ratings + bytes(at)) - base - dot(sum, q, whole, part)
    squares += <f64>error * <f64>error
    const along = rate * error
    stepRows(sum, q, whole, part, f32x4.splat(2 * along), f32x4.splat(along), f32x4.splat(shrink))
    stepBias(userBias, user, along, shrink)
    stepBias(itemBias, item, along, shrink)
  }
  return squares
}
