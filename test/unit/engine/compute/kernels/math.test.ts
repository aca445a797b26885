import { beforeAll, expect, test } from 'vitest'
import { elementwiseEncoders } from '../../../../../src-main/engine/compute/kernels/encoders/elementwise.ts'
import type { GraphNode, UnaryKind } from '../../../../../src-main/engine/compute/types.ts'
import { loadTestKernels } from '../support/test-kernels.ts'
import type { TestKernels } from '../support/test-kernels.ts'

let builds: TestKernels[]

beforeAll(async () => {
  builds = await loadTestKernels()
}, 60_000)

function apply(kernels: TestKernels, kind: UnaryKind, x: Float32Array): Float32Array {
  const input: GraphNode = { id: 0, op: 'input', inputs: [], shape: [x.length], dtype: 'float32', attributes: {} }
  const node: GraphNode = { ...input, id: 1, op: 'unary', inputs: [input], attributes: { kind } }
  const out = new Float32Array(x.length)
  kernels.run(elementwiseEncoders.unary!(node), out, [x])
  return out
}

function evenly(from: number, to: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => from + ((to - from) * index) / (count - 1))
}

/** Magnitudes from the smallest subnormal number to the largest number, of both signs if wanted. */
function everyMagnitude(signs: readonly number[]): Float32Array {
  const bits = new Uint32Array(40_000 * signs.length)
  const step = Math.floor(0x7f7fffff / 40_000)
  for (let index = 0; index < bits.length; index++) bits[index] = 1 + step * Math.floor(index / signs.length)
  return new Float32Array(bits.buffer).map((value, index) => value * signs[index % signs.length]!)
}

const exact: Readonly<Record<string, (x: number) => number>> = {
  exp: Math.exp,
  log: Math.log,
  tanh: Math.tanh,
  sigmoid: (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
}

/** Half the distance of two subnormal numbers: no result can be nearer to the truth. */
const HALF_SUBNORMAL = 2 ** -150

function worstError(kind: UnaryKind, x: Float32Array, actual: Float32Array): number {
  let worst = 0
  for (const [index, value] of x.entries()) {
    const wanted = exact[kind]!(value)
    if (Math.fround(wanted) === actual[index]) continue
    const missing = Math.abs(actual[index]! - wanted) - HALF_SUBNORMAL
    worst = Math.max(worst, missing / Math.abs(wanted))
  }
  return worst
}

const sweeps: readonly (readonly [UnaryKind, string, Float32Array])[] = [
  ['exp', 'from -104 to 88.7', evenly(-104, 88.7, 100_000)],
  ['exp', 'near 0', everyMagnitude([1, -1]).filter((x) => Math.abs(x) < 80)],
  ['log', 'over all positive numbers', everyMagnitude([1])],
  ['log', 'around 1', evenly(0.5, 2, 100_000)],
  ['tanh', 'from -12 to 12', evenly(-12, 12, 100_000)],
  ['tanh', 'over all numbers', everyMagnitude([1, -1])],
  ['sigmoid', 'from -104 to 104', evenly(-104, 104, 100_000)],
  ['sigmoid', 'over all numbers', everyMagnitude([1, -1]).filter((x) => x > -103)],
  ['softplus', 'from -104 to 104', evenly(-104, 104, 100_000)],
  ['softplus', 'around 0', evenly(-2, 2, 100_000)],
]

test.each(sweeps)('%s %s is right to within a millionth', (kind, _where, x) => {
  for (const kernels of builds) expect(worstError(kind, x, apply(kernels, kind, x)), kernels.build).toBeLessThan(1e-6)
})

test.each<[UnaryKind, number, number]>([
  ['exp', -200, 0],
  ['exp', -Infinity, 0],
  ['exp', 100, Infinity],
  ['exp', Infinity, Infinity],
  ['exp', 0, 1],
  ['exp', NaN, NaN],
  ['log', 0, -Infinity],
  ['log', -0, -Infinity],
  ['log', -1, NaN],
  ['log', -Infinity, NaN],
  ['log', Infinity, Infinity],
  ['log', 1, 0],
  ['log', NaN, NaN],
  ['tanh', 20, 1],
  ['tanh', -20, -1],
  ['tanh', Infinity, 1],
  ['tanh', -Infinity, -1],
  ['tanh', 0, 0],
  ['tanh', -0, -0],
  ['tanh', NaN, NaN],
  ['sigmoid', 100, 1],
  ['sigmoid', -100, Math.fround(Math.exp(-100))],
  ['sigmoid', -200, 0],
  ['sigmoid', 0, 0.5],
  ['sigmoid', NaN, NaN],
  ['softplus', 100, 100],
  ['softplus', -100, Math.fround(Math.exp(-100))],
  ['softplus', -200, 0],
  ['softplus', Infinity, Infinity],
  ['softplus', -Infinity, 0],
  ['softplus', NaN, NaN],
])('%s of %s is %s', (kind, x, expected) => {
  for (const kernels of builds) expect([...apply(kernels, kind, Float32Array.of(x))], kernels.build).toEqual([expected])
})

test.each(Object.keys(exact) as UnaryKind[])('%s has the same bits wherever its argument stands in a row', (kind) => {
  const x = evenly(kind === 'log' ? 0.01 : -9, 9, 203)
  for (const kernels of builds) {
    const together = apply(kernels, kind, x)
    for (let start = 0; start < 8; start++) expect(apply(kernels, kind, x.slice(start))).toEqual(together.slice(start))
    for (const [index, value] of x.entries()) expect(apply(kernels, kind, Float32Array.of(value))[0]).toBe(together[index])
  }
})

test.each(['exp', 'tanh', 'sigmoid', 'softplus', 'log'] as UnaryKind[])('%s never falls', (kind) => {
  // Rounding may make neighbours equal, or differ by the last bit or two where polynomials meet; never by more.
  const x = evenly(kind === 'log' ? 1e-3 : -30, 30, 100_000)
  for (const kernels of builds) {
    const y = apply(kernels, kind, x)
    const falls = y.findIndex((value, index) => index > 0 && y[index - 1]! - value > 3e-7 * Math.abs(value))
    expect(falls, `at ${x[falls]}`).toBe(-1)
  }
})
