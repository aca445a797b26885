import { GraphError } from '../types.ts'
import type { TfNamespace } from './tf.types.ts'

/** All functions of TfNamespace but the fused one; a name that is missing or too much does not compile. */
const functions: Readonly<Record<Exclude<keyof TfNamespace, 'fused'>, true>> = {
  getBackend: true,
  tidy: true,
  keep: true,
  clone: true,
  tensor: true,
  reshape: true,
  cast: true,
  tile: true,
  concat: true,
  slice: true,
  pad: true,
  gather: true,
  scatterND: true,
  matMul: true,
  add: true,
  sub: true,
  mul: true,
  div: true,
  equal: true,
  notEqual: true,
  greater: true,
  logicalAnd: true,
  logicalOr: true,
  isNaN: true,
  where: true,
  clipByValue: true,
  sum: true,
  max: true,
  softmax: true,
  neg: true,
  relu: true,
  tanh: true,
  sigmoid: true,
  square: true,
  exp: true,
  log: true,
  sqrt: true,
  reciprocal: true,
  softplus: true,
  abs: true,
  sign: true,
}

/**
 * The types of TensorFlow.js take far more than is used here and cannot be compared with ours, so the functions are looked
 * for when the program runs.
 * @param candidate the namespace of one of its packages
 * @throws GraphError naming the functions that are missing
 */
export function requireTfNamespace(candidate: object): TfNamespace {
  const missing = Object.keys(functions).filter((name) => typeof Reflect.get(candidate, name) !== 'function')
  if (!isTfNamespace(candidate, missing)) {
    throw new GraphError(
      `This is no TensorFlow.js that Palate can compute with: it lacks ${missing.length > 0 ? missing.join(', ') : 'fused.matMul'}.`,
    )
  }
  return candidate
}

function isTfNamespace(candidate: object, missing: readonly string[]): candidate is TfNamespace {
  if (missing.length > 0) return false
  const fused: unknown = Reflect.get(candidate, 'fused')
  return typeof fused === 'object' && fused !== null && typeof Reflect.get(fused, 'matMul') === 'function'
}
