import type { DownloadProgress } from '../../../contract/dto/download.ts'

type Progress = Extract<DownloadProgress, { kind: 'download' }>

/** A speed that is told earlier is a guess. */
const KNOWN_AFTER_MS = 300

/** Where a download stands; written by the work, read by whoever tells the subscriber. */
export class DownloadMeter {
  readonly #startedAt = performance.now()
  #stage: Progress['stage'] = 'connecting'
  #received = 0
  #resumedFrom = 0
  #total: number
  #flowsSince = performance.now()

  /** @param expected bytes of the file, until the server says better */
  constructor(expected: number) {
    this.#total = expected
  }

  /** @param from bytes that had come before */
  flows(from: number, total: number | null): void {
    this.#stage = 'downloading'
    this.#received = this.#resumedFrom = from
    this.#total = total ?? this.#total
    this.#flowsSince = performance.now()
  }

  received(bytes: number): void {
    this.#received = bytes
  }

  /** @param bytes of the whole file */
  verifies(bytes: number): void {
    this.#stage = 'verifying'
    this.#received = this.#total = bytes
  }

  get progress(): Progress {
    const now = performance.now()
    const spentMs = now - this.#flowsSince
    const arrived = this.#received - this.#resumedFrom
    const known = this.#stage === 'downloading' && spentMs >= KNOWN_AFTER_MS && arrived > 0
    return {
      kind: 'download',
      stage: this.#stage,
      bytesReceived: this.#received,
      bytesTotal: this.#total,
      resumedFrom: this.#resumedFrom,
      elapsedMs: now - this.#startedAt,
      bytesPerSecond: known ? (arrived / spentMs) * 1000 : null,
      remainingMs: known ? (Math.max(0, this.#total - this.#received) / arrived) * spentMs : null,
    }
  }
}
