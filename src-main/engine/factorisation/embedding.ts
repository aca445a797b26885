import { PalateError } from '../../contract/errors.ts'
import type { EmbeddingOptions } from '../core/actor-critic-recipe.ts'
import { orthogonalAlignment, rotateRows } from '../core/linear-algebra.ts'
import { Rng } from '../core/rng.ts'
import { readArray, readNumber, type StateTree } from '../core/state-codec.ts'
import { groupRows } from '../data/by-user.ts'
import { selectRows, type InteractionTable } from '../data/interaction-table.ts'
import { assignFolds } from '../data/folds.ts'
import { AlsFit, rmse, type Factorisation } from './als.ts'

/** How many folds a user's training ratings are dealt into: an episode offers one, its history is the other four. */
export const FOLDS = 5

/**
 * User and item vectors for policies. Table 0 is fitted on the whole training side and acts in evaluation; tables 1 to
 * FOLDS (if there are fold embeddings) are each fitted without one fold and act in the episodes that offer that fold.
 */
export interface Embedding {
  /** Coordinates of a vector: latent ones, then the item bias and the popularity coordinate if asked for. */
  readonly width: number
  readonly latent: number
  readonly tables: number
  readonly userCount: number
  readonly itemCount: number
  /** [tables * (itemCount + 1), width]; the last row of each table is zeros: "no item". */
  readonly items: Float32Array
  /** [tables * userCount, width] */
  readonly users: Float32Array
  /** Fold of each training row, 0 to FOLDS - 1. */
  readonly foldOf: Uint8Array
  /** RMSE per epoch of the reference table on the ratings it is fitted on. */
  readonly lossCurve: Float64Array
  /** RMSE on a tenth of the training ratings, of a factorisation fitted on the other nine. */
  readonly validationRmse: number
  /** RMSE of the fold tables on their own folds; NaN without fold embeddings. */
  readonly crossFitRmse: number
}

/** The table from which the episodes of a fold take their vectors. */
export function tableOfFold(embedding: Embedding, fold: number): number {
  return embedding.tables > 1 ? fold + 1 : 0
}

/**
 * Fits an embedding; yields the share done after each slice of work.
 *
 * Randomness: streams "embedding/…" of the seed. Fold tables start from random numbers of their own (a warm start would
 * remember the fold) and are rotated onto the reference by an orthogonal map of the item factors.
 *
 * @throws PalateError DATA_UNSUITABLE if predictions for left-out folds are better than those for left-out tenths:
 *   then a fold has leaked into its own table
 */
