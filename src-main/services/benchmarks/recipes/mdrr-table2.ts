import table2 from '../../../../resources/published/mdrr-att-table-2.json' with { type: 'json' }
import { defineRecipe } from '../recipe.ts'
import { movieLens100k, movieLens1m } from './_data.ts'
import { learner } from './_rows.ts'

export default defineRecipe({
  id: 'mdrr-table2',
  title: 'MDRR-att, Table 2',
  doc: 'Precision and NDCG at 20 on MovieLens-100k and 1M, re-ranking the test items one by one; with the ablations of Figure 4.',
  data: [movieLens100k, movieLens1m],
  split: 'random:0.8',
  protocols: ['rerank-sequential', 'rerank-oneshot'],
  measures: [
    { metric: 'precision', k: 20 },
    { metric: 'ndcg', k: 20 },
  ],
  rows: [
    { model: 'random', title: 'Random order' },
    { model: 'popularity', title: 'Popularity (count)', published: 'Popularity' },
    { model: 'item-mean', title: 'Popularity (mean rating)', published: 'Popularity' },
    { model: 'biased-mf', title: 'Biased MF', presets: ['tuned'] },
    learner('pmf', 'PMF'),
    learner('svd++', 'SVD++'),
    learner('afm', 'AFM'),
    learner('deepfm', 'DeepFM'),
    learner('dqn', 'DQN'),
    learner('ddpg', 'DDPG'),
    learner('deers', 'DEERS'),
    learner('mdrr-n', 'MDRR-n'),
    learner('mdrr-p', 'MDRR-p'),
    learner('mdrr', 'MDRR'),
    learner('mdrr-att', 'MDRR-att'),
  ],
  ablation: { of: 'mdrr-att', models: ['mdrr', 'mdrr-p', 'mdrr-n'] },
  tested: [
    { metric: 'ndcg', k: 20, subset: 'full-length' },
    { metric: 'precision', k: 20, subset: 'full-length' },
  ],
  defaultSeeds: 5,
  published: [table2],
})
