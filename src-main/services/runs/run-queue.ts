/**
 * First in, first out, so many at a time. What a run is, the queue does not know: it starts numbers and waits for the
 * promise that `start` returns. `start` must not reject; what goes wrong with a run belongs to the run.
 */
export class RunQueue {
  readonly #start: (runId: number) => Promise<void>
  readonly #limit: () => number
  readonly #waiting: number[] = []
  readonly #active = new Map<number, Promise<void>>()
  #closed = false

  /** @param limit how many may be at work at once; asked each time, so that a changed setting takes effect with the next run */
  constructor(limit: () => number, start: (runId: number) => Promise<void>) {
    this.#limit = limit
    this.#start = start
  }

  /** Appends runs; those that wait or are at work already stay where they are. */
  add(runIds: readonly number[]): void {
    for (const runId of runIds) if (!this.has(runId)) this.#waiting.push(runId)
    this.fill()
  }

  /** @returns true when the run was waiting; it then never starts */
  withdraw(runId: number): boolean {
    const at = this.#waiting.indexOf(runId)
    if (at >= 0) this.#waiting.splice(at, 1)
    return at >= 0
  }

  has(runId: number): boolean {
    return this.#active.has(runId) || this.#waiting.includes(runId)
  }

  get waiting(): readonly number[] {
    return this.#waiting
  }

  /** How many are at work at once as long as the queue is as it is. */
  get concurrency(): number {
    return Math.max(1, Math.min(this.#limit(), this.#active.size + this.#waiting.length))
  }

  /** Starts what may start now. */
  fill(): void {
    while (!this.#closed && this.#waiting.length > 0 && this.#active.size < Math.max(1, this.#limit())) {
      const runId = this.#waiting.shift()!
      const ended = this.#start(runId).finally(() => {
        this.#active.delete(runId)
        this.fill()
      })
      this.#active.set(runId, ended)
    }
  }

  /** Resolves when the run is no longer at work; at once when it is not. */
  async ended(runId: number): Promise<void> {
    await this.#active.get(runId)
  }

  /** Starts nothing any more. @returns the runs that were still waiting */
  close(): number[] {
    this.#closed = true
    return this.#waiting.splice(0)
  }

  async allEnded(): Promise<void> {
    await Promise.all(this.#active.values())
  }
}
