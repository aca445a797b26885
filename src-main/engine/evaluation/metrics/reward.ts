import { defineMetric } from '../../core/metric.ts'

export default defineMetric({
  kind: 'user',
  id: 'reward',
  title: 'Mean reward',
  doc: 'Mean reward of the first k recommendations, from -1 (lowest rating) to 1 (highest); recommendations without a known rating do not count.',
  formula: 'mean of 2 (rating - min) / (max - min) - 1',
  user(list, k) {
    const length = Math.min(k, list.candidates)
    let sum = 0
    let known = 0
    for (let i = 0; i < length; i++) {
      const rating = list.ratings[i]!
      if (Number.isNaN(rating)) continue
      sum += list.rewardOf(rating)
      known++
    }
    return known === 0 ? null : sum / known
  },
})
