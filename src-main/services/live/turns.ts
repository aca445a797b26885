/** One thing after the other per number: an answer given by a held key waits for the one before it. */
export class Turns {
  readonly #last = new Map<number, Promise<unknown>>()

  take<T>(id: number, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(id) ?? Promise.resolve()
    const turn = before.catch(() => undefined).then(work)
    this.#last.set(id, turn)
    return turn
  }

  /** Resolves when everything that was begun has ended, well or not. */
  async allEnded(): Promise<void> {
    await Promise.allSettled([...this.#last.values()])
  }
}
