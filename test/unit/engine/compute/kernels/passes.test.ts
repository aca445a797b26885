import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Instruction, Word } from '../../../../../src-main/engine/compute/kernels/encoders/encoding.types.ts'
import {
  OP_ADAGRAD,
  OP_ADAM,
  OP_ALL_FINITE,
  OP_APPROACH,
  OP_RMSPROP,
  OP_SCALE_ALL,
  OP_SGD,
  OP_SUM_OF_SQUARES,
} from '../../../../../src-main/engine/compute/kernels/opcodes.ts'
import { plainPasses } from '../../../../../src-main/engine/compute/plain/plain-passes.ts'
import { Rng } from '../../../../../src-main/engine/core/rng.ts'
import { expectClose, expectSameBits, randomValues } from '../support/compare.ts'
import { loadTestKernels } from '../support/test-kernels.ts'
import type { TestKernels } from '../support/test-kernels.ts'

let builds: TestKernels[]

beforeAll(async () => {
  builds = await loadTestKernels()
}, 60_000)

const nothing = new Float32Array(0)

/** `arrays` come first, in words 4 and following, then `constants`. */
function instruction(opcode: number, size: number, arrays: number, constants: readonly number[], cost = 1): Instruction {
  const addresses = Array.from({ length: arrays }, (_, address): Word => ({ address }))
  return { opcode, words: [...addresses, ...constants.map((float) => ({ float }))], units: size, grain: 16, cost }
}

interface PassCase {
  readonly name: string
  readonly opcode: number
  /** How many arrays there are, the changed ones, and which may not be negative. */
  readonly arrays: number
  readonly changed: readonly number[]
  readonly squares: readonly number[]
  readonly constants: readonly number[]
  plain(arrays: readonly Float32Array[]): void
}

const adamStep = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, l2: 0.01, stepSize: 0.002, squareCorrection: 1.7 }
const rmspropStep = { decay: 0.99, epsilon: 1e-6, l2: 0.1, learningRate: 0.01 }

const passes: readonly PassCase[] = [
  {
    name: 'adam',
    opcode: OP_ADAM,
    arrays: 4,
    changed: [0, 2, 3],
    squares: [3],
    constants: [0.9, 0.999, 1 - 0.9, 1 - 0.999, 1e-8, 0.01, 0.002, 1.7],
    plain: ([w, g, m, v]) => plainPasses.adam(w!, g!, m!, v!, adamStep),
  },
  {
    name: 'sgd',
    opcode: OP_SGD,
    arrays: 3,
    changed: [0, 2],
    squares: [],
    constants: [0.9, 0.1, 0.05],
    plain: ([w, g, velocity]) => plainPasses.sgd(w!, g!, velocity!, { momentum: 0.9, l2: 0.1, learningRate: 0.05 }),
  },
  {
    name: 'adagrad',
    opcode: OP_ADAGRAD,
    arrays: 3,
    changed: [0, 2],
    squares: [2],
    constants: [1e-6, 0.1, 0.05],
    plain: ([w, g, sum]) => plainPasses.adagrad(w!, g!, sum!, { epsilon: 1e-6, l2: 0.1, learningRate: 0.05 }),
  },
  {
    name: 'rmsprop',
    opcode: OP_RMSPROP,
    arrays: 3,
    changed: [0, 2],
    squares: [2],
    constants: [0.99, 1 - 0.99, 1e-6, 0.1, 0.01],
    plain: ([w, g, square]) => plainPasses.rmsprop(w!, g!, square!, rmspropStep),
  },
  {
    name: 'approach',
    opcode: OP_APPROACH,
    arrays: 2,
    changed: [0],
    squares: [],
    constants: [0.01],
    plain: ([target, source]) => plainPasses.approach(target!, source!, 0.01),
  },
  {
    name: 'scale',
    opcode: OP_SCALE_ALL,
    arrays: 1,
    changed: [0],
    squares: [],
    constants: [0.3],
    plain: ([x]) => plainPasses.scale(x!, { factor: 0.3 }),
  },
]

function drawArrays({ arrays, squares }: PassCase, size: number, seed: number): Float32Array[] {
  const rng = Rng.stream(seed, 'arrays')
  return Array.from({ length: arrays }, (_, index) => {
    const values = randomValues(size, rng)
    return squares.includes(index) ? values.map((value) => value * value) : values
  })
}

const copies = (arrays: readonly Float32Array[]): Float32Array[] => arrays.map((values) => values.slice())
const sizes = fc.integer({ min: 1, max: 200 })
const seeds = fc.nat(1_000_000)
const cutting = fc.array(
  fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
  { minLength: 1, maxLength: 5 },
)

