/** The speed is averaged over about this long: long enough to be steady, short enough to show what happens now. */
const windowMs = 10_000

/** Updates per second over the last seconds of training time. */
export class Speedometer {
  readonly #samples: { elapsedMs: number; updates: number }[] = []

  /** @param elapsedMs training time without pauses, never falling */
  add(elapsedMs: number, updates: number): void {
    this.#samples.push({ elapsedMs, updates })
    while (this.#samples.length > 2 && elapsedMs - this.#samples[1]!.elapsedMs >= windowMs) this.#samples.shift()
  }

  /** Null until two samples with time and an update between them were seen. */
  get updatesPerSecond(): number | null {
    const first = this.#samples[0]
    const last = this.#samples.at(-1)
    if (!first || !last || last.elapsedMs <= first.elapsedMs || last.updates <= first.updates) return null
    return ((last.updates - first.updates) * 1000) / (last.elapsedMs - first.elapsedMs)
  }

  /** Training time that `updates` more will take; null while the speed is not known. */
  remainingMs(updates: number): number | null {
    const speed = this.updatesPerSecond
    return speed === null ? null : (Math.max(0, updates) * 1000) / speed
  }
}
