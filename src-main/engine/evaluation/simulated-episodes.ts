import { Rng } from '../core/rng.ts'
import { fullCatalogueSets, type Sides } from './candidate-pools.ts'
import type { CandidateSets } from './candidate-sets.ts'
import type { EpisodeSource } from './play-episodes.ts'
import type { RankedLists } from './rank.ts'

/** The users that are simulated, and what may be recommended to each: all items that the user has not rated in training. */
export interface SimulatedEpisodes extends EpisodeSource {
  readonly users: Int32Array
  /** The played lists as metrics take them: a user has as many candidates as there were steps, and no test rating counts. */
  setsOf(lists: RankedLists): CandidateSets
}

/**
 * Draws users among those with a test rating; in order of user index. Consumes the stream "simulated/HASH" of seed 0, HASH being
 * the split's: all models and all runs on it meet the same users.
 *
 * @param count at most so many; 0 takes all
 */
export function simulatedEpisodes(sides: Sides, count: number): SimulatedEpisodes {
  const { users: everybody, pool, scale } = fullCatalogueSets(sides)
  const positions = Int32Array.from(everybody.keys())
  const drawn = count === 0 || count >= positions.length ? positions : draw(positions, count, sides.hash)
  const users = drawn.map((c) => everybody[c]!)
  return {
    count: users.length,
    users,
    playerOf: (episode) => users[episode]!,
    userOf: (episode) => users[episode]!,
    candidatesOf: (episode) => pool!.itemsOf(drawn[episode]!),
    setsOf: ({ start, items }) => ({
      users,
      start: new Int32Array(users.length + 1),
      items: new Int32Array(0),
      ratings: new Float32Array(0),
      relevant: new Int32Array(users.length),
      scale,
      episodes: true,
      pool: {
        counts: Int32Array.from(users, (_, c) => start[c + 1]! - start[c]!),
        itemsOf: (c) => items.slice(start[c]!, start[c + 1]!).sort(),
      },
    }),
  }
}

function draw(positions: Int32Array, count: number, hash: string): Int32Array {
  return Rng.stream(0, `simulated/${hash}`).shuffle(positions).slice(0, count).sort()
}
