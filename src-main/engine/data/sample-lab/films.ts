import type { Rng } from '../../core/rng.ts'
import type { DatasetItem } from '../reading/dataset-content.ts'
import { ADJECTIVES, GENRES, NOUNS, PLACES } from './words.ts'

const FIRST_YEAR = 1962
const LAST_YEAR = 2015

/** A film as its viewers will judge it; `taste` has as many coordinates as the users' tastes. */
export interface Film {
  readonly item: DatasetItem
  readonly taste: Float64Array
  /** How much better than the average film it is for everybody, in stars. */
  readonly quality: number
  /** How well known it is: a weight, long-tailed. */
  readonly fame: number
}

/**
 * Makes `count` films with titles that differ. Films of a genre lie near each other in taste; good films are somewhat better
 * known than bad ones.
 */
export function makeFilms(count: number, dimensions: number, rng: Rng): Film[] {
  const genreTastes = GENRES.map(() => normals(dimensions, rng))
  const ranks = rng.shuffle(Int32Array.from({ length: count }, (_, at) => at))
  const titles = new Set<string>()
  return Array.from({ length: count }, (_, at) => {
    const genres = pickGenres(rng)
    const quality = 0.45 * rng.normal()
    const own = normals(dimensions, rng)
    const taste = own.map((noise, axis) => {
      const shared = genres.reduce((sum, genre) => sum + genreTastes[genre]![axis]!, 0) / Math.sqrt(genres.length)
      return (0.8 * shared + 0.6 * noise) / Math.sqrt(dimensions)
    })
    const year = FIRST_YEAR + Math.floor((LAST_YEAR - FIRST_YEAR + 1) * Math.sqrt(rng.uniform()))
    const item: DatasetItem = {
      itemId: `m${at + 1}`,
      title: `${makeTitle(GENRES[genres[0]!]!, titles, rng)} (${year})`,
      year,
      genres: genres.map((genre) => GENRES[genre]!),
    }
    // Zipf's law in a random order of the films, tilted towards the good ones.
    return { item, taste, quality, fame: (ranks[at]! + 8) ** -0.75 * Math.exp(0.9 * quality) }
  })
}

/** One to three genres; the first is the main one. */
function pickGenres(rng: Rng): number[] {
  const genres = rng.shuffle(GENRES.map((_, at) => at))
  const draw = rng.uniform()
  return genres.slice(0, draw < 0.45 ? 1 : draw < 0.85 ? 2 : 3)
}

function makeTitle(genre: (typeof GENRES)[number], taken: Set<string>, rng: Rng): string {
  const pick = <T>(words: readonly T[]): T => words[rng.below(words.length)]!
  for (;;) {
    const noun = pick(NOUNS[genre])
    const forms = [
      `The ${pick(ADJECTIVES)} ${noun}`,
      `The ${noun} of ${pick(PLACES)}`,
      `${pick(ADJECTIVES)} ${noun}`,
      `A ${noun} in ${pick(PLACES)}`,
    ]
    const title = pick(forms).replace(/^A (?=[AEIOU])/, 'An ')
    if (taken.has(title)) continue
    taken.add(title)
    return title
  }
}

function normals(length: number, rng: Rng): Float64Array {
  return Float64Array.from({ length }, () => rng.normal())
}
