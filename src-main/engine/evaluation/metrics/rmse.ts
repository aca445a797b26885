import { defineMetric } from '../../core/metric.ts'

export default defineMetric({
  kind: 'prediction',
  id: 'rmse',
  title: 'RMSE',
  doc: 'Root mean squared error of predicted ratings, cut to the scale, over all candidates of the users; only for models that predict ratings. Lower is better.',
  formula: 'sqrt(mean (predicted - rating)^2)',
  better: 'lower',
  error: (predicted, rating) => (predicted - rating) ** 2,
  ofMean: Math.sqrt,
})
