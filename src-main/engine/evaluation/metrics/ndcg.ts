import { defineMetric } from '../../core/metric.ts'

export default defineMetric({
  kind: 'user',
  id: 'ndcg',
  title: 'NDCG',
  doc: 'Discounted gain, linear in the rating (on scales that reach below 0: in the distance from the lowest), over that of the ideal list: all candidates by rating, cut at k.',
  formula: 'sum rating / log2(rank + 1), over the ideal',
  user(list, k) {
    const length = Math.min(k, list.candidates)
    let gain = 0
    let best = 0
    for (let i = 0; i < length; i++) {
      const discount = Math.log2(i + 2)
      gain += list.gainOf(list.ratings[i]!) / discount
      best += list.gainOf(list.ideal[i]!) / discount
    }
    // The ideal gain vanishes where all candidates have the lowest rating of a scale from 0: then the order cannot matter.
    return best > 0 ? gain / best : null
  },
})
