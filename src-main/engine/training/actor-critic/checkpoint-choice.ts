import { readArray, readNumber, type StateTree } from '../../core/state-codec.ts'

/**
 * Chooses among checkpoints by their NDCG on episodes of held-out users.
 *
 * The untrained actor (update 0) is the first and stays unless a later one is better by more than one standard error of the
 * paired differences: every learner over-trains, and the best of many noisy figures flatters itself. Without held-out users
 * there is nothing to compare by, and the latest checkpoint is the chosen one.
 */
export class CheckpointChoice {
  #update = -1
  #weights: Float32Array = new Float32Array(0)
  #mean = -Infinity
  #first: Float64Array = new Float64Array(0)

  /** Update at which the chosen weights stood; -1 before the first offer. */
  get update(): number {
    return this.#update
  }

  get weights(): Float32Array {
    return this.#weights
  }

  /** @param values one per episode, in the same order at each offer. @returns whether these weights are now the chosen ones */
  offer(update: number, weights: Float32Array, values: Float64Array): boolean {
    const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
    if (this.#update < 0) this.#first = values.slice()
    else if (values.length > 0 && (mean <= this.#mean || !clearlyBetter(values, this.#first))) return false
    this.#update = update
    this.#weights = weights.slice()
    this.#mean = mean
    return true
  }

  save(): StateTree {
    return { update: this.#update, weights: this.#weights, mean: this.#update < 0 ? 0 : this.#mean, first: this.#first }
  }

  restore(saved: StateTree): void {
    this.#update = readNumber(saved, 'update')
    this.#weights = readArray(saved, 'weights', Float32Array).slice()
    this.#mean = this.#update < 0 ? -Infinity : readNumber(saved, 'mean')
    this.#first = readArray(saved, 'first', Float64Array).slice()
  }
}

function clearlyBetter(values: Float64Array, first: Float64Array): boolean {
  const n = values.length
  let sum = 0
  let squares = 0
  for (let i = 0; i < n; i++) {
    const difference = values[i]! - first[i]!
    sum += difference
    squares += difference * difference
  }
  const mean = sum / n
  const error = Math.sqrt(Math.max(0, squares / n - mean * mean) / n)
  return mean > error
}
