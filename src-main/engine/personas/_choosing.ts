import type { Rng } from '../core/rng.ts'
import type { PersonaGround } from './_persona.types.ts'

/** Favourites that a persona names, as a person would. */
const FAVOURITES = 5
/** A genre with fewer rated items is too small to love: some are favourites, and something must be left to be shown. */
const SMALLEST_GENRE = 10
/** One that holds a larger share of the loved genre's items is no opposite of it, where there is another. */
const LARGEST_OVERLAP = 0.2
/** One that holds a larger share of the rated items tells nothing. */
const LARGEST_SHARE = 0.6

/** The data set has no such viewer. The message says why, to whoever would choose it. */
export class NotHere extends Error {}

/**
 * Favourites: some of the best known of these items, by chance. Consumes one shuffle.
 *
 * @param known drawn among so many of the most rated
 * @param what the items are, for the message
 * @throws NotHere when there are fewer than five
 */
export function favouritesAmong(
  ground: PersonaGround,
  items: readonly number[],
  rng: Rng,
  { known, what }: { readonly known: number; readonly what: string },
): number[] {
  if (items.length < FAVOURITES) throw new NotHere(`It needs ${FAVOURITES} ${what}; the training ratings hold ${items.length}.`)
  return rng.shuffle(bestKnown(ground, items).slice(0, known)).slice(0, FAVOURITES)
}

/** The items with the most training ratings first; equal ones by index. */
export function bestKnown({ ratings }: PersonaGround, items: readonly number[]): number[] {
  return [...items].sort((a, b) => ratings[b]! - ratings[a]! || a - b)
}

/** Items with a training rating whose popularity and esteem lie in these stretches, ascending. */
export function itemsWithin(
  { itemCount, ratings, popularity, esteem }: PersonaGround,
  stretches: { readonly popularity?: readonly [number, number]; readonly esteem?: readonly [number, number] },
): number[] {
  const within = (value: number, stretch: readonly [number, number] | undefined) =>
    !stretch || (value >= stretch[0] && value < stretch[1])
  return Array.from({ length: itemCount }, (_, item) => item).filter(
    (item) => ratings[item]! > 0 && within(popularity[item]!, stretches.popularity) && within(esteem[item]!, stretches.esteem),
  )
}

/**
 * Genres that can be loved, in the order of their names: neither tiny nor nearly everything.
 *
 * @throws NotHere when the data set has no genres, or fewer than wanted
 */
export function lovableGenres({ genres, ratings }: PersonaGround, wanted: number): string[] {
  if (!genres) throw new NotHere('The items of this data set have no genres.')
  const rated = ratings.reduce((sum, count) => sum + Number(count > 0), 0)
  const found = [...genres].filter(([, { length }]) => length >= SMALLEST_GENRE && length <= LARGEST_SHARE * rated)
  if (found.length >= wanted) return found.map(([genre]) => genre)
  throw new NotHere(
    `It needs ${wanted} genres of ${SMALLEST_GENRE} rated items or more that are not nearly everything; this data set has ${found.length}.`,
  )
}

/**
 * A genre that is loved, and another that has little in common with it: of these one of the four with the most ratings, so that it is
 * sure to be shown. Consumes two draws.
 *
 * @throws NotHere
 */
export function opposedGenres(ground: PersonaGround, rng: Rng): readonly [loved: string, other: string] {
  const names = lovableGenres(ground, 2)
  const loved = names[rng.below(names.length)]!
  const itemsOf = (genre: string) => ground.genres!.get(genre)!
  const shared = (genre: string) => itemsOf(loved).filter((item) => ground.has(item, genre)).length
  const weight = (genre: string) => itemsOf(genre).reduce((sum, item) => sum + ground.ratings[item]!, 0)
  const others = names.filter((genre) => genre !== loved)
  const apart = others.filter((genre) => shared(genre) <= LARGEST_OVERLAP * itemsOf(loved).length)
  const heavy = (apart.length > 0 ? apart : others).sort((a, b) => weight(b) - weight(a) || (a < b ? -1 : 1))
  return [loved, heavy[rng.below(Math.min(4, heavy.length))]!]
}

/** "Drama, Horror and War" */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
