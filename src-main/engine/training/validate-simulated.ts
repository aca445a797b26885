import type { Policy } from '../core/policy.ts'
import type { SimulatedWorld } from '../core/simulator.ts'
import { rewardOf } from '../data/interaction-table.ts'
import { playPolicy, type EpisodeSource } from '../evaluation/play-episodes.ts'
import type { EpisodeKey, TrainingEpisodes } from './actor-critic/environment.ts'
import { Shortlist } from './actor-critic/shortlist.ts'

/**
 * Mean reward per step of each held-out episode with a simulated user of the training side, over all items outside the history:
 * by what checkpoints are compared where the policy learns with simulated users. Yields now and then.
 *
 * @param policy whose "users" are positions among the keys
 */
export function* validateSimulated(
  world: SimulatedWorld,
  episodes: TrainingEpisodes,
  policy: Policy,
  keys: readonly EpisodeKey[],
  steps: number,
): Generator<unknown, Float64Array> {
  const open = new Shortlist(episodes, 1)
  const source: EpisodeSource = {
    count: keys.length,
    playerOf: (episode) => episode,
    userOf: (episode) => keys[episode]!.user,
    candidatesOf: (episode) => open.open(keys[episode]!),
  }
  const { start, ratings } = yield* playPolicy(world, source, () => policy, policy.slots, steps)
  const { scale } = episodes.train
  return Float64Array.from(keys, (_, episode) => {
    const own = ratings.subarray(start[episode]!, start[episode + 1]!)
    // Whoever has nothing left to be shown earns nothing, under any policy.
    return own.length === 0 ? 0 : own.reduce((sum, rating) => sum + rewardOf(rating, scale), 0) / own.length
  })
}
