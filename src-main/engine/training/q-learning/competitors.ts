import type { RatingScale } from '../../../contract/dto/dataset.ts'
import { isNegative, isPositive, type InteractionTable } from '../../data/interaction-table.ts'
import { NO_ITEM } from '../actor-critic/feedback-lists.ts'
import type { TrainingEpisodes } from '../actor-critic/environment.ts'

/**
 * The competitor of every training rating, in one number: item + 1 where the rating itself is the positive one, -(item + 1)
 * where it is the negative one, 0 where it has none.
 */
type Competitor = number

/** An item and what somebody said of it, on the data set's scale. */
interface RatedItem {
  readonly item: number
  readonly rating: number
}

/** Item index, or NO_ITEM. */
export const competitorItem = (competitor: Competitor): number => (competitor === 0 ? NO_ITEM : Math.abs(competitor) - 1)

/** sgn(r_a - r_E): 1 where the item was liked and the competitor disliked, -1 the other way round, 0 without a competitor. */
export const competitorSign = (competitor: Competitor): number => Math.sign(competitor)

/** By item the position of its first genre, -1 without one; null where the data set has no genres. */
export function categoriesOf(train: InteractionTable): Int32Array | null {
  const genres = train.features?.items.find((field) => field.name === 'genres')
  if (!genres) return null
  const { start, ids } = genres
  return Int32Array.from({ length: train.itemCount }, (_, item) => (start[item]! < start[item + 1]! ? ids[start[item]!]! : -1))
}

/**
 * Competitors by training row (DEERS as algorithms.md section 5 reads it): the user's rating of an item of the same category
 * (its first genre) with the opposite kind of feedback that is closest in time, the earlier one of two as close. Both are
 * among the ratings of one fold, which an episode offers together: no vector was fitted on either.
 *
 * @returns null where no item has a genre
 */
export function competitorsOf(episodes: TrainingEpisodes): Int32Array | null {
  const { train, byUser, embedding } = episodes
  const categories = categoriesOf(train)
  if (!categories) return null
  const competitors = new Int32Array(train.size)
  for (let user = 0; user < train.userCount; user++) {
    const rows = [...byUser.rows.subarray(byUser.start[user]!, byUser.start[user + 1]!)]
    const groups = Map.groupBy(
      rows.filter((row) => categories[train.itemIndex[row]!]! >= 0),
      (row) => `${embedding.foldOf[row]!} ${categories[train.itemIndex[row]!]!}`,
    )
    for (const group of groups.values()) pairUp(train, group, competitors)
  }
  return competitors
}

/** @param rows of one user, fold and category, in time order: what is closest is the last one before or the first one after */
function pairUp(train: InteractionTable, rows: readonly number[], competitors: Int32Array): void {
  const kinds: number[] = rows.map((row) => kindOf(train.rating[row]!, train.scale))
  for (const [at, row] of rows.entries()) {
    const kind = kinds[at]!
    if (kind === 0) continue
    const before = kinds.lastIndexOf(-kind, at)
    const after = kinds.indexOf(-kind, at)
    const away = (other: number) => (other < 0 ? Infinity : Math.abs(train.time[rows[other]!]! - train.time[row]!))
    const closest = away(before) <= away(after) ? before : after
    if (closest >= 0) competitors[row] = kind * (train.itemIndex[rows[closest]!]! + 1)
  }
}

function kindOf(rating: number, scale: RatingScale): -1 | 0 | 1 {
  if (isPositive(rating, scale)) return 1
  return isNegative(rating, scale) ? -1 : 0
}

/**
 * The competitor of a rating that was given just now: the latest rating before it of an item of the same category with the
 * opposite kind of feedback.
 * @param earlier in the order in which they were given
 */
export function competitorNow(
  categories: Int32Array,
  scale: RatingScale,
  { item, rating }: RatedItem,
  earlier: readonly RatedItem[],
): number {
  const kind = kindOf(rating, scale)
  if (kind === 0 || categories[item]! < 0) return 0
  const other = earlier.findLast((one) => categories[one.item] === categories[item] && kindOf(one.rating, scale) === -kind)
  return other ? kind * (other.item + 1) : 0
}
