import { plainMemory } from '../../compute/plain/plain-memory.ts'
import type { ExecutorMemory } from '../../compute/types.ts'
import { Rng } from '../../core/rng.ts'

export const referenceSizes = { history: 10, items: 4000, users: 1000, replay: 4096 } as const

/** Made-up vectors and transitions in the sizes of a real job; what they hold does not matter to a measurement. */
export interface ReferenceData {
  readonly k: number
  /** [items, k] and [users, k], in -0.5 .. 0.5. */
  readonly itemVectors: Float32Array
  readonly userVectors: Float32Array
  /** One row per transition: the user, the four histories [replay, history] and what was done and earned. */
  readonly users: Int32Array
  readonly positive: Int32Array
  readonly negative: Int32Array
  readonly nextPositive: Int32Array
  readonly nextNegative: Int32Array
  /** [replay, k], in -0.8 .. 0.8. */
  readonly actions: Float32Array
  /** In -1 .. 1. */
  readonly rewards: Float32Array
}

/**
 * Consumes the stream "reference-data" of `seed`.
 * @param memory of the executor that will read the vectors, actions and rewards
 */
export function createReferenceData(k: number, seed: number, memory: ExecutorMemory = plainMemory): ReferenceData {
  const { history, items, users, replay } = referenceSizes
  const rng = Rng.stream(seed, 'reference-data')
  const uniform = (size: number, limit: number): Float32Array => {
    const values = memory.floats(size)
    for (let index = 0; index < size; index++) values[index] = (2 * rng.uniform() - 1) * limit
    return values
  }
  const indices = (size: number, bound: number): Int32Array => {
    const values = new Int32Array(size)
    for (let index = 0; index < size; index++) values[index] = rng.below(bound)
    return values
  }
  return {
    k,
    itemVectors: uniform(items * k, 0.5),
    userVectors: uniform(users * k, 0.5),
    users: indices(replay, users),
    positive: indices(replay * history, items),
    negative: indices(replay * history, items),
    nextPositive: indices(replay * history, items),
    nextNegative: indices(replay * history, items),
    actions: uniform(replay * k, 0.8),
    rewards: uniform(replay, 1),
  }
}

/** The transition on which a step acts and the batch from which it learns: the same sequence for everybody with the same seed. */
export class ReferenceDraws {
  readonly transitions: Int32Array
  readonly #rng: Rng

  /** Consumes the stream "reference-replay" of `seed`. */
  constructor(batch: number, seed: number, memory: ExecutorMemory = plainMemory) {
    this.transitions = memory.ints(batch)
    this.#rng = Rng.stream(seed, 'reference-replay')
  }

  /** @returns the transition to act on */
  nextActed(): number {
    return this.#rng.below(referenceSizes.replay)
  }

  /** Fills `transitions` anew. */
  nextBatch(): void {
    for (let row = 0; row < this.transitions.length; row++) this.transitions[row] = this.#rng.below(referenceSizes.replay)
  }
}
