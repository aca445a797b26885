import { expect, it } from 'vitest'
import type { Scorer } from '../../../../src-main/engine/core/model.ts'
import { candidateSetsOf } from '../../../../src-main/engine/evaluation/candidate-sets.ts'
import { predictionRows } from '../../../../src-main/engine/evaluation/prediction-rows.ts'
import { drain, tableOf } from '../../../support/worlds.ts'

const labels = { model: 'probe', seed: 1, split: 'random:0.8@1', protocol: 'rerank-oneshot' }
const sets = candidateSetsOf(
  tableOf([
    [0, 0, 5],
    [0, 1, 3],
    [0, 2, 1],
    [1, 0, 4],
  ]),
)
/** Item 0: beyond the scale; item 1: 2; item 2: below it. */
const scorer = (predictsRatings: boolean): Scorer => ({
  predictsRatings,
  score: (_user, items, count, out) => {
    for (let i = 0; i < count; i++) out[i] = [7, 2, -3][items[i]!]!
  },
})

it('pools squared errors over all candidates, predictions cut to the scale', () => {
  const rows = drain(predictionRows(labels, sets, scorer(true), [2]))
  // Cut to 5, 2, 1: errors 0, 1, 0 of user 0 and 1 of user 1.
  expect(rows.map(({ subset, users, value }) => [subset, users, value])).toEqual([
    ['all', 2, Math.sqrt(2 / 4)],
    ['full-length', 1, Math.sqrt(1 / 3)],
  ])
  expect(rows[0]!.low).toBeCloseTo(Math.sqrt(1 / 3), 12)
  expect(rows[0]!.high).toBe(1)
  expect([rows[1]!.low, rows[1]!.high]).toEqual([null, null])
})

it('has no rows for scores that are no ratings', () => {
  expect(drain(predictionRows(labels, sets, scorer(false), [2]))).toEqual([])
})
