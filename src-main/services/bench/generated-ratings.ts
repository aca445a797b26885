import { open } from 'node:fs/promises'
import { Rng } from '../../engine/core/rng.ts'

/** As on MovieLens: whoever stays rates at least 20 films, and 140 on average. */
const FEWEST = 20
const MEAN_BEYOND = 120
/** About 3,700 films for a million ratings and 11,700 for ten million. */
const ITEMS_PER_ROOT = 3.7
/** 9 January 1995 00:00 UTC, and fifteen years from there. */
const FIRST_TIME = 789_609_600
const TIME_SPAN = 15 * 365 * 86_400
const PIECE_CHARACTERS = 1 << 20

/**
 * Writes a ratings file as MovieLens publishes them (`userId,movieId,rating,timestamp`): user by user, half stars, a few films
 * that everybody has rated and a long tail. No user rates a film twice. The same seed gives the same bytes.
 *
 * @param rows 1 to 100 million; randomness: the stream `bench/ratings` of `seed`
 */
export async function writeRatings(path: string, rows: number, seed: number): Promise<void> {
  const rng = Rng.stream(seed, 'bench/ratings')
  const items = Math.max(100, Math.round(ITEMS_PER_ROOT * Math.sqrt(rows)))
  // Films are not numbered without gaps there.
  const idOf = (item: number) => item * 7 + 1 + (item % 5)
  const ratedBy = new Int32Array(items)
  const file = await open(path, 'w')
  try {
    let text = 'userId,movieId,rating,timestamp\n'
    for (let user = 1, left = rows; left > 0; user++) {
      const wanted = FEWEST + Math.floor(-MEAN_BEYOND * Math.log(1 - rng.uniform()))
      const count = Math.min(left, wanted, items >> 1)
      const mood = 3.5 + 0.4 * rng.normal()
      let time = FIRST_TIME + rng.below(TIME_SPAN)
      for (let made = 0; made < count; made++) {
        const item = unratedItem(ratedBy, user, rng)
        time += rng.below(60)
        const stars = Math.min(10, Math.max(1, Math.round(2 * (mood + rng.normal()))))
        text += `${user},${idOf(item)},${stars / 2},${time}\n`
      }
      left -= count
      if (text.length < PIECE_CHARACTERS) continue
      await file.write(text)
      text = ''
    }
    await file.write(text)
  } finally {
    await file.close()
  }
}

/** Film 0 is the most famous. @param ratedBy of each film the user who rated it last */
function unratedItem(ratedBy: Int32Array, user: number, rng: Rng): number {
  for (;;) {
    const item = Math.floor(ratedBy.length * rng.uniform() ** 2.5)
    if (ratedBy[item] === user) continue
    ratedBy[item] = user
    return item
  }
}
