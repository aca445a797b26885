import tableI from '../../../../resources/published/drr-gru-table-i.json' with { type: 'json' }
import tableIi from '../../../../resources/published/drr-gru-table-ii.json' with { type: 'json' }
import tableIii from '../../../../resources/published/drr-gru-table-iii.json' with { type: 'json' }
import { defineRecipe } from '../recipe.ts'
import { amazon, bookCrossing } from './_data.ts'
import { atLengths, offlineDrrGru, overCatalogue } from './_rows.ts'

export default defineRecipe({
  ...offlineDrrGru,
  id: 'drr-gru-tables-1-3',
  title: 'DRR-GRU, Tables I to III',
  doc: 'Precision and recall at 5 to 25 on Book-Crossing and Amazon data, re-ranking the test items one by one, for users with such long lists and for all; and among all items.',
  data: [bookCrossing, amazon],
  measures: [...atLengths('precision'), ...atLengths('recall'), ...overCatalogue('precision', 'recall')],
  tested: [
    { metric: 'precision', k: 5, subset: 'full-length' },
    { metric: 'precision', k: 10, subset: 'full-length' },
  ],
  published: [tableI, tableIi, tableIii],
})
