import { solvePositiveDefinite } from '../core/linear-algebra.ts'
import type { Rng } from '../core/rng.ts'
import { groupRows, type Grouping } from '../data/by-user.ts'
import type { InteractionTable } from '../data/interaction-table.ts'

export interface FactorisationOptions {
  /** Number of latent coordinates. */
  readonly size: number
  /** Ridge on every latent coordinate and bias (Salakhutdinov and Mnih's lambda). */
  readonly lambda: number
  /** Ridge on the biases where it differs from that on the coordinates. */
  readonly biasLambda?: number
  readonly epochs: number
  /** Whether user and item have biases beside the latent coordinates. */
  readonly biased: boolean
}

/** Some tens of milliseconds at the usual sizes. */
const RATINGS_PER_SLICE = 20_000

/** A rating is predicted as mean + userBias + itemBias + user . item. Matrices are row-major, `size` columns, double precision. */
export interface Factorisation {
  readonly size: number
  readonly mean: number
  readonly userCount: number
  readonly itemCount: number
  readonly userFactors: Float64Array
  readonly itemFactors: Float64Array
  readonly userBias: Float64Array
  readonly itemBias: Float64Array
}

/**
 * Probabilistic matrix factorisation fitted by alternating least squares: each side in turn is the exact minimiser of
 * sum (r - prediction)^2 + lambda (|p|^2 + |q|^2) + biasLambda (b_u^2 + b_i^2) given the other. Deterministic but for the start.
 *
 * One `epoch` updates all users, then all items. Users and items without a rating keep zeros: they are predicted by the biases.
 */
export class AlsFit {
  readonly result: Factorisation
  readonly #table: InteractionTable
  readonly #options: FactorisationOptions
  readonly #byUser: Grouping
  readonly #byItem: Grouping
  #epoch = 0

  /** Consumes itemCount * size normal draws of `rng` for the start of the item factors. */
  constructor(table: InteractionTable, options: FactorisationOptions, rng: Rng) {
    this.#table = table
    this.#options = options
    this.#byUser = groupRows(table.userIndex, table.userCount)
    this.#byItem = groupRows(table.itemIndex, table.itemCount)
    const itemFactors = new Float64Array(table.itemCount * options.size)
    for (let item = 0; item < table.itemCount; item++) {
      const rated = this.#byItem.start[item + 1]! > this.#byItem.start[item]!
      for (let i = 0; i < options.size; i++) {
        const start = 0.1 * rng.normal()
        // No epoch will ever touch an item without ratings: left random, it would be scored by noise.
        itemFactors[item * options.size + i] = rated ? start : 0
      }
    }
    let sum = 0
    for (let row = 0; row < table.size; row++) sum += table.rating[row]!
    this.result = {
      size: options.size,
      mean: table.size > 0 ? sum / table.size : 0,
      userCount: table.userCount,
      itemCount: table.itemCount,
      userFactors: new Float64Array(table.userCount * options.size),
      itemFactors,
      userBias: new Float64Array(table.userCount),
      itemBias: new Float64Array(table.itemCount),
    }
    if (options.biased) this.#startBiases()
  }

  get epochsDone(): number {
    return this.#epoch
  }

  get finished(): boolean {
    return this.#epoch >= this.#options.epochs
  }

  /** Goes on from saved factors and biases. @param read gives the saved array of that name */
  restore(epochsDone: number, read: (name: 'userFactors' | 'itemFactors' | 'userBias' | 'itemBias') => Float64Array): void {
    this.#epoch = epochsDone
    for (const name of ['userFactors', 'itemFactors', 'userBias', 'itemBias'] as const) this.result[name].set(read(name))
  }

  /** One pass over users and items. @returns the root mean squared error on the rows it was fitted on */
  epoch(): number {
    const work = this.epochInSlices()
    for (let next = work.next(); ; next = work.next()) if (next.done) return next.value
  }

