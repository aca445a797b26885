import fc from 'fast-check'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ensureNative } from '../../../../../build/scripts/build-native.mjs'
import { builtFile } from '../../../../../src-main/services/compute/kernel-files.ts'
import { loadNativeAddon, type NativeFeatures } from '../../../../../src-main/services/compute/native-addon.ts'
import { ProductLab, activated, summedInOrder, worstError, type Product } from './product-lab.ts'

const state = await ensureNative()
const addon = state.state === 'absent' ? { reason: state.reason } : loadNativeAddon()
const absence = 'reason' in addon ? `: ${addon.reason}` : ''

/** All kernels that this processor can carry out. */
const choices: readonly NativeFeatures[] =
  'kernels' in addon && addon.kernels.features === 'avx512' ? ['avx512', 'avx2'] : ['avx2']

const product = fc.record({
  m: fc.integer({ min: 1, max: 70 }),
  n: fc.integer({ min: 1, max: 110 }),
  k: fc.oneof(
    { arbitrary: fc.integer({ min: 1, max: 80 }), weight: 9 },
    { arbitrary: fc.constantFrom(700, 1024, 1025, 2100), weight: 1 },
  ),
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
  bias: fc.boolean(),
  activation: fc.integer({ min: 0, max: 3 }),
  byColumns: fc.boolean(),
  padding: fc.constantFrom(0, 0, 5),
})

