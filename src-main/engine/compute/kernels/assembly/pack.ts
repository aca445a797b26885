/** Brings parts of both operands into the order in which the tiles of a matrix product read them. */
import { BLOCK_AT, GROUP, GROUP_BYTES, PANEL, PANEL_AT, TRANSPOSED_A, TRANSPOSED_B } from './gemm-layout'
import { scratch } from './scratch'

/** Rows row .. row + height - 1 of op(a), columns k0 .. k0 + depth - 1, as [depth][6]; missing rows are zeros. */
export function packA(i: usize, k0: i32, depth: i32, row: i32, height: i32): void {
  const lda = (<usize>load<i32>(i, 48)) << 2
  const a = <usize>load<u32>(i, 20)
  const to = scratch + PANEL_AT
  if ((load<i32>(i, 44) & TRANSPOSED_A) !== 0) {
    packAcross(a + <usize>k0 * lda + ((<usize>row) << 2), lda, depth, height, to)
  } else {
    packAlong(a + <usize>row * lda + ((<usize>k0) << 2), lda, depth, height, to)
  }
}

/** From a transposed a: the rows of a panel lie side by side. */
function packAcross(from: usize, lda: usize, depth: i32, height: i32, to: usize): void {
  const end = to + <usize>depth * 24
  if (height === PANEL) {
    for (; to < end; to += 24, from += lda) {
      v128.store(to, v128.load(from))
      store<u64>(to, load<u64>(from, 16), 16)
    }
  } else if (height === 4) {
    for (; to < end; to += 24, from += lda) v128.store(to, v128.load(from))
  } else {
    for (; to < end; to += 24, from += lda) {
      for (let row = 0; row < PANEL; row++) {
        const at = (<usize>row) << 2
        store<f32>(to + at, row < height ? load<f32>(from + at) : 0)
      }
    }
  }
}

/** From an a that lies as it is: four steps of four rows at once by transposing in registers, the other two by pairs. */
function packAlong(from: usize, lda: usize, depth: i32, height: i32, to: usize): void {
  let k = 0
  const r1 = from + lda
  const r2 = r1 + lda
  const r3 = r2 + lda
  const r4 = r3 + lda
  const r5 = r4 + lda
  if (height === PANEL || height === 4) {
    const six = height === PANEL
    for (; k + 4 <= depth; k += 4, to += 96) {
      const at = (<usize>k) << 2
      const x0 = v128.load(from + at)
      const x1 = v128.load(r1 + at)
      const x2 = v128.load(r2 + at)
      const x3 = v128.load(r3 + at)
      const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5)
      const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7)
      const low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5)
      const high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7)
      v128.store(to, v128.shuffle<f64>(low01, low23, 0, 2))
      v128.store(to, v128.shuffle<f64>(low01, low23, 1, 3), 24)
      v128.store(to, v128.shuffle<f64>(high01, high23, 0, 2), 48)
      v128.store(to, v128.shuffle<f64>(high01, high23, 1, 3), 72)
      if (six) {
        const x4 = v128.load(r4 + at)
        const x5 = v128.load(r5 + at)
        const low45 = v128.shuffle<f32>(x4, x5, 0, 4, 1, 5)
        const high45 = v128.shuffle<f32>(x4, x5, 2, 6, 3, 7)
        v128.store_lane<u64>(to, low45, 0, 16)
        v128.store_lane<u64>(to, low45, 1, 40)
        v128.store_lane<u64>(to, high45, 0, 64)
        v128.store_lane<u64>(to, high45, 1, 88)
      }
    }
  }
  for (; k < depth; k++, to += 24) {
    let row = from + ((<usize>k) << 2)
    for (let each = 0; each < PANEL; each++, row += lda) {
      store<f32>(to + ((<usize>each) << 2), each < height ? load<f32>(row) : 0)
    }
  }
}

