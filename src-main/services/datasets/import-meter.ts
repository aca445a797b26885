import type { ImportProgress } from '../../contract/dto/dataset.ts'

type Progress = Extract<ImportProgress, { kind: 'progress' }>

/** Where an import stands; written by the work, read by whoever tells the subscriber. */
export class ImportMeter {
  readonly #startedAt = performance.now()
  #stage: Progress['stage'] = 'detecting'
  #rows = 0
  #bytesRead = 0
  #bytesTotal = 0

  enter(stage: Progress['stage']): void {
    this.#stage = stage
  }

  read(rows: number, bytesRead: number, bytesTotal: number): void {
    this.#rows = rows
    this.#bytesRead = bytesRead
    this.#bytesTotal = bytesTotal
  }

  stored(stage: 'storing' | 'indexing', rows: number): void {
    this.#stage = stage
    this.#rows = rows
  }

  get progress(): Progress {
    return {
      kind: 'progress',
      stage: this.#stage,
      rows: this.#rows,
      bytesRead: this.#bytesRead,
      bytesTotal: this.#bytesTotal,
      elapsedMs: performance.now() - this.#startedAt,
    }
  }
}
