import type { ResultRowWithInterval } from '../../contract/dto/run.ts'
import type { CandidateSets } from './candidate-sets.ts'
import { metrics } from './metrics/catalogue.gen.ts'
import type { RankedLists } from './rank.ts'
import { usersOf } from './score-lists.ts'

/**
 * Rows of all metrics that look at every list together (coverage, Gini), at all k for both subsets of users, without interval.
 * @param itemCount items of the data set; @param wanted ids of metrics, all by default
 */
export function catalogueRows(
  labels: { model: string; seed: number; split: string; protocol: string },
  sets: CandidateSets,
  lists: RankedLists,
  ks: readonly number[],
  itemCount: number,
  wanted?: readonly string[],
): ResultRowWithInterval[] {
  return ks.flatMap((k) =>
    (['all', 'full-length'] as const).flatMap((subset) => {
      const users = usersOf(sets, subset === 'all' ? 1 : k)
      if (users.length === 0) return []
      const counts = recommendedCounts(lists, users, k, itemCount)
      return metrics
        .filter((metric) => metric.kind === 'catalogue')
        .filter(({ id }) => wanted?.includes(id) ?? true)
        .flatMap((metric) => {
          const value = metric.ofCounts(counts)
          if (value === null) return []
          return [{ ...labels, subset, k, metric: metric.id, value, users: users.length, low: null, high: null }]
        })
    }),
  )
}

/** How often each item stands among the first k of these users' lists. */
function recommendedCounts(lists: RankedLists, users: Int32Array, k: number, itemCount: number): Int32Array {
  const counts = new Int32Array(itemCount)
  for (const c of users) {
    const end = Math.min(lists.start[c]! + k, lists.start[c + 1]!)
    for (let i = lists.start[c]!; i < end; i++) counts[lists.items[i]!]!++
  }
  return counts
}