export function* fitEmbedding(train: InteractionTable, options: EmbeddingOptions, seed: number): Generator<number, Embedding> {
  const tables = options.foldEmbeddings ? FOLDS + 1 : 1
  const restarts = options.restarts ?? 1
  const fits = (tables + 1) * restarts
  let fitted = 0
  const biased = options.bias === 'item'
  const run = function* (table: InteractionTable, stream: string): Generator<number, { model: Factorisation; losses: number[] }> {
    const members: { model: Factorisation; losses: number[] }[] = []
    for (let member = 0; member < restarts; member++) {
      members.push(yield* runOnce(table, member === 0 ? stream : `${stream}/${member}`))
    }
    return members.length === 1
      ? members[0]!
      : { model: meanModel(members.map(({ model }) => model)), losses: meanLosses(members) }
  }
  const runOnce = function* (
    table: InteractionTable,
    stream: string,
  ): Generator<number, { model: Factorisation; losses: number[] }> {
    const fit = new AlsFit(
      table,
      { size: options.size, lambda: options.lambda, epochs: options.epochs, biased },
      Rng.stream(seed, stream),
    )
    const losses: number[] = []
    while (!fit.finished) {
      const loss = fit.advance()
      if (loss !== null) losses.push(loss)
      yield (fitted + losses.length / options.epochs) / fits
    }
    fitted++
    return { model: fit.result, losses }
  }
  const reference = yield* run(train, 'embedding/reference')
  const grouping = groupRows(train.userIndex, train.userCount)
  const foldOf = assignFolds(grouping.rows, grouping.start, FOLDS, Rng.stream(seed, 'embedding/folds'))

  const tenth = Rng.stream(seed, 'embedding/validation')
  const held = Uint8Array.from({ length: train.size }, () => (tenth.below(10) === 0 ? 1 : 0))
  const { model: validated } = yield* run(
    rowsWhere(train, (row) => held[row] === 0),
    'embedding/validation-fit',
  )
  const validationRmse = rmse(
    validated,
    rowsWhere(train, (row) => held[row] === 1),
  )

  const models = [reference.model]
  let squares = 0
  for (let fold = 0; fold + 1 < tables; fold++) {
    const { model } = yield* run(
      rowsWhere(train, (row) => foldOf[row] !== fold),
      `embedding/fold-${fold}`,
    )
    const inside = rowsWhere(train, (row) => foldOf[row] === fold)
    squares += rmse(model, inside) ** 2 * inside.size
    const rotation = orthogonalAlignment(model.itemFactors, reference.model.itemFactors, model.itemCount, model.size)
    rotateRows(model.itemFactors, rotation, model.itemCount, model.size)
    rotateRows(model.userFactors, rotation, model.userCount, model.size)
    models.push(model)
  }
  const crossFitRmse = tables > 1 ? Math.sqrt(squares / train.size) : NaN
  assertNoLeak(crossFitRmse, validationRmse, train.size)
  const lossCurve = Float64Array.from(reference.losses)
  return { ...layOut(models, train, foldOf, options), foldOf, lossCurve, validationRmse, crossFitRmse }
}

/**
 * Sampling noise allows cross-fit predictions to look slightly better than those fitted on more data; a leak is far below.
 * @param size number of training ratings; @throws PalateError DATA_UNSUITABLE
 */
export function assertNoLeak(crossFitRmse: number, validationRmse: number, size: number): void {
  // Relative to the error itself: rating scales differ in size.
  const noise = validationRmse * (0.01 + 2 / Math.sqrt(Math.max(1, size / 10)))
  if (Number.isNaN(crossFitRmse) || crossFitRmse >= validationRmse - noise) return
  throw new PalateError(
    'DATA_UNSUITABLE',
    `The fold embeddings know their own folds: they predict them with an error of ${crossFitRmse.toFixed(4)}, below the ${validationRmse.toFixed(4)} on held-out ratings. ` +
      'Remove duplicate ratings from the data set, or train without fold embeddings.',
    { reason: 'leak between folds' },
  )
}

/**
 * The factorisation that predicts the mean of what some predict: their coordinates side by side, the users' divided by their
 * number. What a single one finds by its random numbers alone is averaged away.
 */
function meanModel(models: readonly Factorisation[]): Factorisation {
  const [first] = models
  const { userCount, itemCount } = first!
  const size = models.reduce((sum, model) => sum + model.size, 0)
  const beside = (rows: number, factors: (model: Factorisation) => Float64Array, share: number): Float64Array => {
    const all = new Float64Array(rows * size)
    let from = 0
    for (const model of models) {
      for (let row = 0; row < rows; row++) {
        for (let c = 0; c < model.size; c++) all[row * size + from + c] = share * factors(model)[row * model.size + c]!
      }
      from += model.size
    }
    return all
  }
  const mean = (bias: (model: Factorisation) => Float64Array) =>
    bias(first!).map((_, at) => models.reduce((sum, model) => sum + bias(model)[at]!, 0) / models.length)
  return {
    ...first!,
    size,
    userFactors: beside(userCount, (model) => model.userFactors, 1 / models.length),
    itemFactors: beside(itemCount, (model) => model.itemFactors, 1),
    userBias: mean((model) => model.userBias),
    itemBias: mean((model) => model.itemBias),
  }
}

