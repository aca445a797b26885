import tableI from '../../../../resources/published/drr-gru-table-i.json' with { type: 'json' }
import tableIi from '../../../../resources/published/drr-gru-table-ii.json' with { type: 'json' }
import tableIii from '../../../../resources/published/drr-gru-table-iii.json' with { type: 'json' }
import { defineRecipe } from '../recipe.ts'
import { amazon, bookCrossing } from './_data.ts'
import { atLengths, offlineDrrGru } from './_rows.ts'

export default defineRecipe({
  ...offlineDrrGru,
  id: 'drr-gru-tables-1-3',
  title: 'DRR-GRU, Tables I to III',
  doc: 'Precision and recall at 5 to 25 on Book-Crossing and Amazon data, re-ranking the test items one by one.',
  data: [bookCrossing, amazon],
  // Few users have lists so long: the paper's tables are of all users.
  measures: [...atLengths('precision', { subsets: ['all'] }), ...atLengths('recall', { subsets: ['all'] })],
  tested: [
    { metric: 'precision', k: 5, subset: 'all' },
    { metric: 'precision', k: 10, subset: 'all' },
  ],
  published: [tableI, tableIi, tableIii],
})
