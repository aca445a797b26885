import { defineMetric } from '../../core/metric.ts'
import { normalisedGain } from './_discounted-gain.ts'

export default defineMetric({
  kind: 'user',
  id: 'ndcg',
  title: 'NDCG',
  doc: 'Discounted gain, linear in the rating (on scales that reach below 0: in the distance from the lowest), over that of the ideal list: all candidates by rating, cut at k.',
  formula: 'sum rating / log2(rank + 1), over the ideal',
  user: (list, k) => normalisedGain(list, k, (rating) => list.gainOf(rating)),
})
