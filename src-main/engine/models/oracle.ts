import { defineModel, nothingToSet, type ScorerFit } from '../core/model.ts'
import { readArray } from '../core/state-codec.ts'

/** The one model that is given the test ratings, and named so in every table. */
export default defineModel({
  id: 'oracle',
  version: 1,
  title: 'Oracle',
  summary: 'Orders by the test ratings themselves: the ceiling that no model can pass on this split.',
  kind: 'ceiling',
  family: 'frame',
  feedback: 'none',
  needs: ['test-ratings'],
  source: { paper: 'palate', title: 'Ceiling of every result table' },
  deviations: [],
  ...nothingToSet,
  curves: [],
  create: () => ({
    kind: 'scorer',
    epochs: 0,
    start({ testRatings }) {
      if (!testRatings) throw new TypeError('The oracle was started without the test ratings it names among its needs')
      return oracleFit(testRatings.userIndex, testRatings.itemIndex, testRatings.rating, testRatings.itemCount)
    },
  }),
})

function oracleFit(users: Int32Array, items: Int32Array, ratings: Float32Array, itemCount: number): ScorerFit {
  let known = new Map<number, number>()
  const fill = (u: Int32Array, i: Int32Array, r: Float32Array, count: number) => {
    known = new Map(Array.from(u, (user, row) => [user * count + i[row]!, r[row]!]))
  }
  fill(users, items, ratings, itemCount)
  return {
    epoch: () => ({}),
    scorer: () => ({
      score(userIndex, candidates, count, out) {
        for (let i = 0; i < count; i++) out[i] = known.get(userIndex * itemCount + candidates[i]!) ?? 0
      },
    }),
    save: () => ({ users, items, ratings }),
    restore(saved) {
      fill(
        readArray(saved, 'users', Int32Array),
        readArray(saved, 'items', Int32Array),
        readArray(saved, 'ratings', Float32Array),
        itemCount,
      )
    },
  }
}
