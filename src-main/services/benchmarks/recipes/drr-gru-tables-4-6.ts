import tableIv from '../../../../resources/published/drr-gru-table-iv.json' with { type: 'json' }
import tableV from '../../../../resources/published/drr-gru-table-v.json' with { type: 'json' }
import tableVi from '../../../../resources/published/drr-gru-table-vi.json' with { type: 'json' }
import { defineRecipe } from '../recipe.ts'
import { amazon, bookCrossing } from './_data.ts'
import { atLengths, offlineDrrGru, overCatalogue } from './_rows.ts'

export default defineRecipe({
  ...offlineDrrGru,
  id: 'drr-gru-tables-4-6',
  title: 'DRR-GRU, Tables IV to VI',
  doc: 'Recall and F1 at 5 to 25 on Book-Crossing and Amazon data, re-ranking the test items one by one, for users with such long lists and for all; and among all items.',
  data: [bookCrossing, amazon],
  measures: [...atLengths('recall'), ...atLengths('f1'), ...overCatalogue('recall', 'f1')],
  tested: [
    { metric: 'recall', k: 5, subset: 'full-length' },
    { metric: 'recall', k: 10, subset: 'full-length' },
  ],
  published: [tableIv, tableV, tableVi],
})
