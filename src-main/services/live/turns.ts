/** One thing after the other per number: an answer given by a held key waits for the one before it. */
export class Turns {
  readonly #last = new Map<number, Promise<void>>()

  take<T>(id: number, work: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(id) ?? Promise.resolve()).then(work)
    // What came of it, a whole ranking, is not held on to, nor is the number.
    const ended: Promise<void> = turn.then(
      () => this.#leave(id, ended),
      () => this.#leave(id, ended),
    )
    this.#last.set(id, ended)
    return turn
  }

  /** Resolves when everything that was begun has ended, well or not. */
  async allEnded(): Promise<void> {
    await Promise.all(this.#last.values())
  }

  #leave(id: number, ended: Promise<void>): void {
    if (this.#last.get(id) === ended) this.#last.delete(id)
  }
}
