import type { GenreTestWish } from '../../../contract/dto/genre-test.ts'
import type { MetViewer } from '../../core/live-model.ts'
import { PalateError } from '../../../contract/errors.ts'
import { Rng } from '../../core/rng.ts'
import type { InteractionTable } from '../../data/interaction-table.ts'
import { itemsByGenre, ratingCounts } from '../../data/item-groups.ts'

/** Favourites of a newcomer. */
const FAVOURITES = 5
/** A newcomer's favourites are drawn among so many of the genre's most rated items: what people have heard of. */
const KNOWN = 50

/** Who answers in a test of genres, and what is of which genre. */
export interface GenreGround {
  has(item: number, genre: string): boolean
  viewer(genre: string, index: number): MetViewer
  /** Items of the genre that are never shown and nobody's favourite: half of it, drawn by chance. */
  withheld(genre: string): ReadonlySet<number>
}

/**
 * Consumes the streams "genre-test/users", "genre-test/favourites" and "genre-test/withheld" of the seed.
 * @throws PalateError DATA_UNSUITABLE (no genres, or fewer users than wanted), INPUT_INVALID (no such genre)
 */
export function genreGround(train: InteractionTable, { genres, viewers, question, count, seed }: GenreTestWish): GenreGround {
  const itemsOf = requireGenres(train)
  for (const genre of genres) if (!itemsOf.has(genre)) throw noSuchGenre(genre, [...itemsOf.keys()])
  const sets = new Map([...itemsOf].map(([genre, items]) => [genre, new Set(items)]))
  const withheld = new Map(
    genres.map((genre) => {
      const items = Rng.stream(seed, `genre-test/withheld/${genre}`).shuffle([...itemsOf.get(genre)!])
      return [genre, new Set(items.slice(0, Math.floor(items.length / 2)))]
    }),
  )
  const users = Rng.stream(seed, 'genre-test/users').shuffle(usersWithRatings(train))
  const guests = question === 'favourites' || viewers === 'guests'
  if (!guests && users.length < count) throw tooFewUsers(users.length, count)
  const counts = ratingCounts(train)
  const favourites = (genre: string, index: number) => {
    const hidden = withheld.get(genre)!
    const open = itemsOf.get(genre)!.filter((item) => question === 'dislikes' || !hidden.has(item))
    const known = open.sort((a, b) => counts[b]! - counts[a]! || a - b).slice(0, KNOWN)
    return Rng.stream(seed, `genre-test/favourites/${genre}/${index}`).shuffle(known).slice(0, FAVOURITES)
  }
  return {
    has: (item, genre) => sets.get(genre)!.has(item),
    viewer: (genre, index) =>
      guests ? { kind: 'guest', favourites: favourites(genre, index) } : { kind: 'user', userIndex: users[index]! },
    withheld: (genre) => withheld.get(genre)!,
  }
}

/** @throws PalateError DATA_UNSUITABLE */
function requireGenres(train: InteractionTable): Map<string, number[]> {
  const items = itemsByGenre(train)
  if (items) return items
  throw new PalateError(
    'DATA_UNSUITABLE',
    'The items of this data set have no genres: nothing can be liked or disliked by genre. Choose a run on a data set with genres.',
    { reason: 'no genres' },
  )
}

function usersWithRatings({ userIndex, size }: InteractionTable): number[] {
  return [...new Set(userIndex.subarray(0, size))].sort((a, b) => a - b)
}

function noSuchGenre(genre: string, genres: readonly string[]): PalateError {
  const message = `There is no genre "${genre}" in the data set. Choose among: ${genres.join(', ')}.`
  return new PalateError('INPUT_INVALID', message, { issues: [{ path: 'genres', message }] })
}

function tooFewUsers(there: number, wanted: number): PalateError {
  return new PalateError(
    'DATA_UNSUITABLE',
    `The data set has ${there} users with training ratings, ${wanted} are wanted. Ask for fewer, or for newcomers.`,
    { reason: `${there} users` },
  )
}