function meanLosses(members: readonly { readonly losses: readonly number[] }[]): number[] {
  return members[0]!.losses.map((_, epoch) => members.reduce((sum, { losses }) => sum + losses[epoch]!, 0) / members.length)
}

function rowsWhere(table: InteractionTable, keep: (row: number) => boolean): InteractionTable {
  const rows: number[] = []
  for (let row = 0; row < table.size; row++) if (keep(row)) rows.push(row)
  return selectRows(table, Int32Array.from(rows))
}

/** Coordinates of a vector that is fitted with these options. */
export function widthOfEmbedding({ size, restarts = 1, bias, popularity }: EmbeddingOptions): number {
  return size * restarts + (bias === 'item' ? 1 : 0) + (popularity ? 1 : 0)
}

function layOut(models: readonly Factorisation[], train: InteractionTable, foldOf: Uint8Array, options: EmbeddingOptions) {
  const { size, userCount, itemCount } = models[0]!
  const biasAt = options.bias === 'item' ? size : -1
  const popularityAt = options.popularity ? size + (biasAt < 0 ? 0 : 1) : -1
  const width = widthOfEmbedding(options)
  const items = new Float32Array(models.length * (itemCount + 1) * width)
  const users = new Float32Array(models.length * userCount * width)
  models.forEach((model, table) => {
    const popularity = popularityAt < 0 ? undefined : popularityOf(train, (row) => table === 0 || foldOf[row] !== table - 1)
    for (let item = 0; item < itemCount; item++) {
      const at = (table * (itemCount + 1) + item) * width
      for (let c = 0; c < size; c++) items[at + c] = model.itemFactors[item * size + c]!
      if (biasAt >= 0) items[at + biasAt] = model.itemBias[item]!
      if (popularity) items[at + popularityAt] = popularity[item]!
    }
    for (let user = 0; user < userCount; user++) {
      const at = (table * userCount + user) * width
      for (let c = 0; c < size; c++) users[at + c] = model.userFactors[user * size + c]!
      if (biasAt >= 0) users[at + biasAt] = 1
    }
  })
  return { width, latent: size, tables: models.length, userCount, itemCount, items, users }
}

/** log(1 + count), standardised over the items and scaled to a quarter, the size of a typical factor. */
function popularityOf(train: InteractionTable, counts: (row: number) => boolean): Float64Array {
  const values = new Float64Array(train.itemCount)
  for (let row = 0; row < train.size; row++) if (counts(row)) values[train.itemIndex[row]!]!++
  let sum = 0
  let squares = 0
  for (let item = 0; item < values.length; item++) {
    const value = Math.log1p(values[item]!)
    values[item] = value
    sum += value
    squares += value * value
  }
  const mean = sum / values.length
  const deviation = Math.sqrt(Math.max(0, squares / values.length - mean * mean)) || 1
  return values.map((value) => (0.25 * (value - mean)) / deviation)
}

export function saveEmbedding(embedding: Embedding): StateTree {
  const { crossFitRmse, ...rest } = embedding
  return { ...rest, crossFitRmse: Number.isNaN(crossFitRmse) ? -1 : crossFitRmse }
}

/** @throws PalateError CHECKPOINT_UNUSABLE when something is missing */
export function restoreEmbedding(saved: StateTree): Embedding {
  const number = (name: string) => readNumber(saved, name)
  return {
    width: number('width'),
    latent: number('latent'),
    tables: number('tables'),
    userCount: number('userCount'),
    itemCount: number('itemCount'),
    items: readArray(saved, 'items', Float32Array),
    users: readArray(saved, 'users', Float32Array),
    foldOf: readArray(saved, 'foldOf', Uint8Array),
    lossCurve: readArray(saved, 'lossCurve', Float64Array),
    validationRmse: number('validationRmse'),
    crossFitRmse: number('crossFitRmse') < 0 ? NaN : number('crossFitRmse'),
  }
}
