import { sigmoid4, tanh4 } from './math'

const RELU = 1
const TANH = 2
const SIGMOID = 3

/** Applies an activation to a rectangle of a matrix [.., n] in place. Nothing but relu, tanh and sigmoid stands after a product. */
export function activate(
  out: usize,
  rowFrom: i32,
  rowTo: i32,
  columnFrom: i32,
  columnTo: i32,
  n: i32,
  activation: i32,
): void {
  if (activation === 0) return
  if (columnFrom === 0 && columnTo === n) {
    activateRow(out + ((<usize>(rowFrom * n)) << 2), (rowTo - rowFrom) * n, activation)
    return
  }
  for (let row = rowFrom; row < rowTo; row++) {
    activateRow(out + ((<usize>(row * n + columnFrom)) << 2), columnTo - columnFrom, activation)
  }
}

function activateRow(at: usize, count: i32, activation: i32): void {
  const vectors = at + ((<usize>(count & ~3)) << 2)
  const end = at + ((<usize>count) << 2)
  for (; at < vectors; at += 16) v128.store(at, activation4(v128.load(at), activation))
  for (; at < end; at += 4) v128.store_lane<f32>(at, activation4(v128.load32_splat(at), activation), 0)
}

// @ts-ignore: decorator
@inline
function activation4(x: v128, activation: i32): v128 {
  if (activation === RELU) return f32x4.max(x, f32x4.splat(0))
  return activation === TANH ? tanh4(x) : sigmoid4(x)
}
