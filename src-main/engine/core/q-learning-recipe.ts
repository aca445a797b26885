import type { GraphBuilder } from '../compute/graph-builder.ts'
import type { GraphNode } from '../compute/types.ts'
import type { ActorCriticRecipe, StateInputs } from './actor-critic-recipe.ts'

/** What the loop of episodes, replay and held-out users must know, whoever learns in it. */
export type LearningRules = Pick<
  ActorCriticRecipe,
  | 'updates'
  | 'updatesPerStep'
  | 'environments'
  | 'embedding'
  | 'historyLength'
  | 'historyRule'
  | 'feedback'
  | 'episodeLength'
  | 'simulated'
  | 'gamma'
  | 'tau'
  | 'batchSize'
  | 'l2'
  | 'clipNorm'
  | 'replay'
  | 'exploration'
  | 'candidateSample'
  | 'centreRewards'
  | 'averaging'
  | 'validateEvery'
  | 'heldOutShare'
  | 'selectCheckpoint'
>

/**
 * The pairwise term of DEERS (algorithms.md section 5): an item and its competitor, the item of the same category with the
 * opposite kind of feedback that is closest in time.
 */
export interface PairwiseTerm {
  /** alpha: what the term counts beside the squared error. */
  readonly weight: number
  /** m: how far apart the two values should be (hinge). */
  readonly margin: number
  /** "hinge": max(0, m - sgn(r_a - r_E) (Q_a - Q_E)); "squared": -(Q_a - Q_E)^2, as the paper has it. */
  readonly form: 'hinge' | 'squared'
}

/** Everything that the Q-learning loop must know of a model: sizes, rules, and how its network is drawn. */
export interface QLearningRecipe extends LearningRules {
  readonly kind: 'q-learning'
  readonly learningRate: number
  /** The learner chooses the next item and the target network values it (van Hasselt et al. 2016); else the target does both. */
  readonly double: boolean
  readonly pairwise: PairwiseTerm | null
  /** Q corrects the linear base's score; null: Q is the network's alone. */
  readonly residual: { readonly ridge: number } | null
  /** What the values need of a state, [B, m]: computed once, however many candidates there are. Parameter names start with "q.". */
  code(g: GraphBuilder, inputs: StateInputs): GraphNode
  /** Q of items [B, C, k] under a code [B, m] -> [B, C]. Parameter names start with "q.". */
  values(g: GraphBuilder, code: GraphNode, items: GraphNode): GraphNode
}

/** A model that learns step by step from replayed transitions. */
export type ReplayRecipe = ActorCriticRecipe | QLearningRecipe

/** Whether a model is learnt from replayed transitions, and not fitted pass by pass. */
export function isReplayRecipe<T extends { readonly kind: string }>(recipe: T | ReplayRecipe): recipe is ReplayRecipe {
  return recipe.kind === 'actor-critic' || recipe.kind === 'q-learning'
}