  /** The same pass, yielding after each few thousand ratings: for those who must attend to others meanwhile. */
  *epochInSlices(): Generator<void, number> {
    const { userFactors, itemFactors, userBias, itemBias } = this.result
    yield* this.#solveSide(this.#byUser, this.#table.itemIndex, userFactors, userBias, itemFactors, itemBias)
    yield* this.#solveSide(this.#byItem, this.#table.userIndex, itemFactors, itemBias, userFactors, userBias)
    this.#epoch++
    return rmse(this.result, this.#table)
  }

  /** Regularised means as a start, so that the first user pass already sees what makes items good. */
  #startBiases(): void {
    const { itemBias, mean } = this.result
    for (let item = 0; item < this.#table.itemCount; item++) {
      const from = this.#byItem.start[item]!
      const to = this.#byItem.start[item + 1]!
      let sum = 0
      for (let at = from; at < to; at++) sum += this.#table.rating[this.#byItem.rows[at]!]! - mean
      itemBias[item] = sum / (to - from + this.#options.lambda)
    }
  }

  *#solveSide(
    grouping: Grouping,
    otherIndex: Int32Array,
    factors: Float64Array,
    bias: Float64Array,
    otherFactors: Float64Array,
    otherBias: Float64Array,
  ): Generator<void, void> {
    const { size, lambda, biased, biasLambda = lambda } = this.#options
    const n = biased ? size + 1 : size
    const normal = new Float64Array(n * n)
    const right = new Float64Array(n)
    const features = new Float64Array(n)
    if (biased) features[size] = 1
    const { mean } = this.result
    let ratings = 0
    for (let group = 0; group + 1 < grouping.start.length; group++) {
      const from = grouping.start[group]!
      const to = grouping.start[group + 1]!
      if (from === to) continue
      ratings += to - from
      if (ratings >= RATINGS_PER_SLICE) {
        ratings = 0
        yield
      }
      normal.fill(0)
      right.fill(0)
      for (let i = 0; i < n; i++) normal[i * n + i] = i < size ? lambda : biasLambda
      for (let at = from; at < to; at++) {
        const row = grouping.rows[at]!
        const other = otherIndex[row]!
        for (let i = 0; i < size; i++) features[i] = otherFactors[other * size + i]!
        const target = this.#table.rating[row]! - mean - (biased ? otherBias[other]! : 0)
        for (let i = 0; i < n; i++) {
          const value = features[i]!
          right[i]! += value * target
          const start = i * n
          for (let j = 0; j <= i; j++) normal[start + j]! += value * features[j]!
        }
      }
      solvePositiveDefinite(normal, right, n)
      for (let i = 0; i < size; i++) factors[group * size + i] = right[i]!
      if (biased) bias[group] = right[size]!
    }
  }
}

/** The predicted rating, on the data set's scale but not cut to it. */
export function predict(model: Factorisation, user: number, item: number): number {
  let sum = model.mean + model.userBias[user]! + model.itemBias[item]!
  const { size, userFactors, itemFactors } = model
  for (let i = 0; i < size; i++) sum += userFactors[user * size + i]! * itemFactors[item * size + i]!
  return sum
}

/** Root mean squared error of the predictions, cut to the scale, over the rows of `table`. */
export function rmse(model: Factorisation, table: InteractionTable): number {
  if (table.size === 0) return 0
  let sum = 0
  for (let row = 0; row < table.size; row++) {
    const raw = predict(model, table.userIndex[row]!, table.itemIndex[row]!)
    const error = Math.min(table.scale.max, Math.max(table.scale.min, raw)) - table.rating[row]!
    sum += error * error
  }
  return Math.sqrt(sum / table.size)
}

/** Fits to the end. @returns the factorisation and its training RMSE per epoch */
export function factorise(
  table: InteractionTable,
  options: FactorisationOptions,
  rng: Rng,
): { model: Factorisation; lossCurve: number[] } {
  const fit = new AlsFit(table, options, rng)
  const lossCurve: number[] = []
  while (!fit.finished) lossCurve.push(fit.epoch())
  return { model: fit.result, lossCurve }
}
