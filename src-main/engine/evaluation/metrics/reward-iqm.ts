import { defineMetric } from '../../core/metric.ts'

export default defineMetric({
  kind: 'middle',
  id: 'reward-iqm',
  title: 'Mean reward, middle half',
  doc: 'Inter-quartile mean over simulated users of their mean reward per step: a few delighted or ruined users do not decide.',
  formula: 'mean of the middle half of the users',
  of: 'reward',
})
