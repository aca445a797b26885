import { defineMetric } from '../../core/metric.ts'

export default defineMetric({
  kind: 'catalogue',
  id: 'gini',
  title: 'Gini',
  doc: 'How unevenly recommendations fall on the items of the data set: 0 where all are recommended equally often, 1 where it is always the same one. Lower is more even.',
  formula: 'sum (2 j - n - 1) count(j) / ((n - 1) sum count), counts ascending',
  better: 'neither',
  // The index of Shani and Gunawardana, "Evaluating recommendation systems" (2011), section 8.3.3.2.
  ofCounts(counts) {
    const n = counts.length
    if (n < 2) return null
    const ascending = counts.slice().sort()
    let weighted = 0
    let total = 0
    for (let j = 0; j < n; j++) {
      weighted += (2 * (j + 1) - n - 1) * ascending[j]!
      total += ascending[j]!
    }
    return total === 0 ? null : weighted / ((n - 1) * total)
  },
})
