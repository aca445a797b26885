import { addressOf, bytes, intOf, loadUpTo, storeUpTo } from './math'

// The maximum over the rows of a list that a mask leaves: the first of several, NaN before all, 0 if no row is left.
// Units are examples. Columns are computed four at a time, some of them twice where the last vector is moved back.

/** Lanes in which `value` takes the place of `best`. */
// @ts-ignore: decorator
@inline
function beats(value: v128, best: v128): v128 {
  const firstNaN = v128.and(f32x4.ne(value, value), f32x4.eq(best, best))
  return v128.or(f32x4.gt(value, best), firstNaN)
}

// @ts-ignore: decorator
@inline
function isMasked(masked: bool, mask: usize, row: i32): bool {
  return masked && load<f32>(mask + bytes(row)) == 0
}

// @ts-ignore: decorator
@inline
function maximum(masked: bool, x: usize, mask: usize, count: i32, row: usize, lanes: i32): v128 {
  let best = f32x4.splat(0)
  let found = false
  for (let each = 0; each < count; each++, x += row) {
    if (isMasked(masked, mask, each)) continue
    const value = loadUpTo(x, lanes)
    best = found ? v128.bitselect(value, best, beats(value, best)) : value
    found = true
  }
  return best
}

// @ts-ignore: decorator
@inline
function maximaOfLists(i: usize, from: i32, to: i32, masked: bool, lanes: i32): void {
  const count = intOf(i, 6)
  const width = intOf(i, 7)
  const row = bytes(width)
  let out = addressOf(i, 4) + <usize>from * row
  let x = addressOf(i, 5) + <usize>from * row * <usize>count
  let mask = masked ? addressOf(i, 9) + <usize>from * bytes(count) : 0
  for (let unit = from; unit < to; unit++) {
    for (let column = 0; column < width; column += 4) {
      const start = bytes(min(column, width - lanes))
      storeUpTo(out + start, maximum(masked, x + start, mask, count, row, lanes), lanes)
    }
    out += row
    x += row * <usize>count
    mask += bytes(count)
  }
}

/** 5 x, 6 count, 7 width, 8 whether there is a mask, 9 mask. */
export function maxRows(i: usize, from: i32, to: i32): void {
  const width = intOf(i, 7)
  const masked = intOf(i, 8) != 0
  if (width < 4) maximaOfLists(i, from, to, masked, width)
  else if (masked) maximaOfLists(i, from, to, true, 4)
  else maximaOfLists(i, from, to, false, 4)
}

/** In each lane the row of the maximum; -1 if no row is left. */
// @ts-ignore: decorator
@inline
function firstMaximum(masked: bool, x: usize, mask: usize, count: i32, row: usize, lanes: i32): v128 {
  let best = f32x4.splat(0)
  let winner = i32x4.splat(-1)
  let found = false
  for (let each = 0; each < count; each++, x += row) {
    if (isMasked(masked, mask, each)) continue
    const value = loadUpTo(x, lanes)
    const better = found ? beats(value, best) : i32x4.splat(-1)
    best = v128.bitselect(value, best, better)
    winner = v128.bitselect(i32x4.splat(each), winner, better)
    found = true
  }
  return winner
}

// @ts-ignore: decorator
@inline
function gradientsOfLists(i: usize, from: i32, to: i32, masked: bool, lanes: i32): void {
  const count = intOf(i, 7)
  const width = intOf(i, 8)
  const row = bytes(width)
  let out = addressOf(i, 4) + <usize>from * row * <usize>count
  let upstream = addressOf(i, 5) + <usize>from * row
  let x = addressOf(i, 6) + <usize>from * row * <usize>count
  let mask = masked ? addressOf(i, 10) + <usize>from * bytes(count) : 0
  for (let unit = from; unit < to; unit++) {
    for (let column = 0; column < width; column += 4) {
      const start = bytes(min(column, width - lanes))
      const winner = firstMaximum(masked, x + start, mask, count, row, lanes)
      const dy = loadUpTo(upstream + start, lanes)
      let at = out + start
      for (let each = 0; each < count; each++, at += row) {
        storeUpTo(at, v128.and(dy, i32x4.eq(winner, i32x4.splat(each))), lanes)
      }
    }
    out += row * <usize>count
    upstream += row
    x += row * <usize>count
    mask += bytes(count)
  }
}

/** 5 upstream, 6 x, 7 count, 8 width, 9 whether there is a mask, 10 mask: the gradient goes to the first maximum. */
export function maxRowsGrad(i: usize, from: i32, to: i32): void {
  const width = intOf(i, 8)
  const masked = intOf(i, 9) != 0
  if (width < 4) gradientsOfLists(i, from, to, masked, width)
  else if (masked) gradientsOfLists(i, from, to, true, 4)
  else gradientsOfLists(i, from, to, false, 4)
}
