import type { ParamSpecs } from '../../contract/params.ts'

/** How a saved model is scored: which candidates, and whether feedback comes back within a user's list. */
export interface ProtocolDefinition {
  readonly id: string
  readonly title: string
  readonly doc: string
  /** Why its figures must not be compared with others; shown wherever they stand. */
  readonly caution?: string
  /**
   * What is ordered: "test-items", the user's own test items; "catalogue", all items that the user has not rated in training;
   * "sample", one liked test item and 99 items that the user never rated; "liked-samples", each liked test item in a list of its
   * own, with 99 items that are no liked test items of the user. Several lists of a user count as their mean; "simulated", the
   * catalogue again, and simulated users answer.
   */
  readonly candidates: 'test-items' | 'catalogue' | 'sample' | 'liked-samples' | 'simulated'
  /** True: one by one, the logged rating updates the state before the next. False: one order from the first state. */
  readonly sequential: boolean
  /** Test ratings that the policy is told before the list. Their items are no candidates, and count in no figure. */
  readonly told?: ToldRatings
  /** The metrics that it has; absent: all but those that only named ones have. */
  readonly metrics?: readonly string[]
  /** What can be set; absent where nothing can. */
  readonly params?: ParamSpecs
}

/** The first test items of a user, in time, as if they had been recommended in that order. */
export interface ToldRatings {
  /** How many; users who have fewer of the kind are left out. */
  readonly items: number
  /** Only items that the user liked. */
  readonly liked: boolean
  /** Users with fewer test items beside them are left out; at least 1. */
  readonly leastLeft: number
}

export function defineProtocol(definition: ProtocolDefinition): ProtocolDefinition {
  return definition
}
