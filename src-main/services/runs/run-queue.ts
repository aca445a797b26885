import type { QueueMove } from '../../contract/dto/queue.ts'

/**
 * In the order of arrival unless somebody moves them, so many at a time. What a run is, the queue does not know: it starts
 * numbers and waits for the promise that `start` returns. `start` must not reject; what goes wrong with a run belongs to the run.
 */
export class RunQueue {
  readonly #start: (runId: number) => Promise<void>
  readonly #limit: () => number
  readonly #changed: () => void
  readonly #waiting: number[] = []
  readonly #active = new Map<number, Promise<void>>()
  #held = false
  #closed = false

  /**
   * @param limit how many may be at work at once; asked each time, so that a changed setting takes effect with the next run
   * @param changed called after the runs that wait, or their order, are others; not by `close`
   */
  constructor(limit: () => number, start: (runId: number) => Promise<void>, changed: () => void = () => undefined) {
    this.#limit = limit
    this.#start = start
    this.#changed = changed
  }

  /** Appends runs; those that wait or are at work already stay where they are. */
  add(runIds: readonly number[]): void {
    const added = new Set(runIds.filter((runId) => !this.has(runId)))
    if (added.size === 0) return
    this.#waiting.push(...added)
    this.#changed()
    this.fill()
  }

  /** @returns true when the run was waiting; it then never starts */
  withdraw(runId: number): boolean {
    const at = this.#waiting.indexOf(runId)
    if (at < 0) return false
    this.#waiting.splice(at, 1)
    this.#changed()
    return true
  }

  /** @returns false when the run does not wait */
  move(runId: number, to: QueueMove): boolean {
    const at = this.#waiting.indexOf(runId)
    if (at < 0) return false
    const target = targetOf(this.#waiting, at, to)
    if (target === at) return true
    this.#waiting.splice(at, 1)
    this.#waiting.splice(target, 0, runId)
    this.#changed()
    return true
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

  /** While it is held nothing starts; what is at work goes on. */
  hold(held: boolean): void {
    this.#held = held
    this.fill()
  }

  get held(): boolean {
    return this.#held
  }

  /** Starts what may start now. */
  fill(): void {
    let started = 0
    while (!this.#closed && !this.#held && this.#waiting.length > 0 && this.#active.size < Math.max(1, this.#limit())) {
      const runId = this.#waiting.shift()!
      started++
      const ended = this.#start(runId).finally(() => {
        this.#active.delete(runId)
        this.fill()
      })
      this.#active.set(runId, ended)
    }
    if (started > 0) this.#changed()
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

/** Where the run at `at` goes to, counted without it. */
function targetOf(waiting: readonly number[], at: number, to: QueueMove): number {
  const last = waiting.length - 1
  if (typeof to === 'string') return { up: Math.max(0, at - 1), down: Math.min(last, at + 1), first: 0, last }[to]
  const before = waiting.indexOf(to.before)
  if (before < 0 || before === at) return at
  return before > at ? before - 1 : before
}
