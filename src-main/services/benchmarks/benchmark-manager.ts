import type { BenchmarkProgress } from '../../contract/dto/benchmark.ts'
import type { DatasetSummary } from '../../contract/dto/dataset.ts'
import { PalateError } from '../../contract/errors.ts'
import type { Handlers } from '../handlers.ts'
import type { RunManager } from '../runs/run-manager.ts'
import { BenchmarkJob } from './benchmark-job.ts'
import { makePlan, wantedRows } from './plan.ts'
import { toProgress } from './progress.ts'
import type { Recipe } from './recipe.ts'
import { findRecipe, loadStanding, storedBenchmark, type BenchmarkHost } from './standing.ts'

type StartInput = Parameters<Handlers['benchmarks']['start']>[0]

export interface BenchmarkManagerOptions extends Omit<BenchmarkHost, 'live'> {
  readonly runs: RunManager
  /** How many runs may train at once. */
  readonly concurrentRuns: () => number
}

interface AtWork {
  readonly job: BenchmarkJob
  readonly deadline: number | null
  readonly ended: Promise<void>
}

/** Owns the benchmarks at work. */
export class BenchmarkManager {
  readonly host: BenchmarkHost
  readonly #options: BenchmarkManagerOptions
  readonly #atWork = new Map<number, AtWork>()
  readonly #waiters = new Map<number, Set<() => void>>()

  constructor(options: BenchmarkManagerOptions) {
    this.#options = options
    this.host = { ...options, live: (runId) => options.runs.live(runId) }
  }

  get #repository() {
    return this.#options.workspace.repositories.benchmarks
  }

  /** What was at work when the process before died is interrupted: `start` goes on with it. */
  async open(): Promise<void> {
    await this.#repository.markInterrupted(Date.now())
  }

  /**
   * @throws PalateError BENCHMARK_NOT_FOUND, DATASET_NOT_FOUND, INPUT_INVALID (unknown rows, or no data set to be guessed),
   *         RUN_STATE while it is at work already
   */
  async start(input: StartInput): Promise<BenchmarkProgress> {
    const recipe = findRecipe(this.#options.recipes, input.recipe)
    const dataset = await this.#datasetFor(recipe, input.dataset)
    wantedRows(makePlan(recipe, this.#options.catalogue, dataset).rows, input.rows ?? null)
    const seeds = [...new Set(input.seeds ?? Array.from({ length: recipe.defaultSeeds }, (_, at) => at + 1))].sort(
      (a, b) => a - b,
    )
    const present = (await this.#repository.list()).find((one) => one.recipe === recipe.id && one.datasetId === dataset.id)
    if (present && this.#atWork.has(present.id)) throw atWork(present.id, 'started')
    const at = Date.now()
    const id = await this.#repository.begin({ recipe: recipe.id, datasetId: dataset.id, seeds, rows: input.rows ?? null }, at)
    const deadline = input.budgetMinutes === undefined ? null : Math.round(at + input.budgetMinutes * 60_000)
    const choice = { backend: input.backend, threads: input.threads }
    const { cells } = await loadStanding(this.host, id, choice)
    const job = new BenchmarkJob({
      benchmarkId: id,
      workspace: this.#options.workspace,
      runs: this.#options.runs,
      // Seed by seed: the table is whole early, and what the rows of a split have in common is computed once.
      cells: cells.toSorted((a, b) => a.seed - b.seed),
      lanes: this.#options.concurrentRuns(),
      choice,
      deadline,
      changed: () => this.#tell(id),
    })
    this.#atWork.set(id, { job, deadline, ended: this.#work(id, job) })
    return this.progress(id)
  }

  async #work(id: number, job: BenchmarkJob): Promise<void> {
    const state = await job.run()
    // A state that cannot be stored, because the disk is full, is "interrupted" at the next start.
    await this.#repository.setState(id, state, Date.now()).catch(() => undefined)
    this.#atWork.delete(id)
    this.#tell(id)
  }

  async #datasetFor(recipe: Recipe, ref: number | string | undefined): Promise<DatasetSummary> {
    const { datasets } = this.#options.workspace.repositories
    if (ref !== undefined) return datasets.get(ref)
    const fitting = (await datasets.list()).filter((dataset) => recipe.data.some((one) => one.is(dataset)))
    if (fitting.length === 1) return fitting[0]!
    const titles = recipe.data.map((one) => one.title).join(' or ')
    const message =
      fitting.length === 0
        ? `No data set of this workspace is what "${recipe.id}" is about (${titles}). Import it, or name another one with --dataset.`
        : `Several data sets would do (${fitting.map((one) => one.name).join(', ')}). Name one with --dataset.`
    throw new PalateError('INPUT_INVALID', message, { issues: [{ path: 'dataset', message }] })
  }

  /** @throws PalateError BENCHMARK_NOT_FOUND */
  async progress(id: number): Promise<BenchmarkProgress> {
    const deadline = this.#atWork.get(id)?.deadline ?? null
    return toProgress(await loadStanding(this.host, id), deadline, this.#options.concurrentRuns())
  }

  /** Resolves at the next change of the benchmark, after `atMostMs` in any case. */
  change(id: number, atMostMs: number): Promise<void> {
    return new Promise((resolve) => {
      const waiters = this.#waiters.get(id) ?? new Set()
      this.#waiters.set(id, waiters)
      const done = () => {
        clearTimeout(timer)
        waiters.delete(done)
        resolve()
      }
      const timer = setTimeout(done, atMostMs)
      waiters.add(done)
    })
  }

  #tell(id: number): void {
    for (const waiter of this.#waiters.get(id) ?? []) waiter()
  }

  /** @throws PalateError BENCHMARK_NOT_FOUND */
  async cancel(id: number): Promise<BenchmarkProgress> {
    await storedBenchmark(this.#options.workspace, id)
    const working = this.#atWork.get(id)
    await working?.job.stop('cancelled')
    await working?.ended
    return this.progress(id)
  }

  /** @throws PalateError BENCHMARK_NOT_FOUND, RUN_STATE while it is at work */
  async remove(id: number): Promise<boolean> {
    await storedBenchmark(this.#options.workspace, id)
    if (this.#atWork.has(id)) throw atWork(id, 'removed')
    return this.#repository.remove(id)
  }

  /** Begins nothing any more: called before the runs are interrupted. */
  async leave(): Promise<void> {
    await Promise.all([...this.#atWork.values()].map(({ job }) => job.stop('interrupted')))
  }

  /** Resolves when every state is stored: called after the runs were interrupted. */
  async allEnded(): Promise<void> {
    await Promise.all([...this.#atWork.values()].map(({ ended }) => ended))
  }
}

function atWork(id: number, wanted: string): PalateError<'RUN_STATE'> {
  return new PalateError('RUN_STATE', `Benchmark ${id} cannot be ${wanted}: it is at work. Cancel it first.`, {
    run: `benchmark ${id}`,
    state: 'running',
    wanted,
  })
}
