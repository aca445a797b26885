import { Rng } from '../../core/rng.ts'
import type { SimulatedWorld } from '../../core/simulator.ts'
import type { RatingsOfFold } from '../../factorisation/linear-base.ts'
import { requireTrainingWorld } from '../../simulation/_guards.ts'
import type { TrainingEpisodes } from './environment.ts'
import { Shortlist } from './shortlist.ts'

/**
 * What simulated users answer to the shortlist of each user and fold: for a linear base that holds for the whole catalogue, and
 * not for those items alone that people chose to rate.
 *
 * Consumes the stream "shortlist/USER/FOLD" of the seed for each.
 */
export function simulatedRatings(world: SimulatedWorld, episodes: TrainingEpisodes, size: number, seed: number): RatingsOfFold {
  requireTrainingWorld(world, episodes.train)
  const users = world.users(1)
  const shortlist = new Shortlist(episodes, size)
  const items = new Int32Array(shortlist.most)
  const ratings = new Float32Array(shortlist.most)
  return (user, fold) => {
    const count = shortlist.write({ user, fold }, Rng.stream(seed, `shortlist/${user}/${fold}`), items)
    users.begin(0, user)
    for (let i = 0; i < count; i++) ratings[i] = users.answer(0, items[i]!).rating
    return { items: items.subarray(0, count), ratings: ratings.subarray(0, count) }
  }
}
