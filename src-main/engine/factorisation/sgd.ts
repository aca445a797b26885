import type { Executor } from '../compute/types.ts'
import type { Learnable } from '../core/learnable.ts'
import type { Scorer } from '../core/model.ts'
import type { Rng } from '../core/rng.ts'
import { readArray, readNumber, readTree, type StateTree } from '../core/state-codec.ts'
import { groupRows, type Grouping } from '../data/by-user.ts'
import { meanRating, ratingUnit, squaredError } from '../data/hold-out.ts'
import type { InteractionTable } from '../data/interaction-table.ts'

export interface SgdOptions {
  /** Number of latent coordinates. */
  readonly size: number
  readonly learningRate: number
  /** What the learning rate is multiplied by after each pass. */
  readonly decay: number
  /** Penalty on the squares of factors and biases, per rating. */
  readonly lambda: number
  /** Whether user and item have biases. */
  readonly biased: boolean
  /** Whether users are also described by which items they have rated (SVD++). */
  readonly implicit: boolean
  /** Whether the mean rating is taken off first; otherwise the factors must express it. */
  readonly centred: boolean
  /** Standard deviation of the factors at the start; the implicit ones start at 0, and move as soon as the others have a direction. */
  readonly deviation: number
}

/** About how many multiply-adds a slice may take. */
const WORK_PER_SLICE = 4e6

/**
 * Matrix factorisation by stochastic gradient steps, one per rating (PMF; with `implicit` SVD++). Ratings are learnt in units
 * of a quarter of the scale. Users and items without a rating keep zeros.
 *
 * Randomness: `start` gives user and item factors (one normal draw each), `order` the shuffle of each pass: of all ratings, or for
 * SVD++ of the ratings of each user, whose visits follow one another.
 */
export class SgdFactorisation implements Learnable {
  /** [users, items, userBias, itemBias, implicit]; what is not used is empty. */
  readonly weights: readonly [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array]
  readonly #learn: InteractionTable
  readonly #held: InteractionTable
  readonly #options: SgdOptions
  readonly #executor: Executor
  readonly #rng: Rng
  readonly #byUser: Grouping
  readonly #mean: number
  readonly #unit: number
  /** The rows of `learn` in the order of the present pass, and their columns. */
  readonly #order: Int32Array
  readonly #userIds: Int32Array
  readonly #itemIds: Int32Array
  readonly #ratings: Float32Array
  #epochs = 0
  /** Ratings visited in this pass; 0: it has not begun. */
  #visited = 0
  #squares = 0

  constructor(learn: InteractionTable, held: InteractionTable, options: SgdOptions, executor: Executor, start: Rng, order: Rng) {
    this.#learn = learn
    this.#held = held
    this.#options = options
    this.#executor = executor
    this.#rng = order
    this.#byUser = groupRows(learn.userIndex, learn.userCount)
    this.#mean = options.centred ? meanRating(learn) : 0
    this.#unit = ratingUnit(learn.scale)
    this.#order = this.#byUser.rows.slice()
    const { memory } = executor
    this.#userIds = memory.ints(learn.size)
    this.#itemIds = memory.ints(learn.size)
    this.#ratings = memory.floats(learn.size)
    const { size, biased, implicit, deviation } = options
    const itemIsRated = groupRows(learn.itemIndex, learn.itemCount).start
    const draw = (count: number, starts: Int32Array) => {
      const values = memory.floats(count * size)
      for (let row = 0; row < count; row++) {
        for (let i = 0; i < size; i++) {
          const value = deviation * start.normal()
          values[row * size + i] = starts[row + 1]! > starts[row]! ? value : 0
        }
      }
      return values
    }
    this.weights = [
      draw(learn.userCount, this.#byUser.start),
      draw(learn.itemCount, itemIsRated),
      memory.floats(biased ? learn.userCount : 0),
      memory.floats(biased ? learn.itemCount : 0),
      memory.floats(implicit ? learn.itemCount * size : 0),
    ]
  }

  pass(): number | null {
    if (this.#visited === 0) this.#begin()
    this.#squares += this.#options.implicit ? this.#visitUsers() : this.#visitRatings()
    // A sum that is no number stays so, and no checkpoint could hold it: the pass ends here.
    if (this.#visited < this.#learn.size && Number.isFinite(this.#squares)) return null
    const error = this.#unit * Math.sqrt(this.#squares / this.#learn.size)
    this.#epochs++
    this.#visited = 0
    this.#squares = 0
    return error
  }

  #begin(): void {
    if (this.#options.implicit) {
      const { start } = this.#byUser
      for (let user = 0; user + 1 < start.length; user++) this.#rng.shuffle(this.#order.subarray(start[user]!, start[user + 1]!))
    } else {
      this.#rng.shuffle(this.#order)
    }
    this.#layOut()
  }

  #layOut(): void {
    const { userIndex, itemIndex, rating } = this.#learn
    for (let at = 0; at < this.#order.length; at++) {
      const row = this.#order[at]!
      this.#userIds[at] = userIndex[row]!
      this.#itemIds[at] = itemIndex[row]!
      this.#ratings[at] = (rating[row]! - this.#mean) / this.#unit
    }
  }

  #problem(from: number, to: number) {
    const { size, lambda, learningRate, decay, biased } = this.#options
    const [users, items, userBias, itemBias] = this.weights
    return {
      size,
      users,
      items,
      userBias: biased ? userBias : null,
      itemBias: biased ? itemBias : null,
      itemIds: this.#itemIds.subarray(from, to),
      ratings: this.#ratings.subarray(from, to),
      mean: 0,
      learningRate: learningRate * decay ** this.#epochs,
      lambda,
    }
  }

