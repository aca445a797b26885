import type { InteractionTable } from '../interaction-table.ts'

export interface GenreMean {
  /** Empty for items without any. */
  readonly genre: string
  /** Items of the catalogue, rated or not. */
  readonly items: number
  readonly ratings: number
  /** null without ratings. */
  readonly mean: number | null
  /** The ends of a 95 % interval of the mean; null below two rated items. */
  readonly low: number | null
  readonly high: number | null
}

const Z95 = 1.96

/**
 * The mean rating per genre, most rated first. An item of several genres counts in each.
 *
 * Ratings of one item are alike, so that items are what is sampled: the interval is the cluster-robust one over items
 * (for a ratio of sums, with G / (G - 1)). Intervals over ratings would be many times too narrow.
 *
 * @param genresOf the genres of each item, by itemIndex
 * @returns nothing when no item has a genre
 */
export function genreMeans(table: InteractionTable, genresOf: readonly (readonly string[])[]): GenreMean[] {
  if (genresOf.every((genres) => genres.length === 0)) return []
  const counts = new Int32Array(table.itemCount)
  const sums = new Float64Array(table.itemCount)
  for (let row = 0; row < table.size; row++) {
    const item = table.itemIndex[row]!
    counts[item]!++
    sums[item]! += table.rating[row]!
  }
  const members = new Map<string, number[]>()
  genresOf.forEach((genres, item) => {
    for (const genre of genres.length > 0 ? new Set(genres) : ['']) {
      const list = members.get(genre)
      if (list) list.push(item)
      else members.set(genre, [item])
    }
  })
  return [...members]
    .map(([genre, items]) => meanOver(genre, items, counts, sums))
    .sort((a, b) => b.ratings - a.ratings || (a.genre < b.genre ? -1 : 1))
}

function meanOver(genre: string, items: readonly number[], counts: Int32Array, sums: Float64Array): GenreMean {
  let ratings = 0
  let sum = 0
  let rated = 0
  for (const item of items) {
    ratings += counts[item]!
    sum += sums[item]!
    if (counts[item]! > 0) rated++
  }
  if (ratings === 0) return { genre, items: items.length, ratings, mean: null, low: null, high: null }
  const mean = sum / ratings
  if (rated < 2) return { genre, items: items.length, ratings, mean, low: null, high: null }
  let squares = 0
  for (const item of items) squares += (sums[item]! - counts[item]! * mean) ** 2
  const half = (Z95 * Math.sqrt((squares * rated) / (rated - 1))) / ratings
  return { genre, items: items.length, ratings, mean, low: mean - half, high: mean + half }
}
