import { defineMetric } from '../../core/metric.ts'

export default defineMetric({
  kind: 'user',
  id: 'hit-rate',
  title: 'Hit rate',
  doc: 'Share of users with a relevant item among the first k; users without a relevant candidate have no value.',
  formula: '1 if hits(k) > 0, else 0',
  user(list, k) {
    if (list.relevant === 0) return null
    const length = Math.min(k, list.candidates)
    for (let i = 0; i < length; i++) if (list.isRelevant(list.ratings[i]!)) return 1
    return 0
  },
})