  get #ratingsPerSlice(): number {
    return Math.ceil(WORK_PER_SLICE / this.#options.size)
  }

  #visitRatings(): number {
    const from = this.#visited
    this.#visited = Math.min(this.#learn.size, from + this.#ratingsPerSlice)
    const userIds = this.#userIds.subarray(from, this.#visited)
    return this.#executor.factorisation.mfEpoch({ ...this.#problem(from, this.#visited), userIds })
  }

  /** Whole users until the slice is full; the others stand in the problem without ratings. */
  #visitUsers(): number {
    const { start } = this.#byUser
    const from = this.#visited
    const to = start.find((at) => at >= Math.min(this.#learn.size, from + this.#ratingsPerSlice))!
    this.#visited = to
    const userStart = start.map((at) => Math.min(to, Math.max(from, at)) - from)
    return this.#executor.factorisation.svdppEpoch({ ...this.#problem(from, to), userStart, implicit: this.weights[4] })
  }

  check(): number {
    const predict = this.predictor(this.weights)
    const { size, userIndex, itemIndex, rating, scale } = this.#held
    let sum = 0
    for (let row = 0; row < size; row++) sum += squaredError(predict(userIndex[row]!, itemIndex[row]!), rating[row]!, scale)
    return Math.sqrt(sum / Math.max(1, size))
  }

  /** The expected rating by weights of this layout, learnt from these ratings. */
  predictor(weights: readonly Float32Array[]): (user: number, item: number) => number {
    const { size, biased, implicit } = this.#options
    const [, items, userBias, itemBias] = weights as typeof this.weights
    const users = implicit ? this.#withImplicit(weights) : weights[0]!
    return (user, item) => {
      let sum = biased ? userBias[user]! + itemBias[item]! : 0
      for (let i = 0; i < size; i++) sum += users[user * size + i]! * items[item * size + i]!
      return this.#mean + this.#unit * sum
    }
  }

  scorer(weights: readonly Float32Array[]): Scorer {
    const predict = this.predictor(weights)
    return {
      predictsRatings: true,
      score(userIndex, items, count, out) {
        for (let i = 0; i < count; i++) out[i] = predict(userIndex, items[i]!)
      },
    }
  }

  /** p_u + |N(u)|^(-1/2) sum of y_j. */
  #withImplicit(weights: readonly Float32Array[]): Float64Array {
    const { size } = this.#options
    const vectors = Float64Array.from(weights[0]!)
    const implicit = weights[4]!
    const { start, rows } = this.#byUser
    for (let user = 0; user + 1 < start.length; user++) {
      const norm = 1 / Math.sqrt(Math.max(1, start[user + 1]! - start[user]!))
      for (let at = start[user]!; at < start[user + 1]!; at++) {
        const y = this.#learn.itemIndex[rows[at]!]! * size
        for (let i = 0; i < size; i++) vectors[user * size + i]! += norm * implicit[y + i]!
      }
    }
    return vectors
  }

  save(): StateTree {
    return {
      epochs: this.#epochs,
      visited: this.#visited,
      squares: this.#squares,
      order: this.#order,
      rng: { ...this.#rng.save() },
      weights: Object.fromEntries(this.weights.map((values, i) => [String(i), values])),
    }
  }

  restore(saved: StateTree): void {
    this.#epochs = readNumber(saved, 'epochs')
    this.#visited = readNumber(saved, 'visited')
    this.#squares = readNumber(saved, 'squares')
    this.#order.set(readArray(saved, 'order', Int32Array))
    this.#rng.load(readTree(saved, 'rng'))
    const weights = readTree(saved, 'weights')
    this.weights.forEach((values, i) => values.set(readArray(weights, String(i), Float32Array)))
    if (this.#visited > 0) this.#layOut()
  }
}
