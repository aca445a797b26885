import { defineMetric } from '../../core/metric.ts'

export default defineMetric({
  kind: 'user',
  id: 'precision-k',
  title: 'Precision / k',
  doc: 'Relevant items among the first k, divided by k whoever has how many: users with fewer than k candidates cannot reach 1.',
  formula: 'hits(k) / k',
  user(list, k) {
    const length = Math.min(k, list.candidates)
    let hits = 0
    for (let i = 0; i < length; i++) if (list.isRelevant(list.ratings[i]!)) hits++
    return length === 0 ? null : hits / k
  },
})
