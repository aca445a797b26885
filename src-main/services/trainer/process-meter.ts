import type { ProcessFacts } from '../../contract/dto/run-log.ts'

const everyMs = 1000

/** What this process has taken since it began. */
export interface ProcessSample extends ProcessFacts {
  /** Processor time of all threads. */
  readonly cpuMs: number
}

/** Memory and processor time of this process, at most once a second. */
export class ProcessMeter {
  #at = performance.now()
  #cpuMs = cpuMsNow()

  /** @returns undefined when the last sample is younger than a second */
  sample(): ProcessSample | undefined {
    const now = performance.now()
    const tookMs = now - this.#at
    if (tookMs < everyMs) return undefined
    const cpuMs = cpuMsNow()
    const cpuPercent = Math.max(0, (100 * (cpuMs - this.#cpuMs)) / tookMs)
    this.#at = now
    this.#cpuMs = cpuMs
    return { memoryBytes: process.memoryUsage.rss(), cpuPercent, cpuMs }
  }
}

function cpuMsNow(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
