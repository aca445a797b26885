import type { BenchmarkProgress, BenchmarkRecipe, BenchmarkResult } from '../../contract/dto/benchmark.ts'
import type { Handlers } from '../handlers.ts'
import type { BenchmarkManager } from './benchmark-manager.ts'
import { formatResult } from './formats/format-result.ts'
import { makePlan } from './plan.ts'
import { toRowPlan, toSummary } from './progress.ts'
import { citationOf } from './published.ts'
import type { Recipe } from './recipe.ts'
import { resultOf } from './result.ts'
import { loadStanding, stateOfCell, type BenchmarkHost, type Standing } from './standing.ts'

/** How often a watcher hears of a benchmark in which no cell changes. */
const watchEveryMs = 1000

export function createBenchmarkHandlers(manager: BenchmarkManager): Handlers['benchmarks'] {
  const { host } = manager
  const results = new ResultCache(host)
  return {
    async list() {
      const listed: BenchmarkRecipe[] = []
      for (const recipe of host.recipes) listed.push(await toRecipe(host, recipe))
      return listed
    },
    start: (input) => manager.start(input),
    get: ({ benchmarkId }) => manager.progress(benchmarkId),
    watch: ({ benchmarkId }, { signal }) => watch(manager, benchmarkId, signal),
    cancel: ({ benchmarkId }) => manager.cancel(benchmarkId),
    async result({ benchmarkId }, { signal }) {
      return results.of(await loadStanding(host, benchmarkId), signal)
    },
    async *export({ benchmarkId, format }, { signal }) {
      const { csvFormulaGuard } = await host.settings()
      yield* formatResult(await results.of(await loadStanding(host, benchmarkId), signal), format, csvFormulaGuard)
    },
    remove: async ({ benchmarkId }) => ({ removed: await manager.remove(benchmarkId) }),
  }
}

async function* watch(
  manager: BenchmarkManager,
  benchmarkId: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<BenchmarkProgress, void, void> {
  for (;;) {
    // Before the state is read: a change while it is read must not be missed.
    const change = manager.change(benchmarkId, watchEveryMs)
    const progress = await manager.progress(benchmarkId)
    yield progress
    if (progress.state !== 'running') return
    await change
    if (signal?.aborted) return
  }
}

async function toRecipe(host: BenchmarkHost, recipe: Recipe): Promise<BenchmarkRecipe> {
  const { datasets, benchmarks } = host.workspace.repositories
  const present = await datasets.list()
  const plan = makePlan(recipe, host.catalogue, null)
  const started = (await benchmarks.list()).filter((one) => one.recipe === recipe.id)
  const summaries: BenchmarkRecipe['started'] = []
  for (const { id } of started) summaries.push(toSummary(await loadStanding(host, id)))
  return {
    id: recipe.id,
    title: recipe.title,
    doc: recipe.doc,
    citations: recipe.published.map(citationOf),
    data: recipe.data.map(({ id, title, is }) => ({
      id,
      title,
      datasets: present.filter(is).map((dataset) => ({ id: dataset.id, name: dataset.name })),
    })),
    split: recipe.split,
    protocols: [...recipe.protocols],
    columns: [...plan.columns],
    rows: plan.rows.map(toRowPlan),
    defaultSeeds: recipe.defaultSeeds,
    remarks: [...plan.remarks],
    started: summaries,
  }
}

/** Thousands of bootstrap samples take seconds: the figures are kept until a cell has changed. */
class ResultCache {
  readonly #host: BenchmarkHost
  readonly #last = new Map<number, { readonly key: string; readonly result: BenchmarkResult }>()

  constructor(host: BenchmarkHost) {
    this.#host = host
  }

  async of(standing: Standing, signal: AbortSignal | undefined): Promise<BenchmarkResult> {
    const { id } = standing.stored
    const cells = standing.cells.map((cell) => [cell.row.id, cell.seed, stateOfCell(cell), cell.run?.id])
    const key = JSON.stringify(cells)
    const last = this.#last.get(id)
    if (last?.key === key) return { ...last.result, benchmark: toSummary(standing) }
    const result = await resultOf(this.#host, standing, signal)
    this.#last.set(id, { key, result })
    return result
  }
}
