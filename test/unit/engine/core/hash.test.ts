import { describe, expect, it } from 'vitest'
import { hashColumns, hashText } from '../../../../src-main/engine/core/hash.ts'

describe('hashes of columns', () => {
  it('are 16 hexadecimal digits that never change: artifacts are found again by them', () => {
    expect(hashColumns([Int32Array.of(1, 2, 3)])).toBe('8bcf221706ba8c46')
    expect(hashText('palate')).toBe('b68bb9e6e9d0892e')
    expect(hashText('')).toMatch(/^[0-9a-f]{16}$/)
  })

  it('change with any element, with the order, and with where one column ends', () => {
    const seen = [
      [Int32Array.of(1, 2, 3)],
      [Int32Array.of(1, 2, 4)],
      [Int32Array.of(3, 2, 1)],
      [Int32Array.of(1, 2), Int32Array.of(3)],
      [Int32Array.of(1), Int32Array.of(2, 3)],
      [Int32Array.of(1, 2, 3), Int32Array.of()],
      [Float64Array.of(1, 2, 3)],
      [Float32Array.of(1, 2, 3)],
    ].map(hashColumns)
    expect(new Set(seen).size).toBe(seen.length)
  })

  it('look at a view alone, not at the buffer behind it', () => {
    expect(hashColumns([Int32Array.of(9, 1, 2, 3, 9).subarray(1, 4)])).toBe(hashColumns([Int32Array.of(1, 2, 3)]))
  })

  it('do not collide among 20,000 columns that differ in one number', () => {
    const seen = new Set(Array.from({ length: 20_000 }, (_, i) => hashColumns([Int32Array.of(5, i)])))
    expect(seen.size).toBe(20_000)
  })

  it('tell texts apart beyond ASCII', () => {
    expect(new Set(['é', 'e', 'e\u0301', '漢', '𝛾', ''].map(hashText)).size).toBe(6)
  })
})
