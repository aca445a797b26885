import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolveDuplicates } from '../../../../../src-main/engine/data/reading/duplicates.ts'
import { readIntegers } from '../../../../../src-main/engine/data/reading/integers.ts'
import { decodeLatin1, decodeText, decodeUtf8 } from '../../../../../src-main/engine/data/reading/text.ts'

describe('readIntegers', () => {
  const read = (line: string, separator = '\t') => {
    const out = new Float64Array(4)
    const bytes = Buffer.from(line)
    const wrong = readIntegers(bytes, 0, bytes.length, separator.charCodeAt(0), separator.length, out)
    return wrong < 0 ? [...out] : wrong
  }

  it.each([
    ['196\t242\t3\t881250949', [196, 242, 3, 881250949]],
    ['0\t0\t0\t999999999999999', [0, 0, 0, 999999999999999]],
    ['196\t242\t3', 3],
    ['196\t242\t3\t', 3],
    ['196\t242\t3\t5\t6', 4],
    ['196\t242\t3.5\t5', 2],
    ['196\t242\t-3\t5', 2],
    ['a\t242\t3\t5', 0],
    ['1\t007\t3\t5', 1],
    ['1\t1234567890123456\t3\t5', 1],
    ['1\t2\t3\t5x', 3],
    ['', 0],
  ])('reads %j as %j', (line, expected) => {
    expect(read(line)).toEqual(expected)
  })

  it('wants the separator as often as it stands in the format', () => {
    expect(read('1::1193::5::10', '::')).toEqual([1, 1193, 5, 10])
    expect(read('1:1193::5::10', '::')).toBe(0)
  })

  it('reads back whatever four whole numbers are written', () => {
    const number = fc.integer({ min: 0, max: 999_999_999_999_999 })
    fc.assert(
      fc.property(fc.tuple(number, number, number, number), (row) => {
        expect(read(row.join('::'), '::')).toEqual(row)
      }),
    )
  })
})

describe('decodeText', () => {
  it('reads UTF-8 where it is valid and latin-1 everywhere else, without U+FFFD', () => {
    const utf8 = Buffer.from('Amélie – 千と千尋 🎬')
    expect(decodeText(utf8, 0, utf8.length)).toBe('Amélie – 千と千尋 🎬')
    const latin1 = Buffer.from('Misérables, Les (1995)', 'latin1')
    expect(decodeText(latin1, 0, latin1.length)).toBe('Misérables, Les (1995)')
  })

  it('agrees with TextDecoder on what is valid UTF-8', () => {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0xc3, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0xed, 0xa0))
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 8 }), (numbers) => {
        const bytes = Uint8Array.from(numbers)
        let expected: string | null
        try {
          expected = strict.decode(bytes)
        } catch {
          expected = null
        }
        expect(decodeUtf8(bytes, 0, bytes.length)).toBe(expected)
        expect(decodeLatin1(bytes, 0, bytes.length)).toHaveLength(bytes.length)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('resolveDuplicates', () => {
  it('keeps the last row of each user and item, in the order of the source', () => {
    const pair = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }))
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 60 }), (pairs) => {
        const rows = pairs.map(([user, item], at) => ({ user, item, at }))
        const columns = {
          userIndex: Int32Array.from(rows, (row) => row.user),
          itemIndex: Int32Array.from(rows, (row) => row.item),
          rating: Float32Array.from(rows, (row) => row.at),
          time: Float64Array.from(rows, (row) => row.at),
        }
        const kept = resolveDuplicates(columns, 'last', 6, 6)
        const expected = rows.filter(
          (row) => !rows.some((later) => later.at > row.at && later.user === row.user && later.item === row.item),
        )
        expect([...kept.rating]).toEqual(expected.map((row) => row.at))
        expect([...kept.userIndex]).toEqual(expected.map((row) => row.user))
        expect([...kept.itemIndex]).toEqual(expected.map((row) => row.item))
        expect([...kept.time]).toEqual(expected.map((row) => row.at))
      }),
    )
  })
})
