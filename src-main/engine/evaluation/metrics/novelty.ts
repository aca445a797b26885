import { defineMetric } from '../../core/metric.ts'

export default defineMetric({
  kind: 'user',
  id: 'novelty',
  title: 'Novelty',
  doc: 'How little known the first k are, in bits: the mean of -log2 of the share of users that rated the item in training, with one user added that rated everything.',
  formula: 'mean of -log2((raters + 1) / (users + 1))',
  better: 'neither',
  user(list, k) {
    const length = Math.min(k, list.candidates)
    let sum = 0
    for (let i = 0; i < length; i++) {
      const surprise = list.surpriseOf(list.items[i]!)
      if (surprise === null) return null
      sum += surprise
    }
    return length === 0 ? null : sum / length
  },
})
