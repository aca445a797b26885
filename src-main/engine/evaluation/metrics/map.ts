import { defineMetric } from '../../core/metric.ts'

export default defineMetric({
  kind: 'user',
  id: 'map',
  title: 'MAP',
  doc: 'Mean over relevant items of the precision at their rank, cut at k; users without a relevant candidate have no value.',
  formula: 'sum over hits of precision(rank) / min(k, relevant)',
  user(list, k) {
    if (list.relevant === 0) return null
    const length = Math.min(k, list.candidates)
    let hits = 0
    let sum = 0
    for (let i = 0; i < length; i++) {
      if (!list.isRelevant(list.ratings[i]!)) continue
      hits++
      sum += hits / (i + 1)
    }
    return sum / Math.min(k, list.relevant)
  },
})
