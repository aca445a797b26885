import type { RunEvent } from '../../contract/dto/run.ts'
import type { RunLogKind } from '../../contract/dto/run-log.ts'
import type { ProcessSample } from '../trainer/process-meter.ts'
import type { Workspace } from '../workspace.ts'

/** Writes down what happens to one run, and tells it. */
export class RunLogWriter {
  readonly #runId: number
  readonly #workspace: Workspace
  readonly #publish: (event: RunEvent) => void
  #best = -Infinity
  #peakMemoryBytes = 0
  #cpuMs = 0

  constructor(runId: number, workspace: Workspace, publish: (event: RunEvent) => void) {
    this.#runId = runId
    this.#workspace = workspace
    this.#publish = publish
  }

  /** A log that cannot be written costs no run: on a full disk there are greater worries. */
  async add(kind: RunLogKind, update: number | null, text: string): Promise<void> {
    const entry = { at: Date.now(), update, kind, text }
    await this.#workspace.repositories.runLog.add(this.#runId, entry).catch(() => undefined)
    this.#publish({ kind: 'log', runId: this.#runId, entry })
  }

  /**
   * A process takes the run up.
   *
   * @param update of the state that it goes on from; negative at the beginning
   * @param curve the stored values by which the best one is told
   */
  async begin(update: number, again: boolean, curve: string): Promise<void> {
    const [series] = await this.#workspace.repositories.metricPoints.series(this.#runId, { names: [curve] })
    this.#best = series ? series.value.reduce((most, value) => Math.max(most, value), -Infinity) : -Infinity
    if (update >= 0) await this.add('resumed', update, `Continued from the checkpoint at update ${update}.`)
    else if (again) await this.add('restarted', 0, 'Started once more, from the beginning.')
    else await this.add('started', 0, 'Started.')
  }

  async validated(update: number, value: number): Promise<void> {
    if (value <= this.#best) return
    this.#best = value
    await this.add('best', update, `Best validation NDCG@20 so far: ${value.toFixed(4)}.`)
  }

  took(sample: ProcessSample): void {
    this.#peakMemoryBytes = Math.max(this.#peakMemoryBytes, sample.memoryBytes)
    this.#cpuMs = sample.cpuMs
    const { memoryBytes, cpuPercent } = sample
    this.#publish({ kind: 'process', runId: this.#runId, facts: { memoryBytes, cpuPercent } })
  }

  /** The process is gone: what it took is added to the record. */
  async processEnded(): Promise<void> {
    if (this.#cpuMs === 0) return
    const taken = { peakMemoryBytes: this.#peakMemoryBytes, cpuMs: this.#cpuMs }
    this.#cpuMs = 0
    await this.#workspace.repositories.runLog.addProcess(this.#runId, taken).catch(() => undefined)
  }
}
