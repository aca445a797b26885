import { Rng } from '../core/rng.ts'
import { groupRows, type Grouping } from '../data/by-user.ts'
import { isPositive, selectRows, type InteractionTable } from '../data/interaction-table.ts'
import { candidateSetsOf, type CandidateSets } from './candidate-sets.ts'

/** Both sides of a split, and the hash by which it is known. */
export interface Sides {
  readonly train: InteractionTable
  readonly test: InteractionTable
  readonly hash: string
}

/** How many items a user never rated stand beside the one that is looked for. */
export const SAMPLED_ITEMS = 99

/**
 * Every item of the data set that the user has not rated in training, for the users with a test item. The lists are made one
 * at a time: all of them together would be as large as the whole matrix.
 *
 * @param told test ratings whose items are no candidates either, apart from those of `test`
 */
export function fullCatalogueSets({ train, test }: Omit<Sides, 'hash'>, told?: InteractionTable): CandidateSets {
  const sets = candidateSetsOf(test)
  const known = (told ? [train, told] : [train]).map((side) => new RatedMarks(side, groupRows(side.userIndex, side.userCount)))
  const items = new Int32Array(train.itemCount)
  const fill = (c: number) => {
    const marks = known.map((side) => side.of(sets.users[c]!))
    let count = 0
    for (let item = 0; item < train.itemCount; item++) if (marks.every((rated) => !rated[item])) items[count++] = item
    return items.subarray(0, count)
  }
  const counts = Int32Array.from(sets.users, (user) => known.reduce((left, side) => left - side.countOf(user), train.itemCount))
  return { ...sets, pool: { counts, itemsOf: fill } }
}

/**
 * One relevant test item of each user, drawn at random, among 99 items that the user has rated on neither side (fewer where
 * there are not so many), as many papers score. Users without a relevant test item are left out.
 *
 * Consumes the stream "sampled/HASH" of seed 0, HASH being the split's: the candidates belong to the split, so that all models
 * and all runs on it see the same.
 */
export function sampledSets({ train, test, hash }: Sides): CandidateSets {
  const rng = Rng.stream(0, `sampled/${hash}`)
  const tested = groupRows(test.userIndex, test.userCount)
  const marks = [new RatedMarks(train, groupRows(train.userIndex, train.userCount)), new RatedMarks(test, tested)] as const
  const kept: number[] = []
  const lists: Int32Array[] = []
  for (let user = 0; user < test.userCount; user++) {
    const rows = tested.rows.subarray(tested.start[user]!, tested.start[user + 1]!)
    const relevant = rows.filter((row) => isPositive(test.rating[row]!, test.scale))
    if (relevant.length === 0) continue
    const row = relevant[rng.below(relevant.length)]!
    kept.push(row)
    const [inTrain, inTest] = [marks[0].of(user), marks[1].of(user)]
    const free = { count: test.itemCount - marks[0].countOf(user) - marks[1].countOf(user), total: test.itemCount }
    const others = drawItems(free, (item) => !inTrain[item] && !inTest[item], rng)
    lists.push(Int32Array.from([test.itemIndex[row]!, ...others]).sort())
  }
  const sets = candidateSetsOf(selectRows(test, Int32Array.from(kept)))
  return { ...sets, pool: { counts: Int32Array.from(lists, (list) => list.length), itemsOf: (c) => lists[c]! } }
}

/**
 * Up to 99 different items that `isFree` admits. Draws again where most are free, shuffles the free ones otherwise.
 * @param free how many items are free, of how many
 */
export function drawItems(free: { count: number; total: number }, isFree: (item: number) => boolean, rng: Rng): number[] {
  if (free.count < 2 * SAMPLED_ITEMS || free.count < free.total / 2) {
    const all = Array.from({ length: free.total }, (_, item) => item).filter(isFree)
    return rng.shuffle(all).slice(0, SAMPLED_ITEMS)
  }
  const drawn = new Set<number>()
  while (drawn.size < SAMPLED_ITEMS) {
    const item = rng.below(free.total)
    if (isFree(item)) drawn.add(item)
  }
  return [...drawn]
}

/** Which items a user has rated in a table: one array for all users, in which only the last user's marks are wiped. */
export class RatedMarks {
  readonly #table: InteractionTable
  readonly #byUser: Grouping
  readonly #marks: Uint8Array
  #present = -1
  #count = 0

  constructor(table: InteractionTable, byUser: Grouping) {
    this.#table = table
    this.#byUser = byUser
    this.#marks = new Uint8Array(table.itemCount)
  }

  /** @returns 1 by item index; valid until the next call */
  of(user: number): Uint8Array {
    if (user === this.#present) return this.#marks
    if (this.#present >= 0) this.#write(this.#present, 0)
    this.#count = 0
    this.#write(user, 1)
    this.#present = user
    return this.#marks
  }

  /** How many different items the user has rated; moves the marks to this user. */
  countOf(user: number): number {
    this.of(user)
    return this.#count
  }

  #write(user: number, mark: 0 | 1): void {
    const { start, rows } = this.#byUser
    for (let i = start[user]!; i < start[user + 1]!; i++) {
      const item = this.#table.itemIndex[rows[i]!]!
      if (this.#marks[item] === 0) this.#count++
      this.#marks[item] = mark
    }
  }
}
