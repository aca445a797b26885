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

/** What tables I to VI have in common: the same runs fill both recipes. */
export const offlineDrrGru = {
  split: 'random:0.7',
  protocols: ['rerank-sequential', 'rerank-oneshot'],
  rows: [learner('pmf', 'PMF'), learner('hbsade', 'HBSADE'), learner('drr-max', 'DRR-Max'), learner('drr-gru', 'DRR-GRU')],
  defaultSeeds: 3,
} as const
