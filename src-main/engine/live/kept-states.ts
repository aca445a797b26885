/** The last so many are all kept. */
const RECENT = 16
/** Of those further back, at most so many. */
const MILESTONES = 12

/**
 * States of a session before its answers, to go back to: all of the last few, and from further back one in so many, the rarer the longer
 * the session gets. What lies between is played again from the one before it, so that going back never plays the whole session twice.
 */
export class KeptStates<T> {
  /** By the answers given before. */
  readonly #states = new Map<number, T>()
  #spacing = RECENT

  /** @param at answers given so far; above all that are kept */
  keep(at: number, state: T): void {
    this.#states.set(at, state)
    const milestones = () => [...this.#states.keys()].filter((one) => one <= at - RECENT)
    this.#thin(milestones())
    while (milestones().length > MILESTONES) {
      this.#spacing *= 2
      this.#thin(milestones())
    }
  }

  /** The last that is kept of those up to `at`; undefined where there is none. */
  nearest(at: number): { readonly at: number; readonly state: T } | undefined {
    let found: { at: number; state: T } | undefined
    for (const [one, state] of this.#states) if (one <= at && one >= (found?.at ?? 0)) found = { at: one, state }
    return found
  }

  /** Those of answers that were taken back. */
  dropFrom(at: number): void {
    for (const one of [...this.#states.keys()]) if (one >= at) this.#states.delete(one)
  }

  #thin(milestones: readonly number[]): void {
    for (const one of milestones) if (one % this.#spacing !== 0) this.#states.delete(one)
  }
}
