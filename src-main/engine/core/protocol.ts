/** How a saved model is scored: which candidates, and whether feedback comes back within a user's list. */
export interface ProtocolDefinition {
  readonly id: string
  readonly title: string
  readonly doc: string
  /** True: one by one, the logged rating updates the state before the next. False: one order from the first state. */
  readonly sequential: boolean
}

export function defineProtocol(definition: ProtocolDefinition): ProtocolDefinition {
  return definition
}
