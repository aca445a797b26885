import { defineMetric } from '../../core/metric.ts'

export default defineMetric({
  kind: 'catalogue',
  id: 'coverage',
  title: 'Coverage',
  doc: 'Share of all items of the data set that stand among the first k of anybody. Re-ranking can only reach items with a test rating.',
  formula: 'recommended items / items',
  better: 'neither',
  ofCounts(counts) {
    if (counts.length === 0) return null
    let recommended = 0
    for (const count of counts) if (count > 0) recommended++
    return recommended / counts.length
  },
})
