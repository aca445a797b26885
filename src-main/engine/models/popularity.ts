import { itemScoresFit } from '../core/item-scores.ts'
import { defineModel, nothingToSet } from '../core/model.ts'

export default defineModel({
  id: 'popularity',
  version: 1,
  title: 'Popularity',
  summary:
    'Orders by the number of training ratings. A personal recommender that cannot beat it has learnt nothing about persons.',
  kind: 'floor',
  family: 'frame',
  feedback: 'none',
  needs: ['ratings'],
  source: { paper: 'mdrr-att', title: 'Baseline "Popularity" of Table 2' },
  deviations: ['Counts ratings; the paper\'s "items with the highest ratings" is the item-mean floor.'],
  ...nothingToSet,
  curves: [],
  create: () => ({
    kind: 'scorer',
    epochs: 0,
    sketch: ({ items }) => ({ tables: [{ title: 'Ratings of each item', shape: [items] }] }),
    start({ train }) {
      const counts = new Float64Array(train.itemCount)
      for (let row = 0; row < train.size; row++) counts[train.itemIndex[row]!]!++
      return itemScoresFit(counts)
    },
  }),
})
