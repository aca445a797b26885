import type { ParamValues } from '../../src-main/contract/params.ts'
import type { InteractionTable } from '../../src-main/engine/data/interaction-table.ts'
import { sideFeaturesOf } from '../../src-main/engine/data/side-features.ts'

/** Attributes that say nothing of taste: groups of three users, and one or two of five genres for each item. */
export function withAttributes(table: InteractionTable): InteractionTable {
  const users = Array.from({ length: table.userCount }, (_, user) => ({ attributes: { group: `g${user % 3}` } }))
  const items = Array.from({ length: table.itemCount }, (_, item) => ({
    year: null,
    genres: item % 7 === 0 ? [] : item % 2 === 0 ? [`s${item % 5}`] : [`s${item % 5}`, `s${(item + 1) % 5}`],
  }))
  return { ...table, features: sideFeaturesOf({ users, items }) }
}

const network = { size: 3, epochs: 4, batchSize: 16 }
const sgd = { size: 3, epochs: 4 }

/** Supervised models and simple on-line ones that are fitted in a blink. */
export const supervisedBudgets: Readonly<Record<string, ParamValues>> = {
  pmf: sgd,
  'svd++': sgd,
  fm: network,
  deepfm: { ...network, hidden: 6 },
  afm: { ...network, attention: 4 },
  gru4rec: { size: 4, hidden: 5, historyLength: 6, negatives: 8, batchSize: 4, epochs: 3 },
  linucb: { size: 3, epochs: 4 },
  'greedy-reward': { size: 3, embeddingEpochs: 3, historyLength: 4 },
}

/** For extremes. */
export const supervisedTiny: Readonly<Record<string, ParamValues>> = Object.fromEntries(
  Object.entries(supervisedBudgets).map(([id, params]) => [id, 'epochs' in params ? { ...params, epochs: 2 } : params]),
)

/** Largest numbers tried of what costs memory or time in proportion. */
export const supervisedTried: Readonly<Record<string, number>> = { hidden: 32, layers: 4, attention: 32, negatives: 64 }

/** What learns a checkerboard, with which settings, and how well at least (NDCG@3). */
export const supervisedLearnt: readonly (readonly [id: string, params: ParamValues, least: number])[] = [
  ['pmf', { size: 2, epochs: 60, learningRate: 0.03, lambda: 0.02 }, 0.95],
  ['svd++', { size: 2, epochs: 60, learningRate: 0.03, lambda: 0.02 }, 0.95],
  ['fm', { size: 4, epochs: 60, batchSize: 32, learningRate: 0.02, l2: 0.0001 }, 0.95],
  ['deepfm', { size: 4, hidden: 8, epochs: 60, batchSize: 32, learningRate: 0.01, l2: 0.0001 }, 0.95],
  ['afm', { size: 4, attention: 4, epochs: 60, batchSize: 32, learningRate: 0.02, l2: 0.0001, attentionL2: 0 }, 0.95],
  ['gru4rec', { size: 8, hidden: 8, historyLength: 10, negatives: 16, batchSize: 8, learningRate: 0.02, epochs: 30 }, 0.9],
  ['linucb', { size: 2, lambda: 0.5, ridge: 0.5, epochs: 15 }, 0.95],
  ['greedy-reward', { size: 2, lambda: 0.5, embeddingEpochs: 15, ridge: 1 }, 0.95],
]
