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
   * "sample", one liked test item and 99 items that the user never rated; "simulated", the catalogue again, and simulated users
   * answer.
   */
  readonly candidates: 'test-items' | 'catalogue' | 'sample' | 'simulated'
  /** True: one by one, the logged rating updates the state before the next. False: one order from the first state. */
  readonly sequential: boolean
  /** What can be set; absent where nothing can. */
  readonly params?: ParamSpecs
}

export function defineProtocol(definition: ProtocolDefinition): ProtocolDefinition {
  return definition
}
