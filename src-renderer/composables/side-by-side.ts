import type { RecommendedItem } from '../../src-main/contract/dto/evaluation.ts'
import { csvText } from './table-text.ts'

/** A place in one list, and where the same item stands in the other. */
export interface PairedPlace extends RecommendedItem {
  /** Rank in the other list; null where it is not there. */
  readonly otherRank: number | null
  /** Ranks by which it stands higher here; null where the other list lacks it. */
  readonly gain: number | null
}

export interface SideBySide {
  readonly first: readonly PairedPlace[]
  readonly second: readonly PairedPlace[]
  /** Items that both lists hold. */
  readonly common: number
  /** Mean of the ratings that are known; null where none is. */
  readonly meanRatings: readonly [number | null, number | null]
}

export function sideBySide(first: readonly RecommendedItem[], second: readonly RecommendedItem[]): SideBySide {
  const paired = (own: readonly RecommendedItem[], other: readonly RecommendedItem[]) => {
    const rankOf = new Map(other.map((place) => [place.itemIndex, place.rank]))
    return own.map((place): PairedPlace => {
      const otherRank = rankOf.get(place.itemIndex) ?? null
      return { ...place, otherRank, gain: otherRank === null ? null : otherRank - place.rank }
    })
  }
  const left = paired(first, second)
  return {
    first: left,
    second: paired(second, first),
    common: left.filter((place) => place.otherRank !== null).length,
    meanRatings: [meanRating(first), meanRating(second)],
  }
}

function meanRating(list: readonly RecommendedItem[]): number | null {
  const known = list.flatMap((place) => (place.rating === null ? [] : [place.rating]))
  return known.length > 0 ? known.reduce((sum, rating) => sum + rating, 0) / known.length : null
}

/** "up 3", "down 2", "same place", "only here" */
export function gainText(gain: number | null): string {
  if (gain === null) return 'only here'
  if (gain === 0) return 'same place'
  return gain > 0 ? `up ${gain}` : `down ${-gain}`
}

/** Both lists, a row for each place of each run. */
export function listsCsv(
  names: readonly [string, string],
  userId: string,
  { first, second }: SideBySide,
  formulaGuard: boolean,
): string {
  const rows = [first, second].flatMap((list, at) =>
    list.map(({ rank, itemId, title, score, rating, otherRank }) => [
      userId,
      names[at]!,
      rank,
      itemId,
      title,
      score,
      rating,
      otherRank,
    ]),
  )
  return csvText(['user', 'run', 'rank', 'item', 'title', 'score', 'rating', 'rankInTheOther'], rows, formulaGuard)
}
