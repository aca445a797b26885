import type { InteractionTable } from '../data/interaction-table.ts'
import { itemsByGenre, ratingCounts } from '../data/item-groups.ts'
import type { PersonaGround } from './_persona.types.ts'

/** Ratings at the mean of all that an item's own are joined by before items are compared. */
const PRIOR = 5

/** @param train the training side of a split; nothing else is looked at. No randomness. */
export function personaGround(train: InteractionTable): PersonaGround {
  const ratings = ratingCounts(train)
  const isRated = (item: number) => ratings[item]! > 0
  const genres = itemsByGenre(train)
  const sets = new Map([...(genres ?? [])].map(([genre, items]) => [genre, new Set(items)]))
  const rated = [...(genres ?? [])].map(([genre, items]) => [genre, items.filter(isRated)] as const)
  return {
    itemCount: train.itemCount,
    ratings,
    popularity: sharesBelow(Float64Array.from(ratings)),
    esteem: esteemOf(train, ratings),
    genres: genres && new Map(rated.sort(([a], [b]) => (a < b ? -1 : 1))),
    has: (item, genre) => sets.get(genre)?.has(item) ?? false,
  }
}

/** Where all ratings are alike (clicks, for instance) no item is thought better of than another: then there is none at all. */
function esteemOf(train: InteractionTable, counts: Int32Array): Float64Array {
  const alike = train.rating.subarray(0, train.size).every((rating) => rating === train.rating[0])
  return alike ? new Float64Array(counts.length).fill(NaN) : sharesBelow(drawnMeans(train, counts))
}

/** NaN where there is no rating. */
function drawnMeans({ itemIndex, rating, size }: InteractionTable, counts: Int32Array): Float64Array {
  const sums = new Float64Array(counts.length)
  let total = 0
  for (let row = 0; row < size; row++) {
    sums[itemIndex[row]!]! += rating[row]!
    total += rating[row]!
  }
  const mean = total / Math.max(1, size)
  return sums.map((sum, item) => (counts[item] === 0 ? NaN : (sum + PRIOR * mean) / (counts[item]! + PRIOR)))
}

/** For each value the share of the values that are lower; NaN stays, and counts for nothing. */
function sharesBelow(values: Float64Array): Float64Array {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort()
  const lower = new Map<number, number>()
  sorted.forEach((value, at) => {
    if (!lower.has(value)) lower.set(value, at)
  })
  return values.map((value) => (Number.isNaN(value) ? NaN : lower.get(value)! / sorted.length))
}
