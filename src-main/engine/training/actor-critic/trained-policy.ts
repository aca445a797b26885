import type { Executor, ParameterArena } from '../../compute/types.ts'
import type { Scorer } from '../../core/model.ts'
import type { Policy } from '../../core/policy.ts'
import type { LearningRules, ReplayRecipe } from '../../core/q-learning-recipe.ts'
import { readArray, readTree, type StateTree } from '../../core/state-codec.ts'
import type { InteractionTable } from '../../data/interaction-table.ts'
import { restoreEmbedding, type Embedding } from '../../factorisation/embedding.ts'
import { createQNetwork, QPlan } from '../q-learning/q-networks.ts'
import { QSlots } from '../q-learning/q-slots.ts'
import { ActorSlots } from './actor-slots.ts'
import { TrainingEpisodes } from './environment.ts'
import { evaluationStarts } from './episode-slots.ts'
import { FeedbackLists } from './feedback-lists.ts'
import { createActor, NetworkPlan, tablesOf, type Tables } from './networks.ts'
import { OnlineSlot } from './online-slot.ts'

/** Users that act in one batch in validation and evaluation. */
export const EVALUATION_SLOTS = 64

/** What a policy is made of once its weights are known. */
interface PolicyParts<Plan> {
  readonly plan: Plan
  readonly executor: Executor
  readonly tables: Tables
  /** On the ratings that the model was trained on. */
  readonly episodes: TrainingEpisodes
}

/**
 * The actor for evaluation: whole training histories, reference vectors.
 * @param parts with the run's seed, from which online mode draws
 * @param actor its weights
 * @param critic its weights, read in online mode alone
 */
export function trainedActor(
  parts: PolicyParts<NetworkPlan> & { readonly seed: number },
  actor: Float32Array,
  critic: () => Float32Array,
): Policy {
  const { plan, executor, tables, episodes, seed } = parts
  const { online } = plan.recipe
  if (online) return new OnlineSlot(plan, online.every, executor, tables, { actor, critic: critic() }, episodes, seed)
  const parameters = withWeights(createActor(plan, executor), actor)
  return new ActorSlots(plan, executor, tables, parameters, EVALUATION_SLOTS, ...slotsFor(plan.recipe, episodes))
}

/** The Q-network for evaluation, likewise. */
export function trainedNetwork(parts: PolicyParts<QPlan>, network: Float32Array): Policy {
  const { plan, executor, tables, episodes } = parts
  const parameters = withWeights(createQNetwork(plan, executor), network)
  return new QSlots(plan, executor, tables, parameters, EVALUATION_SLOTS, ...slotsFor(plan.recipe, episodes))
}

function withWeights(parameters: ParameterArena, weights: Float32Array): ParameterArena {
  parameters.values.set(weights)
  return parameters
}

function slotsFor({ historyLength, historyRule }: LearningRules, episodes: TrainingEpisodes) {
  const lists = new FeedbackLists(EVALUATION_SLOTS, historyLength, episodes.train.scale, historyRule)
  return [lists, evaluationStarts(episodes.train, (user) => episodes.rowsOf(user))] as const
}

/** What the factorisation behind a policy says of items: the inner products of its reference vectors. */
export function opinionOf({ width, users, items }: Embedding): Scorer['score'] {
  return (userIndex, candidates, count, out) => {
    for (let i = 0; i < count; i++) {
      let sum = 0
      for (let c = 0; c < width; c++) sum += users[userIndex * width + c]! * items[candidates[i]! * width + c]!
      out[i] = sum
    }
  }
}

/**
 * @returns the policy that `ActorCriticTraining.saveModel` saved, for the same recipe, training ratings and seed
 * @throws PalateError CHECKPOINT_UNUSABLE
 */
export function restorePolicy(
  recipe: ReplayRecipe,
  train: InteractionTable,
  executor: Executor,
  saved: StateTree,
  seed: number,
): Policy {
  const embedding = restoreEmbedding(readTree(saved, 'embedding'))
  const base = { actions: readArray(saved, 'actions', Float32Array), scales: readArray(saved, 'scales', Float32Array) }
  const tables = tablesOf(embedding, base, executor.memory)
  const shared = { executor, tables, episodes: new TrainingEpisodes(train, embedding) }
  const weights = (name: string) => readArray(saved, name, Float32Array)
  if (recipe.kind === 'q-learning')
    return trainedNetwork({ ...shared, plan: new QPlan(recipe, embedding, train.scale) }, weights('network'))
  const plan = new NetworkPlan(recipe, embedding, train.scale)
  return trainedActor({ ...shared, plan, seed }, weights('actor'), () => weights('critic'))
}
