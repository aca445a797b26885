import { defineMetric } from '../../core/metric.ts'

export default defineMetric({
  kind: 'user',
  id: 'recall',
  title: 'Recall',
  doc: 'Share of the relevant candidates that stand among the first k; users without a relevant candidate have no value.',
  formula: 'hits(k) / relevant',
  user(list, k) {
    if (list.relevant === 0) return null
    const length = Math.min(k, list.candidates)
    let hits = 0
    for (let i = 0; i < length; i++) if (list.isRelevant(list.ratings[i]!)) hits++
    return hits / list.relevant
  },
})
