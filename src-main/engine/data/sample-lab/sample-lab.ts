import { Rng } from '../../core/rng.ts'
import type { DatasetContent } from '../reading/dataset-content.ts'
import { makeFilms } from './films.ts'
import { makeViewers, pickFilms, rate } from './viewers.ts'

const USERS = 300
const ITEMS = 400
const RATINGS = 20_000
/** Coordinates of taste. A model of about this size can learn what there is to learn. */
const DIMENSIONS = 6
/** 1 January 2015 00:00 UTC. */
const OPENING_TIME = 1_420_070_400
const DAY_SECONDS = 86_400
const TWO_YEARS_DAYS = 730

/**
 * Makes a small movie world: 300 users, 400 films with titles, years and genres, 20,000 ratings of 1 to 5 stars with Unix
 * times. Ratings come from tastes that drift, from a quality that everybody sees, and from noise; fame has a long tail.
 * The same seed gives the same bytes.
 *
 * @param seed any integer from 0; randomness: the streams `sample-lab/films`, `/viewers` and `/ratings` of it
 */
export function makeSampleLab(seed: number): DatasetContent {
  const films = makeFilms(ITEMS, DIMENSIONS, Rng.stream(seed, 'sample-lab/films'))
  const viewers = makeViewers(USERS, RATINGS, DIMENSIONS, Rng.stream(seed, 'sample-lab/viewers'))
  const rng = Rng.stream(seed, 'sample-lab/ratings')
  const made: { user: number; item: number; rating: number; time: number }[] = []
  viewers.forEach((viewer, user) => {
    const seen = pickFilms(viewer, films, rng)
    // One to three films an evening, then some days without.
    let time = OPENING_TIME + rng.below(TWO_YEARS_DAYS * DAY_SECONDS)
    seen.forEach((item, at) => {
      const sameEvening = rng.uniform() < 0.5
      time += sameEvening ? 600 + rng.below(9000) : DAY_SECONDS * (1 + rng.below(9)) + rng.below(20_000)
      made.push({ user, item, rating: rate(viewer, films[item]!, at / seen.length, rng), time })
    })
  })
  made.sort((a, b) => a.time - b.time || a.user - b.user)
  return {
    users: viewers.map((_, user) => ({ userId: `u${user + 1}`, attributes: null })),
    items: films.map((film) => film.item),
    userIndex: Int32Array.from(made, (row) => row.user),
    itemIndex: Int32Array.from(made, (row) => row.item),
    rating: Float32Array.from(made, (row) => row.rating),
    time: Float64Array.from(made, (row) => row.time),
    timeKind: 'unix-seconds',
    scale: { min: 1, max: 5, positiveFrom: 4, negativeTo: 2 },
    counts: { read: RATINGS, accepted: RATINGS, rejected: 0, duplicates: 0 },
    rejectedRows: [],
  }
}
