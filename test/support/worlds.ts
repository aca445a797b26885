import type { RatingScale } from '../../src-main/contract/dto/dataset.ts'
import type { PalateError } from '../../src-main/contract/errors.ts'
import { Rng } from '../../src-main/engine/core/rng.ts'
import type { InteractionTable } from '../../src-main/engine/data/interaction-table.ts'

export const fiveStars: RatingScale = { min: 1, max: 5, positiveFrom: 4, negativeTo: 2 }

/** [userIndex, itemIndex, rating, time]; without a time the row number. */
export type Row = readonly [user: number, item: number, rating: number, time?: number]

/** A table of rows written by hand. Counts of users and items follow from the rows unless given. */
export function tableOf(
  rows: readonly Row[],
  { scale = fiveStars, users = 0, items = 0 }: { scale?: RatingScale; users?: number; items?: number } = {},
): InteractionTable {
  return {
    size: rows.length,
    userCount: Math.max(users, ...rows.map(([user]) => user + 1)),
    itemCount: Math.max(items, ...rows.map(([, item]) => item + 1)),
    userIndex: Int32Array.from(rows, ([user]) => user),
    itemIndex: Int32Array.from(rows, ([, item]) => item),
    rating: Float32Array.from(rows, ([, , rating]) => rating),
    time: Float64Array.from(rows, ([, , , time], row) => time ?? row),
    timeKind: 'unix-seconds',
    scale,
  }
}

export function rowsOf(table: InteractionTable): Row[] {
  return Array.from(table.rating, (rating, row) => [table.userIndex[row]!, table.itemIndex[row]!, rating, table.time[row]!])
}

interface WorldSize {
  readonly users: number
  readonly items: number
  /** Different items that each user rates. */
  readonly perUser: number
  readonly seed?: number
}

/** Each user rates `perUser` different items, drawn at random, as `rate` says. */
export function worldOf({ users, items, perUser, seed = 1 }: WorldSize, rate: (user: number, item: number) => number) {
  const rng = Rng.stream(seed, 'world')
  const rows: Row[] = []
  for (let user = 0; user < users; user++) {
    const order = rng.shuffle(Int32Array.from({ length: items }, (_, item) => item))
    for (let i = 0; i < perUser; i++) rows.push([user, order[i]!, rate(user, order[i]!)])
  }
  return tableOf(rows, { users, items })
}

/** Users like the items of their own parity (5 stars) and dislike the others (1 star): only a personal model can tell. */
export function checkerboard(size: WorldSize): InteractionTable {
  return worldOf(size, (user, item) => (user % 2 === item % 2 ? 5 : 1))
}

/** Ratings are 3 + p_u . q_i exactly, of rank `rank`, kept within the scale; no noise unless asked for. */
export function plantedWorld(size: WorldSize & { rank: number; noise?: number }): InteractionTable {
  const rng = Rng.stream(size.seed ?? 1, 'planted')
  const draw = (count: number) => Float64Array.from({ length: count * size.rank }, () => rng.normal() * 0.75)
  const p = draw(size.users)
  const q = draw(size.items)
  return worldOf(size, (user, item) => {
    let rating = 3 + (size.noise ?? 0) * rng.normal()
    for (let c = 0; c < size.rank; c++) rating += p[user * size.rank + c]! * q[item * size.rank + c]!
    return Math.min(5, Math.max(1, rating))
  })
}

/** Whole-star ratings with personal taste, item quality and noise: a small stand-in for a real data set. */
export function starWorld(size: WorldSize): InteractionTable {
  const planted = plantedWorld({ ...size, rank: 2, noise: 0.4 })
  return { ...planted, rating: planted.rating.map(Math.round) }
}

/** Runs a generator to its end. */
export function drain<T>(source: Generator<unknown, T>): T {
  for (let next = source.next(); ; next = source.next()) if (next.done) return next.value
}

/** What `work` throws; fails when it throws nothing. */
export function errorOf(work: () => unknown): PalateError {
  try {
    work()
  } catch (error) {
    return error as PalateError
  }
  throw new Error('Nothing was thrown.')
}

/** Chi-square statistic of counts against expected counts. */
export function chiSquare(counts: ArrayLike<number>, expected: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < counts.length; i++) sum += (counts[i]! - expected[i]!) ** 2 / expected[i]!
  return sum
}
