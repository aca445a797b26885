import type { RatingScale } from '../../contract/dto/dataset.ts'
import { groupRows } from '../data/by-user.ts'
import { isPositive, type InteractionTable } from '../data/interaction-table.ts'

/**
 * The candidates of each evaluated user: items and their logged ratings from start[c] to start[c + 1], items ascending. A user
 * with several lists stands in `users` once for each of them, one after the other.
 */
export interface CandidateSets {
  readonly users: Int32Array
  readonly start: Int32Array
  readonly items: Int32Array
  readonly ratings: Float32Array
  readonly relevant: Int32Array
  readonly scale: RatingScale
  /** Where items without a rating are candidates as well; absent where the logged items are all. */
  readonly pool?: CandidatePool
  /** What the policy is told before it orders; absent where nothing is. */
  readonly told?: ToldFeedback
  /** True where lists are episodes with simulated users: ratings are answers, and nobody knows an ideal list. */
  readonly episodes?: boolean
}

/** Ratings that are told before the list of set c, from start[c] to start[c + 1], in that order. None of the items is a candidate. */
export interface ToldFeedback {
  readonly start: Int32Array
  readonly items: Int32Array
  readonly ratings: Float32Array
}

/** All candidates of each set, those with a logged rating among them. */
export interface CandidatePool {
  /** How many candidates set c has. */
  readonly counts: Int32Array
  /** The candidates of set c, ascending. The array may be the pool's own, until the next call. */
  itemsOf(c: number): Int32Array
}

export function candidateCount(sets: CandidateSets, c: number): number {
  return sets.pool ? sets.pool.counts[c]! : sets.start[c + 1]! - sets.start[c]!
}

/** Ascending; the array is not the caller's to change or to keep. */
export function candidatesOf(sets: CandidateSets, c: number): Int32Array {
  return sets.pool ? sets.pool.itemsOf(c) : sets.items.subarray(sets.start[c]!, sets.start[c + 1]!)
}

/** The logged rating of a candidate of set c; NaN where there is none. Binary search among the rated ones. */
export function ratingOf(sets: CandidateSets, c: number, item: number): number {
  let low = sets.start[c]!
  let high = sets.start[c + 1]!
  while (low < high) {
    const middle = (low + high) >> 1
    if (sets.items[middle]! < item) low = middle + 1
    else high = middle
  }
  return low < sets.start[c + 1]! && sets.items[low] === item ? sets.ratings[low]! : NaN
}

/**
 * The users' own test items, one set per user with at least one, in order of user index. Within a set items stand in
 * ascending index, an order that knows nothing of the ratings, so that a tie cannot favour anyone.
 */
export function candidateSetsOf(test: InteractionTable): CandidateSets {
  const grouping = groupRows(test.userIndex, test.userCount)
  const users: number[] = []
  const start = [0]
  const items = new Int32Array(test.size)
  const ratings = new Float32Array(test.size)
  const relevant: number[] = []
  let at = 0
  for (let user = 0; user < test.userCount; user++) {
    const rows = grouping.rows.slice(grouping.start[user]!, grouping.start[user + 1]!)
    if (rows.length === 0) continue
    rows.sort((a, b) => test.itemIndex[a]! - test.itemIndex[b]!)
    let positives = 0
    for (const row of rows) {
      items[at] = test.itemIndex[row]!
      ratings[at] = test.rating[row]!
      if (isPositive(ratings[at]!, test.scale)) positives++
      at++
    }
    users.push(user)
    start.push(at)
    relevant.push(positives)
  }
  return {
    users: Int32Array.from(users),
    start: Int32Array.from(start),
    items,
    ratings,
    relevant: Int32Array.from(relevant),
    scale: test.scale,
  }
}
