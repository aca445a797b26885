import report from '../../../../resources/published/drr-report.json' with { type: 'json' }
import { defineRecipe } from '../recipe.ts'
import { movieLens1m } from './_data.ts'
import { learner } from './_rows.ts'

export default defineRecipe({
  id: 'drr-report',
  title: 'DRR report, precision and NDCG at 10',
  doc: 'DRR-ave on MovieLens-1M by the convention of the public code that the report used, and re-ranking the test items one by one; hits are divided by 10 whatever the user has.',
  data: [movieLens1m],
  split: 'random:0.8',
  protocols: ['rerank-sequential', 'rerank-oneshot', 'drr-backgom2357'],
  measures: [
    { metric: 'precision-k', k: 10, protocol: 'drr-backgom2357', subsets: ['all'] },
    { metric: 'ndcg-k', k: 10, protocol: 'drr-backgom2357', subsets: ['all'] },
    { metric: 'precision-k', k: 10 },
    { metric: 'ndcg', k: 10 },
  ],
  rows: [learner('drr-ave', 'DRR-ave')],
  tested: [
    { metric: 'ndcg', k: 10, subset: 'full-length' },
    { metric: 'precision-k', k: 10, subset: 'full-length' },
  ],
  defaultSeeds: 3,
  published: [report],
})
