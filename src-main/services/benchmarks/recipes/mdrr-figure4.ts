import figure4 from '../../../../resources/published/mdrr-att-figure-4.json' with { type: 'json' }
import table2 from '../../../../resources/published/mdrr-att-table-2.json' with { type: 'json' }
import { defineRecipe } from '../recipe.ts'
import { movieLens100k, movieLens1m } from './_data.ts'
import { learner } from './_rows.ts'

export default defineRecipe({
  id: 'mdrr-figure4',
  title: 'MDRR-att, Figure 4',
  doc: 'What each part of MDRR-att is worth: without attention (MDRR), with likes only (MDRR-p), with dislikes only (MDRR-n).',
  data: [movieLens1m, movieLens100k],
  split: 'random:0.8',
  protocols: ['rerank-sequential', 'rerank-oneshot'],
  measures: [
    { metric: 'precision', k: 20 },
    { metric: 'ndcg', k: 20 },
  ],
  rows: [learner('mdrr-n', 'MDRR-n'), learner('mdrr-p', 'MDRR-p'), learner('mdrr', 'MDRR'), learner('mdrr-att', 'MDRR-att')],
  ablation: { of: 'mdrr-att', models: ['mdrr', 'mdrr-p', 'mdrr-n'] },
  tested: [
    { metric: 'ndcg', k: 20, subset: 'full-length' },
    { metric: 'precision', k: 20, subset: 'full-length' },
  ],
  defaultSeeds: 5,
  published: [figure4, table2],
})
