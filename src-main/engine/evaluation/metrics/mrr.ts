import { defineMetric } from '../../core/metric.ts'

export default defineMetric({
  kind: 'user',
  id: 'mrr',
  title: 'MRR',
  doc: 'One over the rank of the first relevant item, 0 where none is among the first k; users without a relevant candidate have no value.',
  formula: '1 / rank of the first hit',
  user(list, k) {
    if (list.relevant === 0) return null
    const length = Math.min(k, list.candidates)
    for (let i = 0; i < length; i++) if (list.isRelevant(list.ratings[i]!)) return 1 / (i + 1)
    return 0
  },
})
