import { expect, test } from 'vitest'
import { describeMetric } from '../../../../src-main/engine/core/metric.ts'
import { metrics } from '../../../../src-main/engine/evaluation/metrics/catalogue.gen.ts'

const described = new Map(metrics.map((metric) => [metric.id, describeMetric(metric)]))

test('a metric says which of two values is the better one, and figures of a whole list of items judge nothing', () => {
  const of = (better: string) => [...described.values()].filter((one) => one.better === better).map((one) => one.id)
  expect(of('lower')).toEqual(['rmse'])
  expect(of('neither')).toEqual(['coverage', 'gini', 'novelty'])
  expect(of('higher')).toContain('ndcg')
})

test('an error of predicted ratings has no list length and no value for each user', () => {
  expect(described.get('rmse')).toMatchObject({ atK: false, perUser: false })
  expect(described.get('ndcg')).toMatchObject({ atK: true, perUser: true })
  expect(described.get('f1')).toMatchObject({ atK: true, perUser: false })
})
