import type { BenchmarkCell } from '../../contract/dto/benchmark.ts'
import type { DatasetSummary } from '../../contract/dto/dataset.ts'
import type { Settings } from '../../contract/dto/system.ts'
import { PalateError, toErrorRecord, type ErrorRecord } from '../../contract/errors.ts'
import type { StoredBenchmark, StoredCell } from '../../storage/repositories/benchmarks.ts'
import type { NewRun, RunChange, StoredRun } from '../../storage/repositories/runs.ts'
import type { EngineCatalogue } from '../models.ts'
import type { Workspace } from '../workspace.ts'
import { fills, runOfCell, type CellFacts } from './cell-runs.ts'
import { makePlan, wantedRows, type BenchmarkPlan, type PlannedRow } from './plan.ts'
import type { Recipe } from './recipe.ts'

export interface BenchmarkHost {
  readonly workspace: Workspace
  readonly catalogue: EngineCatalogue
  readonly recipes: readonly Recipe[]
  /** Stored with every run. */
  readonly version: string
  readonly settings: () => Promise<Settings>
  /** What is newer of a run than its row. */
  readonly live: (runId: number) => RunChange
}

/** A row for one seed, with the run that fills it or is on its way. */
export interface StandingCell {
  readonly row: PlannedRow
  readonly seed: number
  /** The run that it asks for; null when the row is unavailable or the data refuse it. */
  readonly wanted: NewRun | null
  readonly run: StoredRun | null
  readonly error: ErrorRecord | null
}

/** A benchmark as it stands. */
export interface Standing {
  readonly stored: StoredBenchmark
  readonly plan: BenchmarkPlan
  readonly rows: readonly PlannedRow[]
  /** By row, then seed. */
  readonly cells: readonly StandingCell[]
}

/** @throws PalateError BENCHMARK_NOT_FOUND */
export function findRecipe(recipes: readonly Recipe[], id: string): Recipe {
  const recipe = recipes.find((candidate) => candidate.id === id)
  if (recipe) return recipe
  const known = recipes.map((candidate) => candidate.id)
  throw new PalateError('BENCHMARK_NOT_FOUND', `There is no benchmark "${id}". Choose one of: ${known.join(', ')}.`, {
    benchmark: id,
    known,
  })
}

/** @throws PalateError BENCHMARK_NOT_FOUND */
export async function storedBenchmark({ repositories }: Workspace, id: number): Promise<StoredBenchmark> {
  const stored = await repositories.benchmarks.get(id)
  if (stored) return stored
  const known = (await repositories.benchmarks.list()).map((one) => String(one.id))
  throw new PalateError('BENCHMARK_NOT_FOUND', `There is no benchmark ${id} in this workspace. See: palate benchmark list`, {
    benchmark: String(id),
    known,
  })
}

/**
 * A cell counts as filled only by a run that is as it would be made today: of this version of the model, of these parameters,
 * on these data. Any other belongs to an older table.
 *
 * @param choice what computes the runs that are still to be made
 * @throws PalateError BENCHMARK_NOT_FOUND
 */
export async function loadStanding(host: BenchmarkHost, id: number, choice: CellFacts['choice'] = {}): Promise<Standing> {
  const { repositories } = host.workspace
  const stored = await storedBenchmark(host.workspace, id)
  const dataset: DatasetSummary = await repositories.datasets.get(stored.datasetId)
  const plan = makePlan(findRecipe(host.recipes, stored.recipe), host.catalogue, dataset)
  const named = stored.rows?.filter((name) => plan.rows.some((row) => row.id === name || row.model === name)) ?? null
  const rows = wantedRows(plan.rows, named)
  const begun = new Map((await repositories.benchmarks.cells(id)).map((cell) => [keyOf(cell.row, cell.seed), cell]))
  const runs = new Map((await repositories.runs.list()).map((run) => [run.id, run]))
  const { backend, threads } = await host.settings()
  const { catalogue, version } = host
  const facts: CellFacts = { dataset, catalogue, choice, engineVersion: version, backend, threads, at: Date.now() }
  const cells = rows.flatMap((row) =>
    stored.seeds.map((seed) => standingCell(plan, row, seed, facts, begun.get(keyOf(row.id, seed)), runs, host.live)),
  )
  return { stored, plan, rows, cells }
}

/** Runs are numbered from 1. */
const NO_RUN = 0

function keyOf(row: string, seed: number): string {
  return `${row} ${seed}`
}

function standingCell(
  plan: BenchmarkPlan,
  row: PlannedRow,
  seed: number,
  facts: CellFacts,
  begun: StoredCell | undefined,
  runs: ReadonlyMap<number, StoredRun>,
  live: BenchmarkHost['live'],
): StandingCell {
  const empty = { row, seed, wanted: null, run: null, error: null }
  if (row.unavailable !== null) return empty
  try {
    const wanted = runOfCell(plan, row, seed, facts)
    const run = runs.get(begun?.runId ?? NO_RUN)
    if (run && fills(run, wanted)) {
      const present: StoredRun = { ...run, ...live(run.id) }
      return { ...empty, wanted, run: present, error: present.error }
    }
    return { ...empty, wanted, error: begun?.error ?? null }
  } catch (error) {
    return { ...empty, error: toErrorRecord(error) }
  }
}

export function stateOfCell({ row, run, error }: StandingCell): BenchmarkCell['state'] {
  if (row.unavailable !== null) return 'unavailable'
  if (!run) return error ? 'failed' : 'waiting'
  switch (run.state) {
    case 'finished':
      return 'done'
    case 'running':
    case 'queued':
      return 'running'
    case 'failed':
    case 'diverged':
      return 'failed'
    // One that was stopped early is not the run that the recipe asks for: it goes on at the next start.
    case 'paused':
    case 'interrupted':
    case 'stopped':
      return 'paused'
  }
}
