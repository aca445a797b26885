import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { elementwiseEncoders } from '../../../../../src-main/engine/compute/kernels/encoders/elementwise.ts'
import type { Encoders } from '../../../../../src-main/engine/compute/kernels/encoders/encoding.types.ts'
import { gatherEncoders } from '../../../../../src-main/engine/compute/kernels/encoders/gather.ts'
import { rowEncoders } from '../../../../../src-main/engine/compute/kernels/encoders/rows.ts'
import { shapingEncoders } from '../../../../../src-main/engine/compute/kernels/encoders/shaping.ts'
import { softmaxEncoders } from '../../../../../src-main/engine/compute/kernels/encoders/softmax.ts'
import { opOf, opTable } from '../../../../../src-main/engine/compute/ops/index.ts'
import { elementwiseKernels } from '../../../../../src-main/engine/compute/plain/elementwise-kernels.ts'
import { gatherKernels } from '../../../../../src-main/engine/compute/plain/gather-kernels.ts'
import { rowKernels } from '../../../../../src-main/engine/compute/plain/row-kernels.ts'
import { shapingKernels } from '../../../../../src-main/engine/compute/plain/shaping-kernels.ts'
import { softmaxKernels } from '../../../../../src-main/engine/compute/plain/softmax-kernels.ts'
import { sizeOf } from '../../../../../src-main/engine/compute/types.ts'
import { Rng } from '../../../../../src-main/engine/core/rng.ts'
import { caseOf, caseOps, extreme } from '../support/op-cases.ts'
import type { OpCase } from '../support/op-cases.ts'
import { loadTestKernels } from '../support/test-kernels.ts'
import type { RunOptions, TestKernels } from '../support/test-kernels.ts'

const encoders: Encoders = {
  ...elementwiseEncoders,
  ...gatherEncoders,
  ...rowEncoders,
  ...shapingEncoders,
  ...softmaxEncoders,
}
const plain = { ...elementwiseKernels, ...gatherKernels, ...rowKernels, ...shapingKernels, ...softmaxKernels }

/** Ops whose results are rounded otherwise than in plain JavaScript, which sums in double precision. All others have its bits. */
const rounded = new Set([
  'unary',
  'unaryGrad',
  'softmax',
  'logSoftmax',
  'softmaxGrad',
  'logSoftmaxGrad',
  'weightedSum',
  'rowDot',
  'sumLast',
  'sumLeading',
])

let builds: TestKernels[]

beforeAll(async () => {
  builds = await loadTestKernels()
}, 60_000)

const dims = fc.record({
  batch: fc.integer({ min: 1, max: 6 }),
  count: fc.integer({ min: 1, max: 9 }),
  width: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(16, 21, 37, 100)),
})
const seeds = fc.nat(1_000_000)
const cuts = fc.array(
  fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
  { minLength: 1, maxLength: 6 },
)

function byPlain({ node, values }: OpCase): Float32Array {
  const out = new Float32Array(sizeOf(node.shape))
  const ids = values.find((each) => each instanceof Int32Array) ?? new Int32Array(0)
  const floats = values.map((each) => (each instanceof Float32Array ? each : new Float32Array(0)))
  plain[node.op]!(out, floats, node, ids, 'A test')
  return out
}

function byKernels(kernels: TestKernels, { node, values }: OpCase, options?: RunOptions): Float32Array {
  const out = new Float32Array(sizeOf(node.shape))
  kernels.run(encoders[node.op]!(node), out, values, options)
  return out
}

function expectIdentical(actual: Float32Array, expected: Float32Array, what: string): void {
  const first = actual.findIndex((value, index) => !Object.is(value, expected[index]))
  expect(first, `${what}: element ${first} is ${actual[first]} and not ${expected[first]}`).toBe(-1)
}

/** Within `tolerance` of the larger of the expected value and `scale`; NaN and infinities where they are expected. */
function expectNear(actual: Float32Array, expected: Float32Array, what: string, scale: number, tolerance = 2e-6): void {
  const first = actual.findIndex((value, index) => {
    const wanted = expected[index]!
    if (!Number.isFinite(wanted) || !Number.isFinite(value)) return !Object.is(value, wanted)
    return Math.abs(value - wanted) > tolerance * Math.max(Math.abs(wanted), scale)
  })
  expect(first, `${what}: element ${first} is ${actual[first]} and not ${expected[first]}`).toBe(-1)
}

/** What one rounding error may amount to: sums are as inexact as their largest term, single values as themselves. */
function scaleOf({ node, values }: OpCase): number {
  if (node.op === 'unary' || node.op === 'unaryGrad') return 1e-37
  const finite = values.flatMap((each) => [...each]).filter((value) => Number.isFinite(value))
  return Math.max(1, ...finite.map((value) => Math.abs(value))) ** 2
}

function expectAgreement(actual: Float32Array, each: OpCase, what: string): void {
  if (rounded.has(each.node.op)) expectNear(actual, byPlain(each), what, scaleOf(each))
  else expectIdentical(actual, byPlain(each), what)
}

test('every op but sources, other names of a value and matrix products has an encoder and a case here', () => {
  const others = ['linear', 'matmul', 'matmulPart']
  const computed = Object.keys(opTable).filter((op) => !opOf(op).source && !opOf(op).alias && !others.includes(op))
  expect(Object.keys(encoders).sort()).toEqual(computed.sort())
  expect([...caseOps].sort()).toEqual(computed.sort())
})

