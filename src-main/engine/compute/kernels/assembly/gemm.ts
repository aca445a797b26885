/**
 * Matrix product out [M, N] = op(a) op(b) + bias, then an activation. Instruction words:
 *
 *   4 out   5 a   6 b   7 bias (0: none)   8 M   9 N   10 K   11 flags   12 row length of a   13 row length of b
 *
 * Flags: 1 a is transposed, 2 b is transposed, 4 units are columns (else rows); from bit 4 on the activation.
 *
 * Both operands are packed: a into panels of 6 rows, [K][6], b into groups of 8 columns, [K][8]; a tile of 6 x 8 sums stays
 * in registers while K runs. K is cut into blocks so that a panel and a group fit into the first-level cache. Every element
 * is summed over K in ascending order with one multiply-add each, so its bits depend neither on the cut into strips nor on
 * which tile it falls into.
 */
import { activate } from './activation'
import { BLOCK_AT, BY_COLUMNS, GROUP, GROUP_BYTES, K_BLOCK, NARROW, N_BLOCK, PANEL, PANEL_AT, TILE_AT } from './gemm-layout'
import { thinProduct } from './gemm-thin'
import { wideTile4, wideTile6 } from './gemm-wide'
import { fma } from './math'
import { packA, packB } from './pack'
import { scratch } from './scratch'

export function gemm(i: usize, from: i32, to: i32): void {
  const m = load<i32>(i, 32)
  const n = load<i32>(i, 36)
  const flags = load<i32>(i, 44)
  if (m < 4 || n === 1) return thinProduct(i, from, to)
  const byColumns = (flags & BY_COLUMNS) !== 0
  const rowFrom = byColumns ? 0 : from
  const rowTo = byColumns ? m : to
  const columnFrom = byColumns ? from : 0
  const columnTo = byColumns ? to : n
  const k = load<i32>(i, 40)
  for (let k0 = 0; k0 < k; k0 += K_BLOCK) {
    const depth = min(K_BLOCK, k - k0)
    for (let n0 = columnFrom; n0 < columnTo; n0 += N_BLOCK) {
      const n1 = min(n0 + N_BLOCK, columnTo)
      packB(i, k0, depth, n0, n1)
      for (let row = rowFrom; row < rowTo; row += PANEL) {
        const height = min(PANEL, rowTo - row)
        packA(i, k0, depth, row, height)
        multiplyPanel(i, k0, depth, row, height, n0, n1)
      }
    }
  }
  activate(<usize>load<u32>(i, 16), rowFrom, rowTo, columnFrom, columnTo, n, flags >> 4)
}

/** One panel of a times all packed groups. */
function multiplyPanel(i: usize, k0: i32, depth: i32, row: i32, height: i32, n0: i32, n1: i32): void {
  const n = load<i32>(i, 36)
  const bias = <usize>load<u32>(i, 28)
  const panel = scratch + PANEL_AT
  const tile = scratch + TILE_AT
  const goesOn = k0 > 0
  const rowBytes = (<usize>n) << 2
  let out = <usize>load<u32>(i, 16) + ((<usize>(row * n + n0)) << 2)
  let group = scratch + BLOCK_AT
  const groupBytes = <usize>depth * GROUP_BYTES
  for (let column = n0; column < n1; column += GROUP, out += GROUP_BYTES, group += groupBytes) {
    const width = min(GROUP, n1 - column)
    const biasAt = bias !== 0 ? bias + ((<usize>column) << 2) : 0
    if ((width === GROUP || width === NARROW) && (height === PANEL || height === 4)) {
      const start = goesOn ? out : bias !== 0 ? biasAt : scratch
      const step = goesOn ? rowBytes : 0
      multiplyTile(depth, panel, group, start, step, out, rowBytes, height, width)
    } else {
      loadTile(tile, goesOn ? out : 0, biasAt, rowBytes, height, width)
      multiplyTile(depth, panel, group, tile, GROUP_BYTES, tile, GROUP_BYTES, height, width)
      storeTile(tile, out, rowBytes, height, width)
    }
  }
}

/** One tile, by what is made for its size. A half-filled wide group needs a narrow tile only. */
// @ts-ignore: decorator
@inline
function multiplyTile(
  depth: i32,
  panel: usize,
  group: usize,
  start: usize,
  startStep: usize,
  out: usize,
  outStep: usize,
  height: i32,
  width: i32,
): void {
  if (GROUP > NARROW && width > NARROW) {
    if (height > 4) wideTile6(depth, panel, group, start, startStep, out, outStep)
    else wideTile4(depth, panel, group, start, startStep, out, outStep)
  } else if (height > 4) tile6(depth, panel, group, start, startStep, out, outStep)
  else tile4(depth, panel, group, start, startStep, out, outStep)
}

