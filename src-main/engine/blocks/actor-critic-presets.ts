import type { ModelDescriptor } from '../../contract/dto/model.ts'
import type { ActorCriticParams } from './actor-critic-params.ts'

/** What the actor-critic models say of themselves in the same words. */

export const actorCriticNeeds = ['ratings', 'transitions', 'item-embeddings'] as const

/** Under the preference rule only. */
export const preferenceDeviation =
  "History items are scored by their rank in the user's own history instead of raw time, which would reduce the score to recency."

export const actorCriticDeviations = [
  'Item vectors carry the item bias as one more coordinate (option: plain PMF), so that the policy can express biased matrix factorisation.',
  "The critic's target leaves out the next value where no candidate is left; reaching the step limit bootstraps.",
] as const

/** @param networks what is residual, for instance "dual actor" */
export const palateDeviation = (actor: string): string =>
  `The preset "palate" adds fold embeddings, a residual ${actor} on a linear base, a critic on item vectors, averaged weights and a checkpoint chosen on held-out users.`

/** @param actor as in `palateDeviation` */
export const palatePreset = (actor: string) => ({
  id: 'palate',
  title: 'Palate',
  values: {},
  doc: `Fold embeddings, residual ${actor} on a linear base, item critic, averaged weights, checkpoint chosen on held-out users.`,
})

/** @param actor as in `palateDeviation` */
export const simulatedPreset = (actor: string) => ({
  id: 'simulated',
  title: 'Simulated users',
  // RMSE on training ratings left out (MovieLens-1M, one to four factorisations): .8586, .8549, .8538, .8534.
  values: { environment: 'simulated', restarts: 4 } as const satisfies Partial<ActorCriticParams>,
  doc: `For the protocol online-simulated. As "palate", but the ${actor} learns with users simulated from the training ratings, over the whole catalogue, and corrects the mean of four factorisations.`,
})

/** The settings that the papers have in common, as far as they give them. */
const paperValues = {
  updates: 3000,
  size: 100,
  popularity: false,
  foldEmbeddings: false,
  actorHidden: 256,
  criticHidden: 256,
  residual: false,
  critic: 'action',
  criticOnlyUpdates: 0,
  learningStart: 1000,
  centreRewards: false,
  exploration: 'noise',
  l2: 1e-4,
  averaging: 0,
  selectCheckpoint: false,
} as const satisfies Partial<ActorCriticParams>

/** DRR: plain PMF, five items of history and ten steps an episode (algorithm-facts.md section 1). */
export const drrPaperValues = { bias: 'none', historyLength: 5, episodeLength: 10 } as const satisfies Partial<ActorCriticParams>

/** @param own what the model's paper sets otherwise, or has alone */
export function paperPreset<const V extends object>(own: V) {
  return {
    id: 'paper',
    title: 'Paper',
    doc: `The settings of the paper as far as it gives them, reported as they come out; papers leave the number of updates open, here it is ${paperValues.updates}.`,
    values: { ...paperValues, ...own },
  }
}

export const actorCriticCurves: ModelDescriptor['curves'] = [
  { name: 'validationNdcg', label: 'NDCG@20 on held-out users', scale: 'linear' },
  { name: 'validationReward', label: 'Reward per step of held-out simulated users', scale: 'linear' },
  { name: 'reward', label: 'Reward per step', scale: 'linear' },
  { name: 'criticLoss', label: 'Critic loss', scale: 'log' },
  { name: 'actorLoss', label: 'Actor loss', scale: 'linear' },
  { name: 'meanQ', label: 'Mean Q', scale: 'linear' },
  { name: 'tdError', label: 'Mean |TD error|', scale: 'log' },
  { name: 'epsilon', label: 'ε', scale: 'linear' },
  { name: 'episodes', label: 'Episodes played', scale: 'linear' },
  { name: 'actorGradientNorm', label: 'Gradient norm, actors', scale: 'log' },
  { name: 'criticGradientNorm', label: 'Gradient norm, critic', scale: 'log' },
  { name: 'embeddingLoss', label: 'RMSE of the embedding on its training ratings', scale: 'linear' },
]
