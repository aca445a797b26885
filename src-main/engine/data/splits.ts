import { PalateError } from '../../contract/errors.ts'
import { hashColumns } from '../core/hash.ts'
import { Rng } from '../core/rng.ts'
import type { InteractionTable } from './interaction-table.ts'

/** Which rows train and which test. Rows are row numbers of the table, ascending. */
export interface Split {
  readonly text: string
  readonly trainRows: Int32Array
  readonly testRows: Int32Array
  /** Of both row lists: equal hashes, equal split. */
  readonly hash: string
}

export interface SplitSpec {
  readonly kind: 'random'
  /** Share of the ratings that trains, between 0 and 1. */
  readonly share: number
  readonly seed: number
}

/** @param text for instance `random:0.8` (its seed is then `defaultSeed`) or `random:0.8@7` */
export function parseSplit(text: string, defaultSeed: number): SplitSpec {
  const match = /^random:(0?\.\d+)(?:@(\d+))?$/.exec(text)
  const share = match ? Number(match[1]) : NaN
  if (!match || !(share > 0 && share < 1)) {
    throw new PalateError(
      'DATA_UNSUITABLE',
      `"${text}" is no split. Write random:SHARE or random:SHARE@SEED with a share between 0 and 1, for instance random:0.8 or random:0.8@7.`,
      { reason: 'split text' },
    )
  }
  return { kind: 'random', share, seed: match[2] === undefined ? defaultSeed : Number(match[2]) }
}

export function formatSplit(spec: SplitSpec): string {
  return `random:${spec.share}@${spec.seed}`
}

/**
 * Splits by rating, uniformly at random (mdrr-att section 5.3: 80 % train, 20 % evaluation).
 *
 * Consumes the stream "split" of the split's own seed, so that the same split serves any number of runs.
 * @throws PalateError DATA_UNSUITABLE when either side would be empty
 */
export function makeSplit(table: InteractionTable, spec: SplitSpec): Split {
  const trainSize = Math.round(table.size * spec.share)
  if (trainSize === 0 || trainSize === table.size) {
    throw new PalateError(
      'DATA_UNSUITABLE',
      `The data set has ${table.size} ratings: a split of ${spec.share} leaves one side empty. Import more data or choose another share.`,
      { reason: 'too few ratings for the split' },
    )
  }
  const order = Int32Array.from({ length: table.size }, (_, row) => row)
  Rng.stream(spec.seed, 'split').shuffle(order)
  const { trainRows, testRows } = inRowOrder(order, trainSize)
  return { text: formatSplit(spec), trainRows, testRows, hash: hashColumns([trainRows, testRows]) }
}

/** The first `trainSize` rows of `order` and the others, both ascending: one pass instead of two sorts. */
function inRowOrder(order: Int32Array, trainSize: number): { trainRows: Int32Array; testRows: Int32Array } {
  const trains = new Uint8Array(order.length)
  for (let at = 0; at < trainSize; at++) trains[order[at]!] = 1
  const trainRows = new Int32Array(trainSize)
  const testRows = new Int32Array(order.length - trainSize)
  let train = 0
  let test = 0
  for (let row = 0; row < order.length; row++) {
    if (trains[row]) trainRows[train++] = row
    else testRows[test++] = row
  }
  return { trainRows, testRows }
}

/**
 * Assigns every row to one of `folds` folds, per user and balanced: a user's ratings are spread evenly over the folds.
 *
 * @param userStart grouping of the rows by user
 * @returns fold number by row
 */
export function assignFolds(rows: Int32Array, userStart: Int32Array, folds: number, rng: Rng): Uint8Array {
  const foldOf = new Uint8Array(rows.length)
  for (let user = 0; user + 1 < userStart.length; user++) {
    const group = rows.slice(userStart[user]!, userStart[user + 1]!)
    rng.shuffle(group)
    const first = rng.below(folds)
    for (let i = 0; i < group.length; i++) foldOf[group[i]!] = (first + i) % folds
  }
  return foldOf
}
