/**
 * Tiles of twice the width. In pairs of neighbouring vectors they are what an engine that knows vectors of 256 bits makes one
 * of: twelve sums, two vectors of b and one of a in its sixteen registers.
 */
import { GROUP_BYTES } from './gemm-layout'
import { fma } from './math'

/** out [6, 16] = start [6, 16] + panel [depth, 6]' group [depth, 16]; as the narrow one. */
export function wideTile6(depth: i32, panel: usize, group: usize, start: usize, startStep: usize, out: usize, outStep: usize): void {
  let c00 = v128.load(start)
  let c01 = v128.load(start, 16)
  let c02 = v128.load(start, 32)
  let c03 = v128.load(start, 48)
  start += startStep
  let c10 = v128.load(start)
  let c11 = v128.load(start, 16)
  let c12 = v128.load(start, 32)
  let c13 = v128.load(start, 48)
  start += startStep
  let c20 = v128.load(start)
  let c21 = v128.load(start, 16)
  let c22 = v128.load(start, 32)
  let c23 = v128.load(start, 48)
  start += startStep
  let c30 = v128.load(start)
  let c31 = v128.load(start, 16)
  let c32 = v128.load(start, 32)
  let c33 = v128.load(start, 48)
  start += startStep
  let c40 = v128.load(start)
  let c41 = v128.load(start, 16)
  let c42 = v128.load(start, 32)
  let c43 = v128.load(start, 48)
  start += startStep
  let c50 = v128.load(start)
  let c51 = v128.load(start, 16)
  let c52 = v128.load(start, 32)
  let c53 = v128.load(start, 48)
  const end = panel + <usize>depth * 24
  while (panel < end) {
    const b0 = v128.load(group)
    const b1 = v128.load(group, 16)
    const b2 = v128.load(group, 32)
    const b3 = v128.load(group, 48)
    const a0 = v128.load32_splat(panel)
    c00 = fma(a0, b0, c00)
    c01 = fma(a0, b1, c01)
    c02 = fma(a0, b2, c02)
    c03 = fma(a0, b3, c03)
    const a1 = v128.load32_splat(panel, 4)
    c10 = fma(a1, b0, c10)
    c11 = fma(a1, b1, c11)
    c12 = fma(a1, b2, c12)
    c13 = fma(a1, b3, c13)
    const a2 = v128.load32_splat(panel, 8)
    c20 = fma(a2, b0, c20)
    c21 = fma(a2, b1, c21)
    c22 = fma(a2, b2, c22)
    c23 = fma(a2, b3, c23)
    const a3 = v128.load32_splat(panel, 12)
    c30 = fma(a3, b0, c30)
    c31 = fma(a3, b1, c31)
    c32 = fma(a3, b2, c32)
    c33 = fma(a3, b3, c33)
    const a4 = v128.load32_splat(panel, 16)
    c40 = fma(a4, b0, c40)
    c41 = fma(a4, b1, c41)
    c42 = fma(a4, b2, c42)
    c43 = fma(a4, b3, c43)
    const a5 = v128.load32_splat(panel, 20)
    c50 = fma(a5, b0, c50)
    c51 = fma(a5, b1, c51)
    c52 = fma(a5, b2, c52)
    c53 = fma(a5, b3, c53)
    panel += 24
    group += GROUP_BYTES
  }
  v128.store(out, c00)
  v128.store(out, c01, 16)
  v128.store(out, c02, 32)
  v128.store(out, c03, 48)
  out += outStep
  v128.store(out, c10)
  v128.store(out, c11, 16)
  v128.store(out, c12, 32)
  v128.store(out, c13, 48)
  out += outStep
  v128.store(out, c20)
  v128.store(out, c21, 16)
  v128.store(out, c22, 32)
  v128.store(out, c23, 48)
  out += outStep
  v128.store(out, c30)
  v128.store(out, c31, 16)
  v128.store(out, c32, 32)
  v128.store(out, c33, 48)
  out += outStep
  v128.store(out, c40)
  v128.store(out, c41, 16)
  v128.store(out, c42, 32)
  v128.store(out, c43, 48)
  out += outStep
  v128.store(out, c50)
  v128.store(out, c51, 16)
  v128.store(out, c52, 32)
  v128.store(out, c53, 48)
}

/** The same for panels with at most 4 rows. */
export function wideTile4(depth: i32, panel: usize, group: usize, start: usize, startStep: usize, out: usize, outStep: usize): void {
  let c00 = v128.load(start)
  let c01 = v128.load(start, 16)
  let c02 = v128.load(start, 32)
  let c03 = v128.load(start, 48)
  start += startStep
  let c10 = v128.load(start)
  let c11 = v128.load(start, 16)
  let c12 = v128.load(start, 32)
  let c13 = v128.load(start, 48)
  start += startStep
  let c20 = v128.load(start)
  let c21 = v128.load(start, 16)
  let c22 = v128.load(start, 32)
  let c23 = v128.load(start, 48)
  start += startStep
  let c30 = v128.load(start)
  let c31 = v128.load(start, 16)
  let c32 = v128.load(start, 32)
  let c33 = v128.load(start, 48)
  const end = panel + <usize>depth * 24
  while (panel < end) {
    const b0 = v128.load(group)
    const b1 = v128.load(group, 16)
    const b2 = v128.load(group, 32)
    const b3 = v128.load(group, 48)
    const a0 = v128.load32_splat(panel)
    c00 = fma(a0, b0, c00)
    c01 = fma(a0, b1, c01)
    c02 = fma(a0, b2, c02)
    c03 = fma(a0, b3, c03)
    const a1 = v128.load32_splat(panel, 4)
    c10 = fma(a1, b0, c10)
    c11 = fma(a1, b1, c11)
    c12 = fma(a1, b2, c12)
    c13 = fma(a1, b3, c13)
    const a2 = v128.load32_splat(panel, 8)
    c20 = fma(a2, b0, c20)
    c21 = fma(a2, b1, c21)
    c22 = fma(a2, b2, c22)
    c23 = fma(a2, b3, c23)
    const a3 = v128.load32_splat(panel, 12)
    c30 = fma(a3, b0, c30)
    c31 = fma(a3, b1, c31)
    c32 = fma(a3, b2, c32)
    c33 = fma(a3, b3, c33)
    panel += 24
    group += GROUP_BYTES
  }
  v128.store(out, c00)
  v128.store(out, c01, 16)
  v128.store(out, c02, 32)
  v128.store(out, c03, 48)
  out += outStep
  v128.store(out, c10)
  v128.store(out, c11, 16)
  v128.store(out, c12, 32)
  v128.store(out, c13, 48)
  out += outStep
  v128.store(out, c20)
  v128.store(out, c21, 16)
  v128.store(out, c22, 32)
  v128.store(out, c23, 48)
  out += outStep
  v128.store(out, c30)
  v128.store(out, c31, 16)
  v128.store(out, c32, 32)
  v128.store(out, c33, 48)
}
