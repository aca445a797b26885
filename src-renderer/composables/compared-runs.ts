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
