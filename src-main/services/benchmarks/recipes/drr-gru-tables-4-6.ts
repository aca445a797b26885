import tableIv from '../../../../resources/published/drr-gru-table-iv.json' with { type: 'json' }
import tableV from '../../../../resources/published/drr-gru-table-v.json' with { type: 'json' }
import tableVi from '../../../../resources/published/drr-gru-table-vi.json' with { type: 'json' }
import { defineRecipe } from '../recipe.ts'
import { amazon, bookCrossing } from './_data.ts'
import { atLengths, offlineDrrGru } from './_rows.ts'

export default defineRecipe({
  ...offlineDrrGru,
  id: 'drr-gru-tables-4-6',
  title: 'DRR-GRU, Tables IV to VI',
  doc: 'Recall and F1 at 5 to 25 on Book-Crossing and Amazon data, re-ranking the test items one by one.',
  data: [bookCrossing, amazon],
  // Few users have lists so long: the paper's tables are of all users.
  measures: [...atLengths('recall', { subsets: ['all'] }), ...atLengths('f1', { subsets: ['all'] })],
  tested: [
    { metric: 'recall', k: 5, subset: 'all' },
    { metric: 'recall', k: 10, subset: 'all' },
  ],
  published: [tableIv, tableV, tableVi],
})
