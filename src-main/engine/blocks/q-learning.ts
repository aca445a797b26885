import type { ModelDescriptor } from '../../contract/dto/model.ts'
import type { PairwiseTerm, QLearningRecipe } from '../core/q-learning-recipe.ts'
import { embeddingOf, epsilonOf, replayOf, simulatedOf } from './actor-critic.ts'
import type { SideEncoder } from './encoder.types.ts'
import type { QLearningParams } from './q-learning-params.ts'
import { drawCode, drawValues, type QNetworkBlocks } from './q-network.ts'

/** What tells one Q-learning model from another. */
export interface QLearningBlocks {
  readonly encoder: SideEncoder
  readonly sides: QNetworkBlocks['sides']
  /** null: no competitors. */
  readonly pairwise: PairwiseTerm | null
}

/** The recipe of a Q-learning model: its blocks, and what all of them can be told. Lists hold the latest items. */
export function qLearningRecipe(p: QLearningParams, { encoder, sides, pairwise }: QLearningBlocks): QLearningRecipe {
  const network: QNetworkBlocks = { encoder, sides, hidden: p.hidden, layers: p.layers, outputScale: p.residual ? 0 : 0.1 }
  return {
    kind: 'q-learning',
    updates: p.updates,
    updatesPerStep: p.updatesPerStep,
    environments: p.environments,
    embedding: embeddingOf(p),
    historyLength: p.historyLength,
    historyRule: 'latest',
    feedback: sides.length === 2 ? 'both' : sides[0]!,
    episodeLength: p.episodeLength,
    simulated: simulatedOf(p),
    gamma: p.gamma,
    tau: p.tau,
    batchSize: p.batchSize,
    l2: p.l2,
    clipNorm: p.clipNorm,
    replay: replayOf(p),
    exploration: { kind: 'candidate', ...epsilonOf(p), noise: 0 },
    candidateSample: p.candidateSample,
    centreRewards: p.centreRewards,
    averaging: p.averaging,
    validateEvery: p.validateEvery,
    heldOutShare: p.heldOutShare,
    selectCheckpoint: p.selectCheckpoint,
    learningRate: p.learningRate,
    double: p.double,
    pairwise,
    residual: p.residual ? { ridge: p.headRidge } : null,
    code: (g, inputs) => drawCode(g, inputs, network),
    values: (g, code, items) => drawValues(g, code, items, network),
  }
}

/** What the Q-learning models say of themselves in the same words. */
export const qLearningDeviations = [
  'The largest next Q is looked for among some of the candidates that are left, drawn at random, not among all items.',
  'Item vectors carry the item bias as one more coordinate (option: plain PMF).',
  'The target leaves out the next value where no candidate is left; reaching the step limit bootstraps.',
  'Replay is prioritised, as in the other models here (option: uniform, with a priority exponent of 0).',
  'The preset "palate" adds fold embeddings, Q as a correction to the score of a linear base, double DQN, averaged weights and a checkpoint chosen on held-out users.',
] as const

export const qLearningPalate = {
  id: 'palate',
  title: 'Palate',
  values: {},
  doc: 'Fold embeddings, Q as a correction to a linear base, double DQN, averaged weights, checkpoint chosen on held-out users.',
}

/** The settings that the papers have in common, as far as they give them. */
const paperValues = {
  updates: 3000,
  size: 100,
  popularity: false,
  foldEmbeddings: false,
  hidden: 256,
  residual: false,
  double: false,
  learningRate: 1e-3,
  learningStart: 1000,
  centreRewards: false,
  l2: 1e-4,
  averaging: 0,
  selectCheckpoint: false,
} as const satisfies Partial<QLearningParams>

/** @param own what the model's paper sets otherwise, or has alone */
export function qLearningPaper<const V extends object>(own: V) {
  return {
    id: 'paper',
    title: 'Paper',
    doc: 'The settings of the papers as far as they give them, reported as they come out.',
    values: { ...paperValues, ...own },
  }
}

export const qLearningCurves: ModelDescriptor['curves'] = [
  { name: 'validationNdcg', label: 'NDCG@20 on held-out users', scale: 'linear' },
  { name: 'reward', label: 'Reward per step', scale: 'linear' },
  { name: 'loss', label: 'Loss', scale: 'linear' },
  { name: 'meanQ', label: 'Mean Q', scale: 'linear' },
  { name: 'tdError', label: 'Mean |TD error|', scale: 'log' },
  { name: 'epsilon', label: 'ε', scale: 'linear' },
  { name: 'episodes', label: 'Episodes played', scale: 'linear' },
  { name: 'gradientNorm', label: 'Gradient norm', scale: 'log' },
  { name: 'embeddingLoss', label: 'RMSE of the embedding on its training ratings', scale: 'linear' },
]
