import { drain } from '../core/generators.ts'
import type { Rng } from '../core/rng.ts'
import { readArray, readNumber, type StateTree } from '../core/state-codec.ts'
import { groupRows, type Grouping } from '../data/by-user.ts'
import type { InteractionTable } from '../data/interaction-table.ts'
import { RidgeSolver } from './ridge.ts'

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

/** About how many multiply-adds a slice may take: some tens of milliseconds. */
const WORK_PER_SLICE = 2e7

/** Where a pass stands: users first, then items; the next of them. */
export interface PassPosition {
  readonly side: 0 | 1
  readonly next: number
}

/**
 * Probabilistic matrix factorisation fitted by alternating least squares: each side in turn is the exact minimiser of
 * sum (r - prediction)^2 + lambda (|p|^2 + |q|^2) + biasLambda (b_u^2 + b_i^2) given the other. Deterministic but for the start.
 *
 * One pass updates all users, then all items. Users and items without a rating keep zeros: they are predicted by the biases.
 */
export class AlsFit {
  readonly result: Factorisation
  readonly #table: InteractionTable
  readonly #options: FactorisationOptions
  readonly #byUser: Grouping
  readonly #byItem: Grouping
  readonly #solver: RidgeSolver
  #epoch = 0
  #position: PassPosition = { side: 0, next: 0 }
  #pass: Generator<void, number> | null = null

  /** Consumes itemCount * size normal draws of `rng` for the start of the item factors. */
  constructor(table: InteractionTable, options: FactorisationOptions, rng: Rng) {
    this.#table = table
    this.#options = options
    this.#byUser = groupRows(table.userIndex, table.userCount)
    this.#byItem = groupRows(table.itemIndex, table.itemCount)
    const { size, lambda, biasLambda = lambda } = options
    const ridge = new Float64Array(options.biased ? size + 1 : size).fill(lambda)
    if (options.biased) ridge[size] = biasLambda
    this.#solver = new RidgeSolver(ridge)
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

  /** Of the present pass; with it and the factors a fit goes on the same. */
  get position(): PassPosition {
    return this.#position
  }

  /** Goes on from saved factors and biases. @param read gives the saved array of that name */
  restore(
    epochsDone: number,
    read: (name: 'userFactors' | 'itemFactors' | 'userBias' | 'itemBias') => Float64Array,
    position: PassPosition = { side: 0, next: 0 },
  ): void {
    this.#epoch = epochsDone
    this.#position = position
    this.#pass = null
    for (const name of ['userFactors', 'itemFactors', 'userBias', 'itemBias'] as const) this.result[name].set(read(name))
  }

  /** A slice of a pass. @returns the root mean squared error on the rows it is fitted on after the last slice, null before */
  advance(): number | null {
    this.#pass ??= this.#onePass()
    const next = this.#pass.next()
    if (!next.done) return null
    this.#pass = null
    this.#position = { side: 0, next: 0 }
    this.#epoch++
    return next.value
  }

  /** A whole pass over users and items. @returns the root mean squared error on the rows it was fitted on */
  epoch(): number {
    for (;;) {
      const error = this.advance()
      if (error !== null) return error
    }
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

  *#onePass(): Generator<void, number> {
    const { userFactors, itemFactors, userBias, itemBias } = this.result
    if (this.#position.side === 0) {
      yield* this.#solveSide(this.#byUser, this.#table.itemIndex, userFactors, userBias, itemFactors, itemBias)
      this.#position = { side: 1, next: 0 }
    }
    yield* this.#solveSide(this.#byItem, this.#table.userIndex, itemFactors, itemBias, userFactors, userBias)
    return yield* rmseInSlices(this.result, this.#table)
  }

  /** Yields after so much work, within a user or item of many ratings as well: what it has of that one is then done again after a restore. */
  *#solveSide(
    grouping: Grouping,
    otherIndex: Int32Array,
    factors: Float64Array,
    bias: Float64Array,
    otherFactors: Float64Array,
    otherBias: Float64Array,
  ): Generator<void, void> {
    const { size, biased } = this.#options
    const solver = this.#solver
    const features = new Float64Array(biased ? size + 1 : size)
    if (biased) features[size] = 1
    const { mean } = this.result
    let work = 0
    for (let group = this.#position.next; group + 1 < grouping.start.length; group++) {
      const from = grouping.start[group]!
      const to = grouping.start[group + 1]!
      if (from === to) continue
      solver.begin(to - from)
      for (let at = from; at < to; at++) {
        const row = grouping.rows[at]!
        const other = otherIndex[row]!
        for (let i = 0; i < size; i++) features[i] = otherFactors[other * size + i]!
        solver.add(features, this.#table.rating[row]! - mean - (biased ? otherBias[other]! : 0))
        work += solver.workPerRow
        if (work < WORK_PER_SLICE) continue
        yield
        work = 0
      }
      work += solver.workToSolve
      const solution = solver.solve()
      for (let i = 0; i < size; i++) factors[group * size + i] = solution[i]!
      if (biased) bias[group] = solution[size]!
      this.#position = { side: this.#position.side, next: group + 1 }
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

/** Root mean squared error of the predictions, cut to the scale, over the rows of `table`; 0 where it has none. */
export function rmse(model: Factorisation, table: InteractionTable): number {
  return drain(rmseInSlices(model, table))
}

function* rmseInSlices(model: Factorisation, table: InteractionTable): Generator<void, number> {
  if (table.size === 0) return 0
  const rowsPerSlice = Math.ceil(WORK_PER_SLICE / (model.size + 4))
  let sum = 0
  for (let row = 0; row < table.size; row++) {
    const raw = predict(model, table.userIndex[row]!, table.itemIndex[row]!)
    const error = Math.min(table.scale.max, Math.max(table.scale.min, raw)) - table.rating[row]!
    sum += error * error
    if (row % rowsPerSlice === rowsPerSlice - 1) yield
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

/** Between two slices; what is saved goes on bit by bit the same. */
export function saveAls(fit: AlsFit): StateTree {
  const { userFactors, itemFactors, userBias, itemBias } = fit.result
  return { epoch: fit.epochsDone, ...fit.position, userFactors, itemFactors, userBias, itemBias }
}

/** @throws PalateError CHECKPOINT_UNUSABLE */
export function restoreAls(fit: AlsFit, saved: StateTree): void {
  // What was saved when a pass was one slice has no position: it stood between two passes.
  const position: PassPosition =
    saved['side'] === undefined
      ? { side: 0, next: 0 }
      : { side: readNumber(saved, 'side') === 0 ? 0 : 1, next: readNumber(saved, 'next') }
  fit.restore(readNumber(saved, 'epoch'), (name) => readArray(saved, name, Float64Array), position)
}
