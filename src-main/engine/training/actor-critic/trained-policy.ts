import type { Executor } from '../../compute/types.ts'
import type { ActorCriticRecipe } from '../../core/actor-critic-recipe.ts'
import type { Scorer } from '../../core/model.ts'
import type { Policy } from '../../core/policy.ts'
import { readArray, readTree, type StateTree } from '../../core/state-codec.ts'
import type { InteractionTable } from '../../data/interaction-table.ts'
import { restoreEmbedding, type Embedding } from '../../factorisation/embedding.ts'
import { ActorSlots, evaluationStarts } from './actor-slots.ts'
import { TrainingEpisodes } from './environment.ts'
import { FeedbackLists } from './feedback-lists.ts'
import { createActor, NetworkPlan, tablesOf, type Tables } from './networks.ts'
import { OnlineSlot } from './online-slot.ts'

/** Users that act in one batch in validation and evaluation. */
export const EVALUATION_SLOTS = 64

/** What a policy is made of once its weights are known. */
export interface PolicyParts {
  readonly plan: NetworkPlan
  readonly executor: Executor
  readonly tables: Tables
  /** On the ratings that the model was trained on. */
  readonly episodes: TrainingEpisodes
  /** Of the run; online mode draws from it. */
  readonly seed: number
}

/**
 * The policy for evaluation: whole training histories, reference vectors.
 * @param actor its weights
 * @param critic its weights, read in online mode alone
 */
export function trainedPolicy(parts: PolicyParts, actor: Float32Array, critic: () => Float32Array): Policy {
  const { plan, executor, tables, episodes, seed } = parts
  const { online, historyLength, historyRule } = plan.recipe
  if (online) return new OnlineSlot(plan, online.every, executor, tables, { actor, critic: critic() }, episodes, seed)
  const { train } = episodes
  const parameters = createActor(plan, executor)
  parameters.values.set(actor)
  const lists = new FeedbackLists(EVALUATION_SLOTS, historyLength, train.scale, historyRule)
  const starts = evaluationStarts(train, (user) => episodes.rowsOf(user))
  return new ActorSlots(plan, executor, tables, parameters, EVALUATION_SLOTS, lists, starts)
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
  recipe: ActorCriticRecipe,
  train: InteractionTable,
  executor: Executor,
  saved: StateTree,
  seed: number,
): Policy {
  const embedding = restoreEmbedding(readTree(saved, 'embedding'))
  const base = { actions: readArray(saved, 'actions', Float32Array), scales: readArray(saved, 'scales', Float32Array) }
  const plan = new NetworkPlan(recipe, embedding, train.scale)
  const tables = tablesOf(embedding, base, executor.memory)
  const parts = { plan, executor, tables, episodes: new TrainingEpisodes(train, embedding), seed }
  return trainedPolicy(parts, readArray(saved, 'actor', Float32Array), () => readArray(saved, 'critic', Float32Array))
}
