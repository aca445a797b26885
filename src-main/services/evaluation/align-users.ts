import type { Measured } from '../../engine/evaluation/statistics/measured.ts'
import type { UserValueColumns } from '../../storage/repositories/user-metrics.ts'

/**
 * One table per contender, trials down and users across, the same users in all; NaN where a user has no value.
 *
 * @param loaded by contender and trial
 * @param subset "full-length": only users with at least k candidates count
 */
export function alignUsers(
  loaded: readonly (readonly UserValueColumns[])[],
  { subset, k }: { readonly subset: 'all' | 'full-length'; readonly k: number },
): Measured[] {
  const least = subset === 'full-length' ? k : 1
  const known = new Set(loaded.flatMap((own) => own.flatMap(({ userIndex }) => [...userIndex])))
  const columnOf = new Map([...known].sort((a, b) => a - b).map((user, column) => [user, column]))
  return loaded.map((own) => {
    const values = new Float64Array(own.length * columnOf.size).fill(NaN)
    own.forEach(({ userIndex, candidates, value }, trial) => {
      userIndex.forEach((user, at) => {
        if (candidates[at]! >= least) values[trial * columnOf.size + columnOf.get(user)!] = value[at]!
      })
    })
    return { trials: own.length, users: columnOf.size, values }
  })
}
