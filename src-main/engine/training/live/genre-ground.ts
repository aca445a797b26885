import type { GenreTestWish } from '../../../contract/dto/genre-test.ts'
import type { MetViewer } from '../../core/live-model.ts'
import { PalateError } from '../../../contract/errors.ts'
import { Rng } from '../../core/rng.ts'
import type { InteractionTable } from '../../data/interaction-table.ts'

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
  const itemsOf = itemsByGenre(train)
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

/** Items by genre, ascending; an item may be of several. @throws PalateError DATA_UNSUITABLE */
function itemsByGenre(train: InteractionTable): Map<string, number[]> {
  const field = train.features?.items.find(({ name }) => name === 'genres')
  if (!field) {
    throw new PalateError(
      'DATA_UNSUITABLE',
      'The items of this data set have no genres: nothing can be liked or disliked by genre. Choose a run on a data set with genres.',
      { reason: 'no genres' },
    )
  }
  const items = new Map<string, number[]>(field.values.map((genre) => [genre, []]))
  for (let item = 0; item < train.itemCount; item++)
    for (let at = field.start[item]!; at < field.start[item + 1]!; at++) items.get(field.values[field.ids[at]!]!)!.push(item)
  return items
}

function usersWithRatings({ userIndex, size }: InteractionTable): number[] {
  return [...new Set(userIndex.subarray(0, size))].sort((a, b) => a - b)
}

function ratingCounts({ itemIndex, itemCount, size }: InteractionTable): Int32Array {
  const counts = new Int32Array(itemCount)
  for (let row = 0; row < size; row++) counts[itemIndex[row]!]!++
  return counts
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