describe.skipIf(absence !== '')(`native kernels${absence}`, () => {
  let lab: ProductLab

  beforeAll(() => {
    if ('kernels' in addon) lab = new ProductLab(addon.kernels)
  })

  afterEach(() => {
    lab.kernels.stop()
    lab.kernels.choose(lab.kernels.features)
    lab.clear()
  })

  afterAll(() => lab.kernels.stop())

  test.each(choices)(
    '%s: every product is the one of double precision within 1e-5, and nothing behind it is touched',
    (features) => {
      lab.kernels.choose(features)
      fc.assert(
        fc.property(product, (given) => {
          lab.clear()
          const placed = lab.place(given)
          lab.run(placed)
          expect(worstError(placed)).toBeLessThan(1e-5)
          expect(placed.out.subarray(given.m * given.n).every(Number.isNaN)).toBe(true)
        }),
        { numRuns: 250, seed: 11 },
      )
    },
  )

  test.each([
    [64, 300, 256, false, false],
    [640, 64, 100, false, true],
    [100, 640, 64, true, false],
    [64, 512, 700, false, true],
    [300, 64, 256, true, true],
    [1, 300, 256, false, false],
    [3, 101, 203, false, true],
    [2, 70, 1, false, false],
    [300, 77, 1, false, false],
  ])('%i x %i x %i comes out right with every kernel', (m, k, n, transposeA, transposeB) => {
    for (const features of choices) {
      lab.kernels.choose(features)
      const placed = lab.place({ m, k, n, transposeA, transposeB, bias: true })
      lab.run(placed)
      expect(worstError(placed), features).toBeLessThan(1e-5)
    }
  })

  test.each(choices)(
    '%s: an element is the sum over K in ascending order, to the bit, wherever it lies in the result',
    (features) => {
      lab.kernels.choose(features)
      const packed = product
        .filter(({ m, n }) => m >= 4 && n > 1)
        .map((given) => ({ ...given, activation: given.activation % 2 }))
      fc.assert(
        fc.property(packed, (given) => {
          lab.clear()
          const placed = lab.place(given)
          lab.run(placed)
          expect(firstDifference(placed.out.subarray(0, given.m * given.n), summedInOrder(placed))).toBe(-1)
        }),
        { numRuns: 150, seed: 13 },
      )
    },
  )

  test('an element has the same bits for any kernel, any number of strips and any number of threads', () => {
    fc.assert(
      fc.property(product, fc.integer({ min: 2, max: 9 }), fc.integer({ min: 2, max: 4 }), (given, strips, threads) => {
        lab.clear()
        lab.kernels.stop()
        const placed = lab.place(given)
        const alone = lab.run(placed).slice()
        placed.words[1] = strips
        for (const features of choices) {
          lab.kernels.choose(features)
          lab.kernels.stop()
          expect(firstDifference(lab.run(placed), alone)).toBe(-1)
          expect(lab.kernels.start(threads)).toBe(threads)
          expect(firstDifference(lab.run(placed), alone)).toBe(-1)
        }
      }),
      { numRuns: 120, seed: 12 },
    )
  })

  test('threads that take turns at many products lose no strip', () => {
    lab.kernels.start(Math.max(2, availableParallelism()))
    const placed = lab.place({ m: 33, n: 64, k: 20, activation: 1 }, 8)
    const expected = lab.run(placed).slice()
    for (let round = 0; round < 5000; round++) expect(firstDifference(lab.run(placed), expected)).toBe(-1)
  })

  test('one call carries out several products in their order', () => {
    const sizes: Product = { m: 5, n: 5, k: 5 }
    const first = lab.place(sizes)
    const second = lab.place(sizes)
    second.words[5] = first.out.byteOffset
    const program = lab.reserve(128)
    new Int32Array(lab.memory.buffer, program, 32).set([...first.words, ...second.words])
    lab.kernels.run(program, 2)
    expect(worstError({ ...second, a: first.out })).toBeLessThan(1e-5)
  })

  test.each([
    [2, 'tanh'],
    [3, 'sigmoid'],
  ])('activation %i, %s, is right to a relative 1e-6 from the smallest to the largest argument', (activation) => {
    const arguments_ = [...sweep(1e-30, 90)].flatMap((x) => [x, -x]).filter((x) => activation === 2 || x > -87)
    for (const features of choices) {
      lab.kernels.choose(features)
      const placed = lab.place({ m: arguments_.length, n: 4, k: 1, activation })
      placed.a.set(arguments_)
      placed.b.fill(1)
      lab.run(placed)
      arguments_.forEach((_, index) => {
        const x = placed.a[index]!
        const exact = activated(x, activation)
        for (let column = 0; column < 4; column++) {
          expect(Math.abs(placed.out[index * 4 + column]! - exact) / Math.abs(exact), `of ${x}`).toBeLessThan(1e-6)
        }
      })
    }
  })

  test('NaN and infinities go through the activations as they should', () => {
    const expected = {
      1: [NaN, Infinity, 0, 0],
      2: [NaN, 1, -1, 0],
      3: [NaN, 1, 0, 0.5],
    }
    for (const features of choices) {
      lab.kernels.choose(features)
      for (const [activation, results] of Object.entries(expected)) {
        const placed = lab.place({ m: 4, n: 9, k: 1, activation: Number(activation) })
        placed.a.set([NaN, Infinity, -Infinity, 0])
        placed.b.fill(1)
        lab.run(placed)
        results.forEach((result, row) => expect(placed.out.slice(9 * row, 9 * row + 9)).toEqual(new Float32Array(9).fill(result)))
      }
    }
  })

  test.each<[string, number, number, RegExp]>([
    ['another opcode', 0, 2, /not a matrix product/],
    ['no strip', 1, 0, /impossible strips/],
    ['too many strips', 1, 65_536, /impossible strips/],
    ['more units than its result has', 2, 41, /units/],
    ['no grain', 3, 0, /impossible strips/],
    ['a result behind the end', 4, 0x7fff_fff0, /outside/],
    ['a result at a negative address', 4, -64, /outside/],
    ['an operand between two floats', 5, 1026, /outside/],
    ['an operand behind the end', 6, 0x7fff_fff0, /outside/],
    ['a bias behind the end', 7, 0x7fff_fff0, /outside/],
    ['a negative number of rows', 8, -1, /empty/],
    ['no columns', 9, 0, /empty/],
    ['no depth', 10, 0, /empty/],
    ['a depth beyond its rows', 10, 0x7fff_ffff, /outside/],
    ['an unknown activation', 11, 4 << 4, /activation/],
    ['rows that overlap', 12, 3, /outside/],
    ['rows far apart', 13, 0x7fff_ffff, /outside/],
  ])('an instruction with %s is an error and changes nothing', (_, word, value, message) => {
    const placed = lab.place({ m: 10, n: 40, k: 20, bias: true })
    placed.words[word] = value
    expect(() => lab.kernels.run(placed.address, 1)).toThrow(message)
    expect(placed.out.every(Number.isNaN)).toBe(true)
  })

  test('an instruction outside the memory is an error', () => {
    const end = lab.memory.buffer.byteLength
    for (const address of [end - 60, end, 2 ** 40, 2]) expect(() => lab.kernels.run(address, 1)).toThrow(/outside the memory/)
    expect(() => lab.kernels.run(-64, 1)).toThrow(/an address/)
  })

  test('what lies in the part by which the memory grew counts once it has been attached', () => {
    const placed = lab.place({ m: 8, n: 8, k: 8 })
    const before = lab.memory.buffer.byteLength
    lab.memory.grow(1)
    placed.words[4] = before + 512
    expect(() => lab.kernels.run(placed.address, 1)).toThrow(/outside/)
    lab.kernels.attach(lab.bytes())
    lab.kernels.run(placed.address, 1)
    expect(worstError({ ...placed, out: new Float32Array(lab.memory.buffer, before + 512, 64) })).toBeLessThan(1e-5)
    // What was placed before the growth has stayed where it was.
    placed.words[4] = placed.out.byteOffset
    lab.run(placed)
    expect(worstError(placed)).toBeLessThan(1e-5)
  })

  test('a memory that could be taken away is refused', () => {
    expect(() => lab.kernels.attach(new Uint8Array(64))).toThrow(/shared/)
    expect(() => lab.kernels.attach(new Float32Array(lab.memory.buffer) as unknown as Uint8Array)).toThrow(/Uint8Array/)
  })

  test('a worker that ends with threads still running leaves nothing behind', async () => {
    const source = `
      const kernels = require(require('node:worker_threads').workerData)
      kernels.attach(new Uint8Array(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer))
      kernels.start(3)`
    for (let round = 0; round < 5; round++) {
      const worker = new Worker(source, { eval: true, workerData: builtFile('native', 'palate-kernels.node') })
      expect(await new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject))).toBe(0)
    }
  })
})

describe('without the addon', () => {
  test('a missing file is a reason, not an error', () => {
    expect(loadNativeAddon('/nowhere/palate-kernels.node')).toEqual({ reason: expect.stringMatching(/not built/) })
  })

  test('a file that is no addon is a reason, not an error', () => {
    expect(loadNativeAddon(join(import.meta.dirname, '../../../../../package.json'))).toEqual({
      reason: expect.stringMatching(/another version/),
    })
  })
})

/** @returns the first index at which the bits differ, -1 when they are the same (NaN counts as one value) */
function firstDifference(actual: Float32Array, expected: Float32Array): number {
  return actual.length === expected.length ? actual.findIndex((value, index) => !Object.is(value, expected[index])) : 0
}

/** Arguments from `least` to `largest`, each 7 % above the last. */
function* sweep(least: number, largest: number): Generator<number> {
  for (let x = least; x < largest; x *= 1.07) yield x
}
