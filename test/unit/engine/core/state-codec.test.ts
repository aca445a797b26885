import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeState,
  encodeState,
  readArray,
  readNumber,
  readText,
  readTree,
  type StateTree,
} from '../../../../src-main/engine/core/state-codec.ts'
import { errorOf } from '../../../support/worlds.ts'

const advice = 'Resume from an older checkpoint, or start the run again.'

const array = fc.oneof(
  fc.int32Array(),
  fc.uint32Array(),
  fc.uint8Array(),
  // Bits, not values: NaN, -0 and infinities within arrays come back as they were.
  fc.float32Array(),
  fc.float64Array(),
)
const leaf = fc.oneof(
  array,
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0 || 0),
  fc.string({ unit: 'binary' }),
  fc.boolean(),
  fc.constant(null),
)
const { tree } = fc.letrec<{ tree: Record<string, unknown>; node: unknown }>((tie) => ({
  tree: fc.dictionary(
    fc.string({ unit: 'grapheme' }).filter((name) => name !== '$array' && name !== '__proto__'),
    tie('node'),
    { maxKeys: 5, noNullPrototype: true },
  ),
  node: fc.oneof({ maxDepth: 3 }, leaf, tie('tree'), fc.array(tie('node'), { maxLength: 3 })),
}))

describe('a checkpoint', () => {
  it('brings back every tree bit by bit: nested, empty, non-ASCII, NaN within arrays', () => {
    fc.assert(
      fc.property(tree, (value) => {
        const encoded = encodeState(value as StateTree)
        const back = decodeState(encoded)
        expect(back).toEqual(value)
        // toEqual looks at values; equal bytes after a second round look at bits.
        expect(encodeState(back)).toEqual(encoded)
      }),
      { numRuns: 300, seed: 1 },
    )
  })

  it('keeps the bits of special numbers in arrays', () => {
    const bits = Uint32Array.of(0x7fc00001, 0xff800000, 0x80000000, 1)
    const back = decodeState(encodeState({ x: new Float32Array(bits.buffer) }))
    expect([...new Uint32Array(readArray(back, 'x', Float32Array).slice().buffer)]).toEqual([...bits])
  })

  it('keeps empty arrays of every type, also at the end', () => {
    const value = { a: new Float32Array(0), b: Uint8Array.of(1), c: new Float64Array(0), d: [], e: {} }
    expect(decodeState(encodeState(value))).toEqual(value)
  })

  it('stores only the part of a buffer that a view shows', () => {
    const view = Float64Array.of(1, 2, 3, 4).subarray(1, 3)
    expect(decodeState(encodeState({ view }))).toEqual({ view: Float64Array.of(2, 3) })
  })

  it.each([0, 1, 3, 7, 8])('is read wherever its bytes stand: %i bytes into a larger buffer', (offset) => {
    const encoded = encodeState({ n: 5, x: Float64Array.of(1.5, -2) })
    const larger = new Uint8Array(encoded.length + 20)
    larger.set(encoded, offset)
    expect(decodeState(larger.subarray(offset, offset + encoded.length))).toEqual({ n: 5, x: Float64Array.of(1.5, -2) })
  })

  it('is read from a Node Buffer in a shared pool, as databases and process messages hand it over, and does not share it', () => {
    const encoded = encodeState({ x: Float64Array.of(1.5, -2) })
    const larger = Buffer.alloc(encoded.length + 3)
    larger.set(encoded, 3)
    const buffer = larger.subarray(3)
    const back = decodeState(buffer)
    buffer.fill(0)
    expect(back).toEqual({ x: Float64Array.of(1.5, -2) })
  })

  it('has a header of ASCII alone, so that lengths in characters are lengths in bytes', () => {
    const encoded = encodeState({ 'naïve 漢 𝛾': 'ünï' })
    const headerLength = new Uint32Array(encoded.buffer, 0, 2)[1]!
    expect(encoded.subarray(8, 8 + headerLength).every((byte) => byte < 128)).toBe(true)
  })

  it.each([NaN, Infinity, -Infinity])('refuses %s as a plain value', (value) => {
    expect(() => encodeState({ deep: [{ value }] })).toThrow(new RangeError(`A checkpoint cannot hold ${value}`))
  })

  it('refuses array types that it could not bring back', () => {
    expect(() => encodeState({ x: new Int16Array(1) as never })).toThrow(
      new TypeError('A checkpoint holds Int32Array, Uint32Array, Uint8Array, Float32Array and Float64Array only'),
    )
  })
})

describe('damaged bytes', () => {
  const whole = encodeState({ name: 'run', words: Uint32Array.of(1, 2, 3), rest: Float64Array.of(4) })
  const notOne = `The checkpoint cannot be used: it does not begin as a checkpoint does. ${advice}`
  const damaged = `The checkpoint cannot be used: it is damaged or cut short. ${advice}`

  const withHeader = (text: string) => {
    const bytes = new Uint8Array(Math.ceil((8 + text.length) / 8) * 8)
    new Uint32Array(bytes.buffer, 0, 2).set([new Uint32Array(whole.buffer, 0, 1)[0]!, text.length])
    bytes.set(new TextEncoder().encode(text), 8)
    return bytes
  }

  it.each([
    ['nothing', new Uint8Array(0), notOne],
    ['too few bytes', whole.slice(0, 7), notOne],
    ['zeros', new Uint8Array(64), notOne],
    ['another file', new TextEncoder().encode('PK\u0003\u0004 this is no checkpoint'), notOne],
    ['a cut within the header', whole.slice(0, 20), notOne],
    ['a cut within the arrays', whole.slice(0, -8), damaged],
    ['a header that is no JSON', withHeader('{"a":'), damaged],
    ['a header that holds no group', withHeader('null'), damaged],
    ['a list', withHeader('[1]'), damaged],
    ['an array out of place', withHeader('{"a":{"$array":"f8","at":4,"length":1}}'), damaged],
    ['an array beyond the end', withHeader('{"a":{"$array":"f8","at":0,"length":99}}'), damaged],
    ['an array of negative length', withHeader('{"a":{"$array":"f8","at":0,"length":-1}}'), damaged],
  ])('are refused by name: %s', (_what, bytes, message) => {
    const error = errorOf(() => decodeState(bytes))
    expect([error.name, error.code, error.message]).toEqual(['PalateError', 'CHECKPOINT_UNUSABLE', message])
  })

  it('give either a tree or CHECKPOINT_UNUSABLE, never another error', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = whole.slice()
        bytes[at]! ^= change
        try {
          expect(typeof decodeState(bytes)).toBe('object')
        } catch (error) {
          expect(error).toMatchObject({ code: 'CHECKPOINT_UNUSABLE' })
        }
      }),
      { numRuns: 500, seed: 1 },
    )
  })

  it('are named by what is missing when a part is read', () => {
    const tree: StateTree = { number: 1, text: 'a', list: [1], group: {}, array: Int32Array.of(1) }
    const says = (work: () => unknown) => errorOf(work).message
    const missing = (what: string) => `The checkpoint cannot be used: ${what}. ${advice}`
    expect(says(() => readArray(tree, 'array', Float32Array))).toBe(missing('"array" is missing or of the wrong kind'))
    expect(says(() => readNumber(tree, 'text'))).toBe(missing('"text" is missing or no number'))
    expect(says(() => readText(tree, 'nothing'))).toBe(missing('"nothing" is missing or no text'))
    for (const name of ['list', 'array', 'number', 'nothing']) {
      expect(says(() => readTree(tree, name))).toBe(missing(`"${name}" is missing or no group`))
    }
    expect(readTree(tree, 'group')).toEqual({})
  })
})
