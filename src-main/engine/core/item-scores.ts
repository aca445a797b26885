import type { ScorerFit } from './model.ts'
import { readArray } from './state-codec.ts'

/**
 * A finished fit whose score depends on the item alone: popularity, item mean.
 * @param scores one per item; @param predictsRatings whether they are ratings
 */
export function itemScoresFit(scores: Float64Array, predictsRatings = false): ScorerFit {
  let present = scores
  return {
    epoch: () => ({}),
    scorer: () => ({
      predictsRatings,
      sameForAll: true,
      score(_userIndex, items, count, out) {
        for (let i = 0; i < count; i++) out[i] = present[items[i]!]!
      },
    }),
    save: () => ({ scores: present }),
    restore(saved) {
      present = readArray(saved, 'scores', Float64Array)
    },
  }
}
