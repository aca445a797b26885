import type { Rng } from '../core/rng.ts'

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
