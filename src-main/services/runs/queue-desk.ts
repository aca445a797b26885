import * as z from 'zod'
import type { QueueMove, QueueState } from '../../contract/dto/queue.ts'
import type { SettingsRepository } from '../../storage/repositories/settings.ts'
import type { RunQueue } from './run-queue.ts'

export interface QueueDeskOptions {
  readonly queue: RunQueue
  readonly settings: SettingsRepository
  /** The queue is another now. */
  readonly changed: (state: QueueState) => void
}

/** Under this key of the settings table the queue is remembered. */
const storedKey = 'queue'
const stored = z.object({
  order: z.array(z.int()),
  held: z.boolean(),
  /** Paused by `pauseAll`: what `resumeAll` lets go on. */
  pausedTogether: z.array(z.int()),
  clearedAt: z.int(),
})
type Stored = z.infer<typeof stored>

/** What outlives the process of the queue: its order, whether it is held, and what was cleared from its list. */
export class QueueDesk {
  readonly #options: QueueDeskOptions
  #pausedTogether: readonly number[] = []
  #clearedAt = 0
  /** Nothing is stored before the stored order has been read, nor after the close: both would forget it. */
  #open = false
  #saving: Promise<void> | null = null
  #again = false

  constructor(options: QueueDeskOptions) {
    this.#options = options
  }

  get state(): QueueState {
    const { queue } = this.#options
    return { waiting: [...queue.waiting], held: queue.held, clearedAt: this.#clearedAt }
  }

  /**
   * Takes up the queue of the process before.
   *
   * @param waiting the runs that wait, oldest first
   */
  async open(waiting: readonly number[]): Promise<void> {
    const { queue, settings } = this.#options
    const read = stored.safeParse((await settings.all())[storedKey])
    const before: Stored = read.success ? read.data : { order: [], held: false, pausedTogether: [], clearedAt: 0 }
    this.#pausedTogether = before.pausedTogether
    this.#clearedAt = before.clearedAt
    queue.hold(before.held)
    const waits = new Set(waiting)
    queue.add([...before.order.filter((runId) => waits.has(runId)), ...waiting])
    this.#open = true
  }

  /** @returns false when the run does not wait */
  move(runId: number, to: QueueMove): boolean {
    return this.#options.queue.move(runId, to)
  }

  /** @param paused the runs at work, which will pause */
  hold(paused: readonly number[]): void {
    this.#pausedTogether = [...new Set([...this.#pausedTogether, ...paused])]
    this.#options.queue.hold(true)
    this.note()
  }

  /** @returns the runs that were paused together, for the caller to resume */
  release(): readonly number[] {
    const paused = this.#pausedTogether
    this.#pausedTogether = []
    return paused
  }

  clearEnded(at: number): void {
    this.#clearedAt = at
    this.note()
  }

  /** Tells and stores the queue as it is now. */
  note(): void {
    if (!this.#open) return
    this.#options.changed(this.state)
    this.#again = true
    this.#saving ??= this.#save()
  }

  /** Stores no more; the last state is on the disk when it resolves. */
  async close(): Promise<void> {
    await this.#saving
    this.#open = false
  }

  /** One write at a time; whatever changed meanwhile is in the next one. */
  async #save(): Promise<void> {
    while (this.#again) {
      this.#again = false
      const { waiting: order, held, clearedAt } = this.state
      const value: Stored = { order, held, clearedAt, pausedTogether: [...this.#pausedTogether] }
      // On a full disk the order is forgotten at the next start, and the runs wait in the order of their numbers.
      await this.#options.settings.set({ [storedKey]: value }).catch(() => undefined)
    }
    this.#saving = null
  }
}