describe.each(passes)('$name', (pass) => {
  test('changes its arrays as plain JavaScript does, and nothing else', () => {
    fc.assert(
      fc.property(sizes, seeds, (size, seed) => {
        const start = drawArrays(pass, size, seed)
        const expected = copies(start)
        pass.plain(expected)
        for (const kernels of builds) {
          const actual = copies(start)
          const made = instruction(pass.opcode, size, pass.arrays, pass.constants)
          kernels.run([made], nothing, actual, { changed: pass.changed })
          for (const index of pass.changed) expectClose(actual[index]!, expected[index]!, `array ${index}`, 1e-6)
        }
      }),
      { numRuns: 100, seed: 3 },
    )
  })

  test('gives the same bits however it is cut into strips', () => {
    fc.assert(
      fc.property(sizes, seeds, cutting, (size, seed, cuts) => {
        const start = drawArrays(pass, size, seed)
        for (const kernels of builds) {
          const [whole, cut] = [copies(start), copies(start)]
          const made = instruction(pass.opcode, size, pass.arrays, pass.constants)
          kernels.run([made], nothing, whole, { changed: pass.changed })
          kernels.run([made], nothing, cut, { changed: pass.changed, cuts })
          for (const index of pass.changed) expectSameBits(cut[index]!, whole[index]!, `array ${index}`)
        }
      }),
      { numRuns: 60, seed: 4 },
    )
  })

  test('keeps NaN: a diverged run must be seen', () => {
    for (const kernels of builds) {
      const arrays = drawArrays(pass, 7, 1)
      for (const values of arrays) values[2] = NaN
      kernels.run([instruction(pass.opcode, 7, pass.arrays, pass.constants)], nothing, arrays, { changed: pass.changed })
      for (const index of pass.changed) expect([...arrays[index]!].map(Number.isNaN)).toEqual([0, 0, 1, 0, 0, 0, 0].map(Boolean))
    }
  })
})

test('an approach at rate 1 copies to the bit, one at rate 0 changes nothing', () => {
  for (const kernels of builds) {
    const target = Float32Array.of(1e10, -3, 0.1, 7, 1e-30)
    const source = Float32Array.of(0.1, 2.7, -1e10, NaN, -0)
    const start = target.slice()
    kernels.run([instruction(OP_APPROACH, 5, 2, [0])], nothing, [target, source.map((x) => (x === x ? x : 5))], { changed: [0] })
    expectSameBits(target, start, 'rate 0')
    kernels.run([instruction(OP_APPROACH, 5, 2, [1])], nothing, [target, source], { changed: [0] })
    expectSameBits(target, source, 'rate 1')
  }
})

test('a mean that no gradient feeds any more comes to rest at 0 and not at a subnormal number', () => {
  for (const kernels of builds) {
    const [w, g, m, v] = [Float32Array.of(1), Float32Array.of(0), Float32Array.of(1e-37), Float32Array.of(1e-39)]
    for (let step = 0; step < 40; step++) {
      kernels.run([instruction(OP_ADAM, 1, 4, [0.9, 0.999, 0.1, 0.001, 1e-8, 0, 0.01, 1])], nothing, [w, g, m, v], {
        changed: [0, 2, 3],
      })
    }
    expect([w[0], m[0], v[0]]).toEqual([1, 0, 0])
  }
})

function sumOfSquares(kernels: TestKernels, x: Float32Array): number {
  const out = new Float32Array(2)
  const words: Word[] = [{ address: 'out' }, { address: 0 }]
  kernels.run([{ opcode: OP_SUM_OF_SQUARES, words, units: x.length, grain: 16, cost: 0 }], out, [x])
  return new Float64Array(out.buffer)[0]!
}

function allFinite(kernels: TestKernels, x: Float32Array): number {
  const out = new Float32Array(1)
  const words: Word[] = [{ address: 'out' }, { address: 0 }]
  kernels.run([{ opcode: OP_ALL_FINITE, words, units: x.length, grain: 16, cost: 0 }], out, [x])
  return new Int32Array(out.buffer)[0]!
}

test('a sum of squares is that of double precision', () => {
  for (const kernels of builds) {
    for (const size of [1, 2, 3, 5, 8, 15, 1000, 30_001]) {
      const x = randomValues(size, Rng.stream(size, 'squares'), 10)
      const expected = plainPasses.sumOfSquares(x)
      expect(Math.abs(sumOfSquares(kernels, x) - expected) / expected).toBeLessThan(1e-12)
    }
  }
})

test('a square beyond float32 does not make the sum infinite, and NaN makes it NaN', () => {
  for (const kernels of builds) {
    expect(sumOfSquares(kernels, Float32Array.of(2 ** 100, 2 ** 100, 0, 0, 1))).toBe(2 ** 201)
    expect(sumOfSquares(kernels, Float32Array.of(1, 2, 3, NaN, 1, 1, 1, 1, 1))).toBeNaN()
  }
})

test('one element that is NaN or infinite is found wherever it stands', () => {
  for (const kernels of builds) {
    for (const size of [1, 3, 4, 16, 17, 100]) {
      const x = randomValues(size, Rng.stream(size, 'finite')).fill(3.4e38, 0, 1)
      expect(allFinite(kernels, x)).toBe(1)
      for (let at = 0; at < size; at++) {
        for (const bad of [NaN, Infinity, -Infinity]) expect(allFinite(kernels, x.slice().fill(bad, at, at + 1))).toBe(0)
      }
    }
  }
})
