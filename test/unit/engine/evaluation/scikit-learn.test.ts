import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { candidateSetsOf } from '../../../../src-main/engine/evaluation/candidate-sets.ts'
import { rankOnce } from '../../../../src-main/engine/evaluation/rank.ts'
import { userValues } from '../../../../src-main/engine/evaluation/score-lists.ts'
import { drain, tableOf, type Row } from '../../../support/worlds.ts'

const fixture = z
  .object({
    scikitLearn: z.string(),
    lists: z.array(
      z.object({
        ratings: z.array(z.number()),
        scores: z.array(z.number()),
        at: z.array(z.object({ k: z.int(), ndcg: z.number(), 'ndcg-exp': z.number(), 'ndcg-binary': z.number().nullable() })),
        averagePrecision: z.number().nullable(),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync('test/fixtures/scikit-learn-rankings.json', 'utf8')))

/** Values of one user whose items have these ratings and scores; null where there is none. */
function valuesOf(ratings: readonly number[], scores: readonly number[], k: number): Map<string, number | null> {
  const sets = candidateSetsOf(tableOf(ratings.map((rating, item): Row => [0, item, rating])))
  const lists = drain(
    rankOnce(sets, { score: (_user, items, count, out) => out.set([...items.subarray(0, count)].map((i) => scores[i]!)) }, k),
  )
  return new Map(
    drain(userValues(sets, lists, [k])).map(({ metric, values }) => [metric, Number.isNaN(values[0]) ? null : values[0]!]),
  )
}

function expectEqual(ours: number | null | undefined, theirs: number | null): void {
  if (theirs === null) expect(ours).toBeNull()
  else expect(ours).toBeCloseTo(theirs, 9)
}

describe(`${fixture.lists.length} random lists as scikit-learn ${fixture.scikitLearn} scores them`, () => {
  it.each(['ndcg', 'ndcg-exp', 'ndcg-binary'] as const)('have its ndcg_score at every k: %s', (metric) => {
    for (const { ratings, scores, at } of fixture.lists) {
      for (const figures of at) expectEqual(valuesOf(ratings, scores, figures.k).get(metric), figures[metric])
    }
  })

  it('have its average_precision_score where the whole list is scored', () => {
    expect(fixture.lists.filter((list) => list.averagePrecision === null).length).toBeLessThan(fixture.lists.length / 4)
    for (const { ratings, scores, averagePrecision } of fixture.lists) {
      for (const k of [ratings.length, ratings.length + 5]) {
        expectEqual(valuesOf(ratings, scores, k).get('map'), averagePrecision)
      }
    }
  })
})
