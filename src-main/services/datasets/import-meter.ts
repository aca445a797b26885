import type { ImportProgress } from '../../contract/dto/dataset.ts'

type Progress = Extract<ImportProgress, { kind: 'progress' }>

/** A speed or a remaining time that is told earlier is a guess. */
const KNOWN_AFTER_MS = 300

/** Where an import stands; written by the work, read by whoever tells the subscriber. */
export class ImportMeter {
  readonly #startedAt = performance.now()
  #stage: Progress['stage'] = 'detecting'
  #rows = 0
  #bytesRead = 0
  #bytesTotal = 0
  /** Of the stage at hand. */
  #stageStartedAt = performance.now()
  /** Rows that are to be stored: what was read. */
  #rowsTotal = 0

  enter(stage: Progress['stage']): void {
    this.#begin(stage)
  }

  read(rows: number, bytesRead: number, bytesTotal: number): void {
    this.#rows = rows
    this.#bytesRead = bytesRead
    this.#bytesTotal = bytesTotal
  }

  stored(stage: 'storing' | 'indexing', rows: number): void {
    this.#begin(stage)
    this.#rows = rows
  }

  #begin(stage: Progress['stage']): void {
    if (stage === this.#stage) return
    if (this.#stage === 'reading') this.#rowsTotal = this.#rows
    this.#stage = stage
    this.#stageStartedAt = performance.now()
  }

  /** How much of the stage is done, 0..1, where that can be told. */
  get #share(): number | null {
    if (this.#stage === 'reading' && this.#bytesTotal > 0) return Math.min(1, this.#bytesRead / this.#bytesTotal)
    if (this.#stage === 'storing' && this.#rowsTotal > 0) return Math.min(1, this.#rows / this.#rowsTotal)
    return null
  }

  get progress(): Progress {
    const spentMs = performance.now() - this.#stageStartedAt
    const known = spentMs >= KNOWN_AFTER_MS && (this.#stage === 'reading' || this.#stage === 'storing')
    const share = this.#share
    return {
      kind: 'progress',
      stage: this.#stage,
      rows: this.#rows,
      bytesRead: this.#bytesRead,
      bytesTotal: this.#bytesTotal,
      elapsedMs: performance.now() - this.#startedAt,
      rowsPerSecond: known && this.#rows > 0 ? (this.#rows / spentMs) * 1000 : null,
      remainingMs: known && share !== null && share > 0 ? (spentMs / share) * (1 - share) : null,
    }
  }
}
