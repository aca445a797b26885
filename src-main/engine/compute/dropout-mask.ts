import type { Rng } from '../core/rng.ts'
import { GraphError } from './types.ts'

/**
 * Fills the input that `GraphBuilder.dropout` declares: each element 0 with probability `rate`, otherwise 1 / (1 - rate), so
 * that the expected value is 1. Consumes one uniform number (two draws) per element, in order, at every rate.
 * @throws GraphError for a rate outside 0 to below 1
 */
export function fillDropoutMask(mask: Float32Array, rate: number, rng: Rng): void {
  if (!(rate >= 0 && rate < 1)) throw new GraphError(`A dropout mask wants a rate from 0 to below 1, not ${rate}.`)
  const kept = 1 / (1 - rate)
  for (let index = 0; index < mask.length; index++) mask[index] = rng.uniform() < rate ? 0 : kept
}
