import { itemScoresFit } from '../core/item-scores.ts'
import { defineModel, nothingToSet } from '../core/model.ts'

export default defineModel({
  id: 'item-mean',
  version: 1,
  title: 'Item mean',
  summary:
    'Orders by the mean training rating; items without one count as the mean of all ratings. Already ahead of much that is published.',
  kind: 'floor',
  family: 'frame',
  feedback: 'ratings',
  needs: ['ratings'],
  source: { paper: 'mdrr-att', title: '"The items with the highest ratings", section 5.4' },
  deviations: [],
  ...nothingToSet,
  curves: [],
  create: () => ({
    kind: 'scorer',
    epochs: 0,
    sketch: ({ items }) => ({ tables: [{ title: 'Mean rating of each item', shape: [items] }] }),
    start({ train }) {
      const sums = new Float64Array(train.itemCount)
      const counts = new Float64Array(train.itemCount)
      let total = 0
      for (let row = 0; row < train.size; row++) {
        const item = train.itemIndex[row]!
        sums[item]! += train.rating[row]!
        counts[item]!++
        total += train.rating[row]!
      }
      const mean = train.size > 0 ? total / train.size : 0
      return itemScoresFit(
        sums.map((sum, item) => (counts[item]! > 0 ? sum / counts[item]! : mean)),
        true,
      )
    },
  }),
})