/** Columns n0 .. n1 - 1 of op(b), rows k0 .. k0 + depth - 1, as groups [depth][GROUP]; missing columns are zeros. */
export function packB(i: usize, k0: i32, depth: i32, n0: i32, n1: i32): void {
  const ldb = (<usize>load<i32>(i, 52)) << 2
  const b = <usize>load<u32>(i, 24)
  const transposed = (load<i32>(i, 44) & TRANSPOSED_B) !== 0
  let to = scratch + BLOCK_AT
  const groupBytes = <usize>depth * GROUP_BYTES
  let column = n0
  if (transposed) {
    for (; column + GROUP <= n1; column += GROUP, to += groupBytes) {
      const from = b + <usize>column * ldb + ((<usize>k0) << 2)
      for (let four = 0; four < GROUP; four += 4) {
        packTransposed4(from + <usize>four * ldb, ldb, depth, to + ((<usize>four) << 2))
      }
    }
  } else {
    // Sixteen columns at a time read whole cache lines: one wide group, or two.
    for (; column + 16 <= n1; column += 16, to += (16 / GROUP) * groupBytes) {
      let row = b + <usize>k0 * ldb + ((<usize>column) << 2)
      let left = to
      const right = GROUP === 16 ? <usize>32 : groupBytes
      const end = to + groupBytes
      for (; left < end; left += GROUP_BYTES, row += ldb) {
        v128.store(left, v128.load(row))
        v128.store(left, v128.load(row, 16), 16)
        v128.store(left + right, v128.load(row, 32))
        v128.store(left + right, v128.load(row, 48), 16)
      }
    }
    for (; column + GROUP <= n1; column += GROUP, to += groupBytes) {
      let row = b + <usize>k0 * ldb + ((<usize>column) << 2)
      let left = to
      const end = to + groupBytes
      for (; left < end; left += GROUP_BYTES, row += ldb) {
        v128.store(left, v128.load(row))
        v128.store(left, v128.load(row, 16), 16)
      }
    }
  }
  if (column < n1) packEdge(b, ldb, transposed, k0, depth, column, n1 - column, to)
}

/** Four columns of a group from four rows of a transposed b, four steps at a time. */
function packTransposed4(from: usize, ldb: usize, depth: i32, to: usize): void {
  const r1 = from + ldb
  const r2 = r1 + ldb
  const r3 = r2 + ldb
  let k = 0
  for (; k + 4 <= depth; k += 4, to += 4 * GROUP_BYTES) {
    const at = (<usize>k) << 2
    const x0 = v128.load(from + at)
    const x1 = v128.load(r1 + at)
    const x2 = v128.load(r2 + at)
    const x3 = v128.load(r3 + at)
    const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5)
    const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7)
    const low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5)
    const high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7)
    v128.store(to, v128.shuffle<f64>(low01, low23, 0, 2))
    v128.store(to + GROUP_BYTES, v128.shuffle<f64>(low01, low23, 1, 3))
    v128.store(to + 2 * GROUP_BYTES, v128.shuffle<f64>(high01, high23, 0, 2))
    v128.store(to + 3 * GROUP_BYTES, v128.shuffle<f64>(high01, high23, 1, 3))
  }
  for (; k < depth; k++, to += GROUP_BYTES) {
    const at = (<usize>k) << 2
    store<f32>(to, load<f32>(from + at))
    store<f32>(to, load<f32>(r1 + at), 4)
    store<f32>(to, load<f32>(r2 + at), 8)
    store<f32>(to, load<f32>(r3 + at), 12)
  }
}

/** The last, incomplete group. */
function packEdge(
  b: usize,
  ldb: usize,
  transposed: bool,
  k0: i32,
  depth: i32,
  column: i32,
  width: i32,
  to: usize,
): void {
  for (let k = 0; k < depth; k++, to += GROUP_BYTES) {
    for (let each = 0; each < GROUP; each++) {
      const line = <usize>(column + each)
      const step = <usize>(k0 + k)
      const at = transposed ? line * ldb + (step << 2) : step * ldb + (line << 2)
      store<f32>(to + ((<usize>each) << 2), each < width ? load<f32>(b + at) : 0)
    }
  }
}
