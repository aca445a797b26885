import type { ReferenceOptions } from '../../engine/training/reference-step/reference-step.ts'
import { reasonOf } from '../compute/loaded-backend.ts'
import type { Contender, Running } from './contender.types.ts'

export interface Absent {
  readonly executor: string
  readonly threads: number
  readonly reason: string
}

/** How long a contender runs before it is measured: the engine translates what is hot, and caches fill. */
export interface WarmUp {
  readonly steps: number
  readonly ms: number
}

/**
 * All contenders of a comparison, open as long as they can be: one of a group is closed when another one's turn comes, and
 * warmed up anew when it is opened again.
 */
export class Field {
  readonly #work: ReferenceOptions
  readonly #warmUp: WarmUp
  readonly #open = new Map<Contender, Running>()

  constructor(work: ReferenceOptions, warmUp: WarmUp) {
    this.#work = work
    this.#warmUp = warmUp
  }

  /** @returns the contenders that can be opened here, and why the others cannot */
  async usable(contenders: readonly Contender[]): Promise<{ usable: Contender[]; absent: Absent[] }> {
    const usable: Contender[] = []
    const absent: Absent[] = []
    for (const contender of contenders) {
      try {
        await this.ready(contender)
        usable.push(contender)
      } catch (error) {
        absent.push({ executor: contender.executor, threads: contender.threads, reason: reasonOf(error) })
      }
    }
    return { usable, absent }
  }

  /** Open and warm. @throws PalateError BACKEND_UNAVAILABLE */
  async ready(contender: Contender): Promise<Running> {
    const known = this.#open.get(contender)
    if (known) return known
    for (const [other, running] of this.#open) {
      if (contender.group === null || other.group !== contender.group) continue
      this.#open.delete(other)
      await running.close()
    }
    const running = await contender.open(this.#work)
    this.#open.set(contender, running)
    const until = performance.now() + this.#warmUp.ms
    for (let step = 0; step < this.#warmUp.steps || performance.now() < until; step++) running.step()
    running.multiply()
    return running
  }

  async close(): Promise<void> {
    const all = [...this.#open.values()]
    this.#open.clear()
    for (const running of all) await running.close()
  }
}
