import type { BenchmarkState } from '../../contract/dto/benchmark.ts'
import { toErrorRecord } from '../../contract/errors.ts'
import type { StoredCell } from '../../storage/repositories/benchmarks.ts'
import type { NewRun, StoredRun } from '../../storage/repositories/runs.ts'
import type { ComputeChange, RunManager } from '../runs/run-manager.ts'
import type { Workspace } from '../workspace.ts'
import { fills } from './cell-runs.ts'
import { stateOfCell, type StandingCell } from './standing.ts'

export interface JobOptions {
  readonly benchmarkId: number
  readonly workspace: Workspace
  readonly runs: RunManager
  /** In the order in which they are to be filled. */
  readonly cells: readonly StandingCell[]
  /** How many at a time. */
  readonly lanes: number
  readonly choice: ComputeChange
  /** Milliseconds since 1970; null: no limit. */
  readonly deadline: number | null
  /** A cell changed. */
  readonly changed: () => void
}

export type StopReason = Extract<BenchmarkState, 'cancelled' | 'out-of-time' | 'interrupted'>

/** Fills the open cells of a benchmark, a few at a time. What goes wrong with a cell belongs to the cell. */
export class BenchmarkJob {
  readonly #options: JobOptions
  readonly #waiting: StandingCell[]
  readonly #atWork = new Set<number>()
  #stopped: StopReason | null = null
  /** A cell was left unfinished by somebody else: its run was paused, stopped or removed by hand. */
  #left = false

  constructor(options: JobOptions) {
    this.#options = options
    this.#waiting = options.cells.filter(isOpen)
  }

  /** @returns how it ended; never rejects */
  async run(): Promise<BenchmarkState> {
    const { deadline, lanes } = this.#options
    const timer = deadline === null ? undefined : setTimeout(() => void this.stop('out-of-time'), deadline - Date.now())
    try {
      await Promise.all(Array.from({ length: Math.max(1, lanes) }, () => this.#lane()))
    } finally {
      clearTimeout(timer)
    }
    return this.#stopped ?? (this.#left ? 'interrupted' : 'finished')
  }

  /** Begins no further cell. Those at work are paused with a checkpoint; for "interrupted" whoever closes the lab does that. */
  async stop(reason: StopReason): Promise<void> {
    this.#stopped ??= reason
    this.#waiting.length = 0
    if (reason === 'interrupted') return
    // One that has just ended cannot be paused, and need not be.
    await Promise.all([...this.#atWork].map((runId) => this.#options.runs.pause(runId).catch(() => undefined)))
  }

  async #lane(): Promise<void> {
    for (let cell = this.#waiting.shift(); cell; cell = this.#waiting.shift()) {
      try {
        await this.#fill(cell, cell.wanted!)
      } catch (error) {
        await this.#note({ row: cell.row.id, seed: cell.seed, runId: null, error: toErrorRecord(error) }).catch(() => undefined)
      }
      this.#options.changed()
    }
  }

  async #fill(cell: StandingCell, wanted: NewRun): Promise<void> {
    const { runs } = this.#options
    const found = cell.run ?? (await this.#finishedElsewhere(wanted))
    const runId = found?.id ?? (await this.#options.workspace.repositories.runs.insert([wanted]))[0]!
    await this.#note({ row: cell.row.id, seed: cell.seed, runId, error: null })
    if (found?.state === 'finished' || this.#stopped !== null) return
    this.#atWork.add(runId)
    try {
      await this.#ended(runId, async () => {
        if (!found) await runs.enqueue([runId])
        else if (!isAtWork(await runs.summary(runId))) await runs.resume(runId, this.#options.choice)
      })
    } finally {
      this.#atWork.delete(runId)
    }
  }

  /** The same run may stand in the workspace already: by another recipe, or by hand. */
  async #finishedElsewhere(wanted: NewRun): Promise<StoredRun | undefined> {
    const finished = await this.#options.workspace.repositories.runs.listByState(['finished'])
    return finished.findLast((run) => fills(run, wanted))
  }

  /** Resolves when the run is not at work any more. */
  async #ended(runId: number, begin: () => Promise<void>): Promise<void> {
    const { runs, changed } = this.#options
    const events = runs.events.subscribe(runId)
    try {
      await begin()
      if (this.#stopped !== null && this.#stopped !== 'interrupted') await runs.pause(runId).catch(() => undefined)
      changed()
      let state = (await runs.summary(runId)).state
      while (state === 'queued' || state === 'running') {
        const event = await events.next()
        if (event.done) break
        if (event.value.kind === 'removed') {
          this.#left = true
          break
        }
        if (event.value.kind === 'run') state = event.value.run.state
      }
      if (state === 'paused' || state === 'stopped' || state === 'interrupted') this.#left = true
    } finally {
      await events.return()
    }
  }

  async #note(cell: StoredCell): Promise<void> {
    await this.#options.workspace.repositories.benchmarks.setCell(this.#options.benchmarkId, cell)
  }
}

/** A run that diverged would do so again; whatever else failed is tried again. */
function isOpen(cell: StandingCell): boolean {
  const state = stateOfCell(cell)
  return cell.wanted !== null && state !== 'done' && state !== 'unavailable' && cell.run?.state !== 'diverged'
}

function isAtWork({ state }: Pick<StoredRun, 'state'>): boolean {
  return state === 'running' || state === 'queued'
}
