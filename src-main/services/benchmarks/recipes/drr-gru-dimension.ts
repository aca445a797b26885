import figures from '../../../../resources/published/drr-gru-figures-4-5.json' with { type: 'json' }
import { defineRecipe } from '../recipe.ts'
import { amazon, bookCrossing } from './_data.ts'

const sizes = [50, 100, 150, 200, 250]

export default defineRecipe({
  id: 'drr-gru-dimension',
  title: 'DRR-GRU, size of the vectors',
  doc: 'Precision and recall at 10 and 20 of DRR-GRU in the settings of its paper, with vectors of 50 to 250 coordinates.',
  data: [amazon, bookCrossing],
  split: 'random:0.7',
  protocols: ['rerank-sequential', 'rerank-oneshot'],
  measures: ['precision', 'recall'].flatMap((metric) => [10, 20].map((k) => ({ metric, k, subsets: ['all'] as const }))),
  rows: sizes.map((size) => ({
    model: 'drr-gru',
    title: `DRR-GRU, size ${size}`,
    presets: ['paper'],
    params: { size },
    variant: `size-${size}`,
    published: `DRR-GRU, size ${size}`,
  })),
  tested: [{ metric: 'precision', k: 10, subset: 'all' }],
  defaultSeeds: 3,
  published: [figures],
})
