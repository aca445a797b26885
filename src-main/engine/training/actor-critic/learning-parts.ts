import type { Executor, ParameterArena } from '../../compute/types.ts'
import type { ActorCriticRecipe } from '../../core/actor-critic-recipe.ts'
import type { Policy } from '../../core/policy.ts'
import type { QLearningRecipe, ReplayRecipe } from '../../core/q-learning-recipe.ts'
import type { SimulatedWorld } from '../../core/simulator.ts'
import type { StateTree } from '../../core/state-codec.ts'
import { competitorsOf } from '../q-learning/competitors.ts'
import { QAgent } from '../q-learning/q-agent.ts'
import { QChooser } from '../q-learning/q-chooser.ts'
import { QPlan } from '../q-learning/q-networks.ts'
import { QSlots } from '../q-learning/q-slots.ts'
import { ActorChooser } from './actor-chooser.ts'
import { ActorSlots } from './actor-slots.ts'
import { Agent } from './agent.ts'
import { environmentsOf } from './create-environments.ts'
import type { EpisodeKey, TrainingEpisodes } from './environment.ts'
import type { SlotStart } from './episode-slots.ts'
import type { FeedbackLists } from './feedback-lists.ts'
import type { ReplayLearner } from './learner.ts'
import { NetworkPlan, type Tables } from './networks.ts'
import { Rollout } from './rollout.ts'
import { trainedActor, trainedNetwork } from './trained-policy.ts'

/** What the loop learns, plays and recommends with: the part that differs between the kinds of learners. */
export interface LearningParts {
  readonly agent: ReplayLearner
  /** The weights of what judges beside those that act, live; null where one network does both. */
  readonly critic: ParameterArena | null
  readonly rollout: Rollout
  /** A policy that acts with the weights, live, for checks on held-out users. */
  slots(weights: ParameterArena, slots: number, lists: FeedbackLists, starts: (userIndex: number) => SlotStart): Policy
  /** The policy for evaluation. @param weights of `agent.evaluated`'s layout */
  policy(weights: Float32Array): Policy
  /** What a saved model holds beside embedding and base. @param weights of `agent.evaluated`'s layout */
  saveWeights(weights: Float32Array): StateTree
  /** What a reader of the figures must know. */
  readonly remarks: readonly string[]
}

/** What the parts are made from. */
interface Ground {
  readonly episodes: TrainingEpisodes
  /** Episodes that are learnt from. */
  readonly keys: readonly EpisodeKey[]
  /** In the memory of the executor. */
  readonly tables: Tables
  readonly executor: Executor
  readonly seed: number
  /** Simulated users of the training side, for recipes that learn with them. */
  readonly world?: SimulatedWorld | undefined
  /** Rows of the tables behind those of all users. */
  readonly guests?: number
}

/** Consumes the streams of agent, environments and rollout. @throws PalateError DATA_UNSUITABLE, GraphError */
export function learningParts(recipe: ReplayRecipe, ground: Ground): LearningParts {
  return recipe.kind === 'actor-critic' ? actorCriticParts(recipe, ground) : qLearningParts(recipe, ground)
}

function actorCriticParts(recipe: ActorCriticRecipe, ground: Ground): LearningParts {
  const { episodes, keys, tables, executor, seed, world, guests } = ground
  const plan = new NetworkPlan(recipe, episodes.embedding, episodes.train.scale, guests)
  const agent = new Agent(plan, executor, tables, seed)
  const { actor, critic } = agent.networks
  const chooser = new ActorChooser(plan, executor, tables, actor, recipe.environments)
  return {
    agent,
    critic,
    rollout: new Rollout(chooser, agent.replay, environmentsOf(recipe, episodes, keys, world, seed), seed),
    slots: (weights, slots, lists, starts) => new ActorSlots(plan, executor, tables, weights, slots, lists, starts),
    policy: (weights) => trainedActor({ plan, executor, tables, episodes, seed }, weights.slice(), () => critic.values.slice()),
    // Online mode and live sessions go on learning and show values: they need what judges.
    saveWeights: (weights) => ({ actor: weights.slice(), critic: critic.values.slice() }),
    remarks: [],
  }
}

function qLearningParts(wanted: QLearningRecipe, ground: Ground): LearningParts {
  const { episodes, keys, tables, executor, seed, world, guests } = ground
  const competitors = wanted.pairwise && competitorsOf(episodes)
  const recipe = competitors ? wanted : { ...wanted, pairwise: null }
  const plan = new QPlan(recipe, episodes.embedding, episodes.train.scale, guests)
  const agent = new QAgent(plan, executor, tables, seed)
  const chooser = new QChooser(plan, executor, tables, agent.network, recipe.environments, competitors)
  return {
    agent,
    critic: null,
    rollout: new Rollout(chooser, agent.replay, environmentsOf(recipe, episodes, keys, world, seed), seed),
    slots: (weights, slots, lists, starts) => new QSlots(plan, executor, tables, weights, slots, lists, starts),
    policy: (weights) => trainedNetwork({ plan, executor, tables, episodes }, weights),
    saveWeights: (weights) => ({ network: weights.slice() }),
    remarks: wanted.pairwise ? [competitorRemark(competitors)] : [],
  }
}

function competitorRemark(competitors: Int32Array | null): string {
  if (!competitors)
    return 'Competitor items: none, because the items of this data set have no genres; the pairwise term was left out.'
  const count = competitors.reduce((sum, competitor) => sum + (competitor === 0 ? 0 : 1), 0)
  const share = competitors.length > 0 ? (100 * count) / competitors.length : 0
  return `Competitor items: ${share.toFixed(0)} % of the training ratings have one.`
}
