import type { LearningRules } from '../../core/q-learning-recipe.ts'
import { Rng } from '../../core/rng.ts'
import type { SimulatedWorld } from '../../core/simulator.ts'
import { createEnvironments, streamOf, type Environment, type EpisodeKey, type TrainingEpisodes } from './environment.ts'
import { FeedbackLists } from './feedback-lists.ts'
import { SimulatedEnvironment } from './simulated-environment.ts'

/**
 * The environments of a recipe, on logged ratings or, in a world, with simulated users. Consumes the streams "environment",
 * "environment/1", "environment/2" and so on.
 *
 * @param world of the training side; wanted by recipes that learn with simulated users
 */
export function environmentsOf(
  recipe: LearningRules,
  episodes: TrainingEpisodes,
  keys: readonly EpisodeKey[],
  world: SimulatedWorld | undefined,
  seed: number,
): Environment[] {
  const { simulated, environments, historyLength, historyRule } = recipe
  if (!simulated) return createEnvironments(episodes, keys, recipe, seed)
  if (!world) throw new TypeError('A recipe with simulated users needs their world')
  const lists = new FeedbackLists(environments, historyLength, episodes.train.scale, historyRule)
  const users = world.users(environments)
  const options = { ...recipe, shortlist: simulated.shortlist }
  return Array.from({ length: environments }, (_, slot) => {
    const rng = Rng.stream(seed, streamOf('environment', slot))
    return new SimulatedEnvironment(world, users, episodes, keys, lists, rng, options, slot)
  })
}
