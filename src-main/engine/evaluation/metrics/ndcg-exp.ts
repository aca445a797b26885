import { defineMetric } from '../../core/metric.ts'
import { normalisedGain } from './_discounted-gain.ts'

export default defineMetric({
  kind: 'user',
  id: 'ndcg-exp',
  title: 'NDCG, exponential',
  doc: 'NDCG whose gain doubles with each step of the rating: the best items count for nearly everything. The ideal list is that of all candidates, cut at k.',
  formula: 'sum (2^rating - 1) / log2(rank + 1), over the ideal',
  user: (list, k) => normalisedGain(list, k, (rating) => 2 ** list.gainOf(rating) - 1),
})
