import { defineMetric } from '../../core/metric.ts'

export default defineMetric({
  kind: 'user',
  id: 'precision',
  title: 'Precision',
  doc: 'Share of relevant items among the first k; users with fewer than k candidates are divided by what they have.',
  formula: 'hits(k) / min(k, n)',
  user(list, k) {
    const length = Math.min(k, list.candidates)
    let hits = 0
    for (let i = 0; i < length; i++) if (list.isRelevant(list.ratings[i]!)) hits++
    return length === 0 ? null : hits / length
  },
})
