import type { RecipeMeasure, RecipeRow } from '../recipe.ts'

const both = ['paper', 'palate'] as const

/** A learner in the paper's settings and in ours. */
export function learner(model: string, title: string, published: string = title): RecipeRow {
  return { model, title, presets: both, published }
}

/** One metric at every length of a list in DRR-GRU's tables I to VIII. */
export function atLengths(metric: string, rest: Partial<RecipeMeasure> = {}): RecipeMeasure[] {
  return [5, 10, 15, 20, 25].map((k) => ({ metric, k, ...rest }))
}

/** Beside them among all items: where a user has two test items, ordering these puts recall near 1 in any order. */
export function overCatalogue(...metrics: readonly string[]): RecipeMeasure[] {
  return metrics.map((metric) => ({ metric, k: 10, protocol: 'full-catalogue', subsets: ['all'] }))
}

/** What tables I to VI have in common: the same runs fill both recipes. */
export const offlineDrrGru = {
  split: 'random:0.7',
  protocols: ['rerank-sequential', 'rerank-oneshot', 'full-catalogue'],
  rows: [learner('pmf', 'PMF'), learner('hbsade', 'HBSADE'), learner('drr-max', 'DRR-Max'), learner('drr-gru', 'DRR-GRU')],
  defaultSeeds: 3,
} as const
