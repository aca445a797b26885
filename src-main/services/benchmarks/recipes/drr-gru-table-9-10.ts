import tableIx from '../../../../resources/published/drr-gru-table-ix.json' with { type: 'json' }
import tableX from '../../../../resources/published/drr-gru-table-x.json' with { type: 'json' }
import { defineRecipe } from '../recipe.ts'
import { jester, movieLens1m } from './_data.ts'
import { learner } from './_rows.ts'

export default defineRecipe({
  id: 'drr-gru-table-9-10',
  title: 'DRR-GRU, Tables IX and X',
  doc: 'Precision, NDCG and MAP at 20 on MovieLens-1M and Jester, re-ranking the test items one by one, and the mean reward of 20 recommendations to simulated users.',
  data: [movieLens1m, jester],
  split: 'random:0.7',
  protocols: ['rerank-sequential', 'rerank-oneshot', 'online-simulated'],
  measures: [
    { metric: 'precision', k: 20 },
    { metric: 'ndcg', k: 20 },
    { metric: 'map', k: 20 },
    { metric: 'reward', k: 20, protocol: 'online-simulated', subsets: ['all'] },
  ],
  rows: [learner('drr-ave', 'DRR (as DRR-ave)', 'DRR'), learner('drr-att', 'DRR-att'), learner('drr-gru', 'DRR-GRU')],
  tested: [
    { metric: 'ndcg', k: 20, subset: 'full-length' },
    { metric: 'precision', k: 20, subset: 'full-length' },
  ],
  defaultSeeds: 3,
  published: [tableIx, tableX],
})