describe.each(caseOps)('%s', (op) => {
  test('computes what plain JavaScript computes, for any width, and changes nothing else', () => {
    fc.assert(
      fc.property(dims, seeds, (sizes, seed) => {
        const each = caseOf(op, sizes, Rng.stream(seed, op))
        for (const kernels of builds) expectAgreement(byKernels(kernels, each), each, kernels.build)
      }),
      { numRuns: 150, seed: 5 },
    )
  })

  test('takes infinities, zeros of either sign and NaN as plain JavaScript does', () => {
    fc.assert(
      fc.property(dims, seeds, (sizes, seed) => {
        const each = caseOf(op, sizes, Rng.stream(seed, op), extreme)
        for (const kernels of builds) expectAgreement(byKernels(kernels, each), each, kernels.build)
      }),
      { numRuns: 150, seed: 6 },
    )
  })

  test('gives the same bits however its units are cut into strips', () => {
    fc.assert(
      fc.property(dims, seeds, cuts, (sizes, seed, parts) => {
        const each = caseOf(op, sizes, Rng.stream(seed, op))
        for (const kernels of builds) {
          const whole = byKernels(kernels, each)
          for (const backwards of [false, true]) {
            expectIdentical(byKernels(kernels, each, { cuts: parts, backwards }), whole, kernels.build)
          }
        }
      }),
      { numRuns: 100, seed: 7 },
    )
  })
})

const inPlaceOps = caseOps.filter((op) => opOf(op).inPlace !== undefined)

test.each(inPlaceOps)('%s may write its result over an argument', (op) => {
  fc.assert(
    fc.property(dims, seeds, cuts, (sizes, seed, parts) => {
      const each = caseOf(op, sizes, Rng.stream(seed, op), extreme)
      for (const inPlace of opOf(op).inPlace!) {
        if (each.values[inPlace]!.length !== sizeOf(each.node.shape)) continue
        for (const kernels of builds) {
          const expected = byKernels(kernels, each)
          expectIdentical(
            byKernels(kernels, each, { inPlace, cuts: parts }),
            expected,
            `${kernels.build} over argument ${inPlace}`,
          )
        }
      }
    }),
    { numRuns: 80, seed: 8 },
  )
})

describe('long rows', () => {
  test.each(['softmax', 'logSoftmax', 'sumLast', 'sumLeading', 'copy', 'concat', 'slice', 'expandLeading'])(
    '%s of rows of thousands agrees with plain JavaScript',
    (op) => {
      for (const [seed, width] of [1023, 1024, 3001, 5000].entries()) {
        const each = caseOf(op, { batch: 2, count: 3, width }, Rng.stream(seed, op))
        for (const kernels of builds) expectAgreement(byKernels(kernels, each, { cuts: [0.3, 0.6] }), each, kernels.build)
      }
    },
  )
})

describe('promises about single values', () => {
  const row = (op: string, values: readonly number[][], attributes = {}): Float32Array[] =>
    builds.map((kernels) => {
      const arrays = values.map((each) => Float32Array.from(each))
      const size = arrays[0]!.length
      const inputs = arrays.map((_, id) => ({
        id,
        op: 'input',
        inputs: [],
        shape: [1, size],
        dtype: 'float32' as const,
        attributes: {},
      }))
      const node = { id: 9, op, inputs, shape: [1, size], dtype: 'float32' as const, attributes }
      return byKernels(kernels, { node, values: arrays })
    })

  test('a row of a masked softmax without any 1 is all zeros', () => {
    for (const out of row('softmax', [[1, NaN, 3, 4, Infinity], [0, 0, 0, 0, 0]])) expect([...out]).toEqual([0, 0, 0, 0, 0]) // prettier-ignore
  })

  test('a masked position has weight 0 even where its logit is NaN', () => {
    for (const out of row('softmax', [[NaN, 2, 2], [0, 1, 1]])) expect([...out]).toEqual([0, 0.5, 0.5]) // prettier-ignore
  })

  test('relu and clip keep NaN', () => {
    for (const out of row('unary', [[NaN, -1, 2]], { kind: 'relu' })) expect([...out]).toEqual([NaN, 0, 2])
    for (const out of row('clip', [[NaN, -9, 9]], { min: -1, max: 1 })) expect([...out]).toEqual([NaN, -1, 1])
  })

  test('the derivative of relu at 0 is 0, that of clip at its bounds 1', () => {
    for (const out of row('unaryGrad', [[5, 5, 5], [0, 1, -0]], { kind: 'relu' })) expect([...out]).toEqual([0, 5, 0]) // prettier-ignore
    for (const out of row('clipGrad', [[5, 5, 5], [-1, 1, 1.1]], { min: -1, max: 1 })) expect([...out]).toEqual([5, 5, 0]) // prettier-ignore
  })

  test('a bound between two float32 numbers lets exactly the inner one pass', () => {
    const bound = Math.fround(0.3)
    expect(bound).toBeGreaterThan(0.3)
    for (const out of row('clipGrad', [[5, 5], [bound, bound - 2 ** -25]], { min: -1, max: 0.3 })) expect([...out]).toEqual([0, 5]) // prettier-ignore
  })
})
