import { defineMetric } from '../../core/metric.ts'

export default defineMetric({
  kind: 'combined',
  id: 'f1',
  title: 'F1',
  doc: 'Harmonic mean of the averaged precision and the averaged recall, as drr-gru.txt computes it.',
  formula: '2 P R / (P + R) of the means',
  of: ['precision', 'recall'],
  combine: ([precision = 0, recall = 0]) => (precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall)),
})
