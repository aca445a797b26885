import type { RunSummary } from '../../src-main/contract/dto/run.ts'

/** More lines and columns than these nobody reads at a time. */
export const mostCompared = 20

export interface ChosenRuns {
  /** At most twenty that are there, in the order in which they were named. */
  readonly ids: readonly number[]
  /** Named, but not in this workspace (any more). */
  readonly missing: readonly number[]
  /** How many are there beyond the first twenty. */
  readonly left: number
}

/** Which of the runs that an address names are compared. */
export function chosenRuns(named: readonly number[], isThere: (id: number) => boolean): ChosenRuns {
  const there = named.filter(isThere)
  return {
    ids: there.slice(0, mostCompared),
    missing: named.filter((id) => !isThere(id)),
    left: Math.max(0, there.length - mostCompared),
  }
}

type Choosable = Pick<RunSummary, 'id' | 'split' | 'name' | 'seed' | 'datasetId'>

/** The first run that is named, or the first of all; and one of the same split, so that both were tested on the same items. */
export function pairOf<R extends Choosable>(
  runs: readonly R[],
  wanted: { first: number; second: number },
): readonly [R, R] | undefined {
  const first = runs.find((run) => run.id === wanted.first) ?? runs[0]
  if (!first) return undefined
  const others = runs.filter((run) => run.id !== first.id)
  const alike = others.find((run) => run.split === first.split && run.datasetId === first.datasetId)
  const second = runs.find((run) => run.id === wanted.second) ?? alike ?? others[0] ?? first
  return [first, second]
}
