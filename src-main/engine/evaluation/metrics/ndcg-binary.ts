import { defineMetric } from '../../core/metric.ts'
import { normalisedGain } from './_discounted-gain.ts'

export default defineMetric({
  kind: 'user',
  id: 'ndcg-binary',
  title: 'NDCG, binary',
  doc: 'NDCG that only asks whether an item is relevant; users without a relevant candidate have no value.',
  formula: 'sum hit / log2(rank + 1), over the ideal',
  user: (list, k) => normalisedGain(list, k, (rating) => (list.isRelevant(rating) ? 1 : 0)),
})
