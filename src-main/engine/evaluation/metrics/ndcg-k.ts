import { defineMetric } from '../../core/metric.ts'

export default defineMetric({
  kind: 'user',
  id: 'ndcg-k',
  title: 'NDCG, of k hits',
  doc: 'Discounted hits over those of a list of k hits, as some public code has it: users with fewer than k relevant candidates cannot reach 1. Only under protocols whose convention it is.',
  formula: 'sum hit / log2(rank + 1), over sum 1 / log2(rank + 1), both up to k',
  onlyNamed: true,
  user(list, k) {
    const length = Math.min(k, list.candidates)
    if (length === 0) return null
    let gain = 0
    let best = 0
    for (let i = 0; i < k; i++) {
      const discount = 1 / Math.log2(i + 2)
      best += discount
      if (i < length && list.isRelevant(list.ratings[i]!)) gain += discount
    }
    return gain / best
  },
})
