import type { ToldRatings } from '../core/protocol.ts'
import { Rng } from '../core/rng.ts'
import { groupByUserInTime, groupRows } from '../data/by-user.ts'
import { isPositive, selectRows, type InteractionTable } from '../data/interaction-table.ts'
import { drawItems, type Sides } from './candidate-pools.ts'
import type { CandidateSets, ToldFeedback } from './candidate-sets.ts'

/** The test side of a protocol that tells some of it. Users without enough of it are in neither part. */
export interface ToldAndLeft {
  /** In the order in which it is told: users ascending, then time. */
  readonly told: InteractionTable
  /** What is left to be judged. */
  readonly left: InteractionTable
  readonly feedback: ToldFeedback
}

/** Takes the told ratings out of the test side, so that none of them can be recommended or judged. */
export function takeTold(test: InteractionTable, { items, liked, leastLeft }: ToldRatings): ToldAndLeft {
  const byUser = groupByUserInTime(test)
  const told: number[] = []
  const left: number[] = []
  const start = [0]
  for (let user = 0; user < test.userCount; user++) {
    const rows = [...byUser.rows.subarray(byUser.start[user]!, byUser.start[user + 1]!)]
    const first = rows.filter((row) => !liked || isPositive(test.rating[row]!, test.scale)).slice(0, items)
    if (first.length < items || rows.length - items < leastLeft) continue
    told.push(...first)
    left.push(...rows.filter((row) => !first.includes(row)))
    start.push(told.length)
  }
  const toldTable = selectRows(test, Int32Array.from(told))
  const feedback = { start: Int32Array.from(start), items: toldTable.itemIndex, ratings: toldTable.rating }
  return { told: toldTable, left: selectRows(test, Int32Array.from(left)), feedback }
}

/** Lists that are drawn before others get a turn. */
const LISTS_AT_ONCE = 5000

/**
 * A list for each liked test item of each user: the item among up to 99 different ones that are no liked test items of the user.
 * What the user has rated in training may be among them: that is the convention.
 *
 * Consumes the stream "liked-samples/HASH" of seed 0, HASH being the split's, so that all models and runs on it see the same.
 * Yields after some thousand lists.
 */
export function* likedSampleSets({ test, hash }: Sides): Generator<void, CandidateSets> {
  const rng = Rng.stream(0, `liked-samples/${hash}`)
  const liked = selectRows(
    test,
    Int32Array.from(test.rating.keys()).filter((row) => isPositive(test.rating[row]!, test.scale)),
  )
  const byUser = groupRows(liked.userIndex, liked.userCount)
  const lists: Int32Array[] = []
  const isLiked = new Uint8Array(test.itemCount)
  for (let user = 0; user < liked.userCount; user++) {
    const own = byUser.rows.subarray(byUser.start[user]!, byUser.start[user + 1]!)
    own.sort((a, b) => liked.itemIndex[a]! - liked.itemIndex[b]!)
    for (const row of own) isLiked[liked.itemIndex[row]!] = 1
    const free = { count: test.itemCount - own.length, total: test.itemCount }
    for (const row of own) {
      const others = drawItems(free, (item) => !isLiked[item], rng)
      lists.push(Int32Array.from([liked.itemIndex[row]!, ...others]).sort())
      if (lists.length % LISTS_AT_ONCE === 0) yield
    }
    for (const row of own) isLiked[liked.itemIndex[row]!] = 0
  }
  return {
    users: Int32Array.from(byUser.rows, (row) => liked.userIndex[row]!),
    start: Int32Array.from({ length: liked.size + 1 }, (_, at) => at),
    items: Int32Array.from(byUser.rows, (row) => liked.itemIndex[row]!),
    ratings: Float32Array.from(byUser.rows, (row) => liked.rating[row]!),
    relevant: new Int32Array(liked.size).fill(1),
    scale: test.scale,
    pool: { counts: Int32Array.from(lists, (list) => list.length), itemsOf: (c) => lists[c]! },
  }
}
