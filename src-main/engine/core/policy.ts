/**
 * Recommends to several users at once. A slot holds one user's episode; slots are independent of each other, so that
 * the same user gives the same list whatever else is in the batch.
 */
export interface Policy {
  /** How many slots there are. */
  readonly slots: number
  /** Starts an episode of the user in the slot, from the state that the training history gives. */
  begin(slot: number, userIndex: number): void
  /** Computes the actions of the first `count` slots named by `slots`; `score` may be called for them afterwards. */
  act(slots: Int32Array, count: number): void
  /** Writes the scores of the first `count` items for the slot's present action. */
  score(slot: number, items: Int32Array, count: number, out: Float32Array): void
  /** Feedback on a recommended item: the state of the slot moves on. */
  observe(slot: number, itemIndex: number, rating: number): void
}
