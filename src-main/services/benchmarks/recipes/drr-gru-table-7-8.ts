import tableVii from '../../../../resources/published/drr-gru-table-vii.json' with { type: 'json' }
import tableViii from '../../../../resources/published/drr-gru-table-viii.json' with { type: 'json' }
import { defineRecipe } from '../recipe.ts'
import { amazon, bookCrossing } from './_data.ts'
import { atLengths, learner } from './_rows.ts'

export default defineRecipe({
  id: 'drr-gru-table-7-8',
  title: 'DRR-GRU, Tables VII and VIII',
  doc: 'Mean reward of the first 5 to 25 recommendations to simulated users, on Book-Crossing and Amazon data; DRR-GRU also learning on within each list.',
  data: [bookCrossing, amazon],
  split: 'random:0.7',
  protocols: ['online-simulated'],
  measures: atLengths('reward', { subsets: ['all'] }),
  rows: [
    learner('drr-max', 'DRR-Max'),
    learner('drr-gru', 'DRR-GRU'),
    { ...learner('drr-gru', 'DRR-GRU, learning on', 'DRR-GRU'), params: { mode: 'online' }, variant: 'online' },
  ],
  tested: [
    { metric: 'reward', k: 10, subset: 'all' },
    { metric: 'reward', k: 20, subset: 'all' },
  ],
  defaultSeeds: 3,
  published: [tableVii, tableViii],
})