/** Fills the valid part of an edge tile with what the sums start from, the rest with zeros. */
function loadTile(tile: usize, from: usize, bias: usize, rowBytes: usize, height: i32, width: i32): void {
  memory.fill(tile, 0, <usize>PANEL * GROUP_BYTES)
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = (<usize>column) << 2
      const value = from !== 0 ? load<f32>(from + <usize>row * rowBytes + at) : bias !== 0 ? load<f32>(bias + at) : 0
      store<f32>(tile + <usize>row * GROUP_BYTES + at, value)
    }
  }
}

function storeTile(tile: usize, to: usize, rowBytes: usize, height: i32, width: i32): void {
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = (<usize>column) << 2
      store<f32>(to + <usize>row * rowBytes + at, load<f32>(tile + <usize>row * GROUP_BYTES + at))
    }
  }
}

/**
 * out [6, 8] = start [6, 8] + panel [depth, 6]' group [depth, 8]; consecutive rows lie `startStep` and `outStep` bytes apart.
 * Twelve sums, two vectors of b and one of a are just what the sixteen registers hold, so all is written out.
 */
export function tile6(depth: i32, panel: usize, group: usize, start: usize, startStep: usize, out: usize, outStep: usize): void {
  let c00 = v128.load(start)
  let c01 = v128.load(start, 16)
  start += startStep
  let c10 = v128.load(start)
  let c11 = v128.load(start, 16)
  start += startStep
  let c20 = v128.load(start)
  let c21 = v128.load(start, 16)
  start += startStep
  let c30 = v128.load(start)
  let c31 = v128.load(start, 16)
  start += startStep
  let c40 = v128.load(start)
  let c41 = v128.load(start, 16)
  start += startStep
  let c50 = v128.load(start)
  let c51 = v128.load(start, 16)
  const end = panel + <usize>depth * 24
  while (panel < end) {
    const b0 = v128.load(group)
    const b1 = v128.load(group, 16)
    const a0 = v128.load32_splat(panel)
    c00 = fma(a0, b0, c00)
    c01 = fma(a0, b1, c01)
    const a1 = v128.load32_splat(panel, 4)
    c10 = fma(a1, b0, c10)
    c11 = fma(a1, b1, c11)
    const a2 = v128.load32_splat(panel, 8)
    c20 = fma(a2, b0, c20)
    c21 = fma(a2, b1, c21)
    const a3 = v128.load32_splat(panel, 12)
    c30 = fma(a3, b0, c30)
    c31 = fma(a3, b1, c31)
    const a4 = v128.load32_splat(panel, 16)
    c40 = fma(a4, b0, c40)
    c41 = fma(a4, b1, c41)
    const a5 = v128.load32_splat(panel, 20)
    c50 = fma(a5, b0, c50)
    c51 = fma(a5, b1, c51)
    panel += 24
    group += GROUP_BYTES
  }
  v128.store(out, c00)
  v128.store(out, c01, 16)
  out += outStep
  v128.store(out, c10)
  v128.store(out, c11, 16)
  out += outStep
  v128.store(out, c20)
  v128.store(out, c21, 16)
  out += outStep
  v128.store(out, c30)
  v128.store(out, c31, 16)
  out += outStep
  v128.store(out, c40)
  v128.store(out, c41, 16)
  out += outStep
  v128.store(out, c50)
  v128.store(out, c51, 16)
}

/** The same for panels with at most 4 rows: most batch sizes leave 4 over. */
function tile4(depth: i32, panel: usize, group: usize, start: usize, startStep: usize, out: usize, outStep: usize): void {
  let c00 = v128.load(start)
  let c01 = v128.load(start, 16)
  start += startStep
  let c10 = v128.load(start)
  let c11 = v128.load(start, 16)
  start += startStep
  let c20 = v128.load(start)
  let c21 = v128.load(start, 16)
  start += startStep
  let c30 = v128.load(start)
  let c31 = v128.load(start, 16)
  const end = panel + <usize>depth * 24
  while (panel < end) {
    const b0 = v128.load(group)
    const b1 = v128.load(group, 16)
    const a0 = v128.load32_splat(panel)
    c00 = fma(a0, b0, c00)
    c01 = fma(a0, b1, c01)
    const a1 = v128.load32_splat(panel, 4)
    c10 = fma(a1, b0, c10)
    c11 = fma(a1, b1, c11)
    const a2 = v128.load32_splat(panel, 8)
    c20 = fma(a2, b0, c20)
    c21 = fma(a2, b1, c21)
    const a3 = v128.load32_splat(panel, 12)
    c30 = fma(a3, b0, c30)
    c31 = fma(a3, b1, c31)
    panel += 24
    group += GROUP_BYTES
  }
  v128.store(out, c00)
  v128.store(out, c01, 16)
  out += outStep
  v128.store(out, c10)
  v128.store(out, c11, 16)
  out += outStep
  v128.store(out, c20)
  v128.store(out, c21, 16)
  out += outStep
  v128.store(out, c30)
  v128.store(out, c31, 16)
}
