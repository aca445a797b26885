import { solvePositiveDefinite } from '../core/linear-algebra.ts'
import { groupRows } from '../data/by-user.ts'
import type { InteractionTable } from '../data/interaction-table.ts'
import { FOLDS, tableOfFold, type Embedding } from './embedding.ts'

/** Base actions and scales for a residual actor, one row per table and user like `Embedding.users`. */
export interface LinearBase {
  /** [tables * userCount, width] */
  readonly actions: Float32Array
  /** [tables * userCount]: root mean square of the latent user coordinates. */
  readonly scales: Float32Array
}

/** Root mean square of the latent coordinates of a row of `Embedding.users`. */
function userScale(embedding: Embedding, row: number): number {
  let sum = 0
  for (let c = 0; c < embedding.latent; c++) sum += embedding.users[row * embedding.width + c]! ** 2
  return Math.sqrt(sum / embedding.latent)
}

/** The user vectors themselves as base: what a residual of nothing recommends is matrix factorisation. */
export function plainBase(embedding: Embedding): LinearBase {
  const rows = embedding.tables * embedding.userCount
  return { actions: embedding.users.slice(), scales: Float32Array.from({ length: rows }, (_, row) => userScale(embedding, row)) }
}

/**
 * a0 = u + W [1, u / rms(u)], with W by ridge regression of out-of-fold residuals (algorithms.md section 7): what a linear
 * map can still learn from the errors that the factorisation makes on ratings it has not seen.
 *
 * Residuals and features are centred per user and fold, since only the order within a user's candidates counts. Closed
 * form, no randomness. Yields the share done after each few users.
 *
 * @param learns whether a user's ratings may be used; held-out users' may not
 * @param ridge in pseudo-observations: the penalty on a weight relative to the mean square of its feature
 */
export function* fitLinearBase(
  train: InteractionTable,
  embedding: Embedding,
  learns: (user: number) => boolean,
  ridge: number,
): Generator<number, LinearBase> {
  const base = plainBase(embedding)
  const weights = yield* regress(train, embedding, base.scales, learns, ridge)
  const { width, latent } = embedding
  const inputs = latent + 1
  const x = new Float64Array(inputs)
  for (let row = 0; row < base.scales.length; row++) {
    userFeatures(embedding, row, base.scales[row]!, x)
    for (let out = 0; out < width; out++) {
      let sum = 0
      for (let i = 0; i < inputs; i++) sum += x[i]! * weights[i * width + out]!
      base.actions[row * width + out]! += sum
    }
  }
  return base
}

function userFeatures(embedding: Embedding, row: number, scale: number, x: Float64Array): void {
  x[0] = 1
  const factor = scale > 0 ? 1 / scale : 0
  for (let c = 0; c < embedding.latent; c++) x[c + 1] = embedding.users[row * embedding.width + c]! * factor
}

/**
 * The features of a rating are the products x_a(user) z_b(item). Within a user x is constant, so the user's part of the
 * normal matrix is the Kronecker product (x x') with (sum z z'), and one pass over ratings fills a width x width matrix.
 */
function* regress(
  train: InteractionTable,
  embedding: Embedding,
  scales: Float32Array,
  learns: (user: number) => boolean,
  ridge: number,
): Generator<number, Float64Array> {
  const { width, latent, userCount, foldOf } = embedding
  const inputs = latent + 1
  const n = inputs * width
  const normal = new Float64Array(n * n)
  const right = new Float64Array(n)
  const x = new Float64Array(inputs)
  const moments = new Moments(width)
  const grouping = groupRows(train.userIndex, train.userCount)
  let observations = 0
  for (let user = 0; user < userCount; user++) {
    if (user % 64 === 63) yield user / userCount
    if (!learns(user)) continue
    const rows = grouping.rows.subarray(grouping.start[user]!, grouping.start[user + 1]!)
    for (let fold = 0; fold < FOLDS; fold++) {
      const table = tableOfFold(embedding, fold)
      const userRow = table * userCount + user
      moments.clear()
      for (const row of rows) if (foldOf[row] === fold) addResidual(moments, train, embedding, table, userRow, row)
      if (moments.count < 2) continue
      moments.centre()
      observations += moments.count
      userFeatures(embedding, userRow, scales[userRow]!, x)
      for (let a = 0; a < inputs; a++) {
        for (let p = 0; p < width; p++) {
          const i = a * width + p
          right[i]! += x[a]! * moments.residual[p]!
          for (let b = 0; b <= a; b++) {
            const factor = x[a]! * x[b]!
            const start = i * n + b * width
            for (let q = 0; q < width; q++) normal[start + q]! += factor * moments.square[p * width + q]!
          }
        }
      }
    }
  }
  if (observations === 0) return right
  for (let i = 0; i < n; i++) normal[i * n + i]! += (ridge * normal[i * n + i]!) / observations + 1e-6
  solvePositiveDefinite(normal, right, n)
  return right
}

function addResidual(
  moments: Moments,
  train: InteractionTable,
  embedding: Embedding,
  table: number,
  userRow: number,
  row: number,
): void {
  const { width, items, users, itemCount } = embedding
  const itemAt = (table * (itemCount + 1) + train.itemIndex[row]!) * width
  let predicted = 0
  for (let c = 0; c < width; c++) predicted += items[itemAt + c]! * users[userRow * width + c]!
  moments.add(items, itemAt, train.rating[row]! - predicted)
}

/** Sums of item vectors, their products with each other and with residuals, for one user and fold. */
class Moments {
  readonly square: Float64Array
  readonly residual: Float64Array
  readonly #mean: Float64Array
  readonly #width: number
  #residualSum = 0
  count = 0

  constructor(width: number) {
    this.#width = width
    this.square = new Float64Array(width * width)
    this.residual = new Float64Array(width)
    this.#mean = new Float64Array(width)
  }

  clear(): void {
    this.square.fill(0)
    this.residual.fill(0)
    this.#mean.fill(0)
    this.#residualSum = 0
    this.count = 0
  }

  add(items: Float32Array, at: number, residual: number): void {
    const w = this.#width
    for (let p = 0; p < w; p++) {
      const value = items[at + p]!
      this.#mean[p]! += value
      this.residual[p]! += value * residual
      for (let q = 0; q < w; q++) this.square[p * w + q]! += value * items[at + q]!
    }
    this.#residualSum += residual
    this.count++
  }

  /** Turns sums of products into sums of products of deviations from the means. */
  centre(): void {
    const w = this.#width
    for (let p = 0; p < w; p++) {
      this.residual[p]! -= (this.#mean[p]! * this.#residualSum) / this.count
      for (let q = 0; q < w; q++) this.square[p * w + q]! -= (this.#mean[p]! * this.#mean[q]!) / this.count
    }
  }
}
