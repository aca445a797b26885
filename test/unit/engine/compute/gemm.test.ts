import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gemm, reserveGemm } from '../../../../src-main/engine/compute/plain/gemm.ts'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import { randomValues } from './support/compare.ts'

interface Sizes {
  readonly rows: number
  readonly columns: number
  readonly inner: number
  readonly transposeA: boolean
  readonly transposeB: boolean
}

/** The definition: each sum in double precision over the inner axis, rounded once. */
function byDefinition(
  { rows, columns, inner, transposeA, transposeB }: Sizes,
  a: Float32Array,
  b: Float32Array,
  bias: Float32Array,
): Float32Array {
  const out = new Float32Array(rows * columns)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0
      for (let p = 0; p < inner; p++)
        sum += a[transposeA ? p * rows + i : i * inner + p]! * b[transposeB ? j * inner + p : p * columns + j]!
      out[i * columns + j] = bias.length > 0 ? sum + bias[j]! : sum
    }
  }
  return out
}

function byGemm(
  { rows, columns, inner, transposeA, transposeB }: Sizes,
  a: Float32Array,
  b: Float32Array,
  bias: Float32Array,
): Float32Array {
  const out = new Float32Array(rows * columns).fill(NaN)
  reserveGemm(columns, inner)
  const [aRow, aInner] = transposeA ? [1, rows] : [inner, 1]
  const [bInner, bColumn] = transposeB ? [1, inner] : [columns, 1]
  gemm(out, rows, columns, inner, a, aRow, aInner, b, bInner, bColumn, bias)
  return out
}

const sizes = fc.record({
  rows: fc.integer({ min: 1, max: 21 }),
  columns: fc.integer({ min: 1, max: 21 }),
  inner: fc.integer({ min: 1, max: 40 }),
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
})

test('a product is the bits of its definition, whatever is transposed and however the tiles fall', () => {
  fc.assert(
    fc.property(sizes, fc.boolean(), fc.nat(1_000_000), (each, biased, seed) => {
      const rng = Rng.stream(seed, 'gemm')
      const a = randomValues(each.rows * each.inner, rng)
      const b = randomValues(each.inner * each.columns, rng)
      const bias = randomValues(biased ? each.columns : 0, rng)
      expect(byGemm(each, a, b, bias)).toEqual(byDefinition(each, a, b, bias))
    }),
    { numRuns: 300, seed: 7 },
  )
})

test('a row gives the same bits alone as in a batch', () => {
  const rng = Rng.stream(1, 'rows')
  const batch: Sizes = { rows: 9, columns: 13, inner: 31, transposeA: false, transposeB: false }
  const a = randomValues(9 * 31, rng)
  const b = randomValues(31 * 13, rng)
  const none = new Float32Array(0)
  const together = byGemm(batch, a, b, none)
  for (let row = 0; row < 9; row++) {
    const alone = byGemm({ ...batch, rows: 1 }, a.slice(row * 31, (row + 1) * 31), b, none)
    expect(alone).toEqual(together.slice(row * 13, (row + 1) * 13))
  }
})
