import { expect } from 'vitest'
import { createArena } from '../../../../../src-main/engine/compute/arena.ts'
import { differentiate } from '../../../../../src-main/engine/compute/differentiate.ts'
import { plainExecutor } from '../../../../../src-main/engine/compute/plain/plain-executor.ts'
import type { Graph, InputValues, ParameterArena } from '../../../../../src-main/engine/compute/types.ts'
import { Rng } from '../../../../../src-main/engine/core/rng.ts'
import { askOracle } from './tfjs-oracle.ts'

/** Uniform values in ±limit. */
export function randomValues(size: number, rng: Rng, limit = 2): Float32Array {
  return Float32Array.from({ length: size }, () => (2 * rng.uniform() - 1) * limit)
}

/** Largest difference relative to the largest expected magnitude; both empty counts as equal. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length)
  let difference = 0
  let magnitude = 0
  for (let index = 0; index < expected.length; index++) {
    // A NaN on either side must not look like agreement.
    if (Number.isNaN(actual[index]!) || Number.isNaN(expected[index]!)) return Infinity
    difference = Math.max(difference, Math.abs(actual[index]! - expected[index]!))
    magnitude = Math.max(magnitude, Math.abs(expected[index]!))
  }
  return difference / Math.max(magnitude, 1e-3)
}

export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string, tolerance = 1e-4): void {
  const error = relativeError(actual, expected)
  expect(
    error,
    `${what}: relative error ${error}, first values ${[...Array.from(actual).slice(0, 4)]} and ${[...Array.from(expected).slice(0, 4)]}`,
  ).toBeLessThan(tolerance)
}

/** The same bits throughout, the sign of a zero and NaN included; the message names the first difference. */
export function expectSameBits(actual: Float32Array, expected: Float32Array, what: string): void {
  expect(actual.length, `length of ${what}`).toBe(expected.length)
  const bits = (values: Float32Array): Uint32Array => new Uint32Array(values.buffer, values.byteOffset, values.length)
  const other = bits(expected)
  const first = bits(actual).findIndex((value, index) => value !== other[index])
  expect(first, `${what} differs first at ${first}: ${actual[first]} and ${expected[first]}`).toBe(-1)
}

/** Random values for every parameter of a graph. */
export function randomArena(graph: Graph, seed: number): ParameterArena {
  const arena = createArena(graph.parameters)
  arena.values.set(randomValues(arena.values.length, Rng.stream(seed, 'arena'), 1))
  return arena
}

/** Runs `graph` and the gradients of `loss` both by the plain executor and by TensorFlow.js and expects the same numbers. */
export function expectAgreement(
  graph: Graph,
  loss: string,
  targets: readonly string[],
  inputs: Readonly<Record<string, InputValues>>,
  arena: ParameterArena,
): void {
  const program = plainExecutor.compile(differentiate(graph, loss, targets))
  const gradients = arena.zerosLike()
  const results = program.run({ inputs, parameters: [arena], gradients: [gradients] })
  const oracle = askOracle(graph, loss, targets, inputs, [arena])
  for (const [name, expected] of oracle.outputs) expectClose(results.view(name), expected, `output ${name}`)
  for (const [name, expected] of oracle.gradients) {
    expectClose(results.gradient(name), expected, `gradient of ${name}`)
    if (gradients.has(name)) expectSameBits(gradients.view(name), results.gradient(name), `gradient of ${name} in the arena`)
  }
}
