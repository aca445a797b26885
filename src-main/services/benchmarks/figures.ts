import type { BenchmarkColumn, BenchmarkFigure } from '../../contract/dto/benchmark.ts'
import type { ResultRowWithInterval } from '../../contract/dto/run.ts'
import type { MetricDefinition } from '../../engine/core/metric.ts'
import { metrics } from '../../engine/evaluation/metrics/catalogue.gen.ts'
import { estimateFigures } from '../../engine/evaluation/statistics/compare.ts'
import type { Measured } from '../../engine/evaluation/statistics/measured.ts'
import { inTurns } from '../in-turns.ts'
import type { Workspace } from '../workspace.ts'
import { MeasuredUsers, type MeasuredRows } from './measured-users.ts'
import { publishedValue } from './published.ts'
import { stateOfCell, type Standing } from './standing.ts'

/** Enough for the third decimal of an interval; fewer where a million users and rows would take minutes. */
const MOST_SAMPLES = 1000
const LEAST_SAMPLES = 200
const VALUES_PER_COLUMN = 2e9

/** Our half of a figure. */
type Own = Omit<BenchmarkFigure, 'published'>

const nothing: Own = { mean: null, low: null, high: null, users: 0, seeds: 0 }

/** @returns for each row the figure of every column, in their order */
export async function figuresOf(
  workspace: Workspace,
  standing: Standing,
  users: MeasuredUsers,
  signal: AbortSignal | undefined,
): Promise<Map<string, BenchmarkFigure[]>> {
  const { plan, rows } = standing
  const figures = new Map(rows.map((row) => [row.id, [] as BenchmarkFigure[]]))
  for (const column of plan.columns) {
    const own = await ownFigures(workspace, standing, users, column, signal)
    for (const row of rows) {
      const wanted = { ...column, data: plan.data?.id ?? null }
      const published = row.published === null ? null : publishedValue(plan.recipe.published, row.published, wanted)
      figures.get(row.id)!.push({ published, ...(own.get(row.id) ?? nothing) })
    }
  }
  return figures
}

function ownFigures(
  workspace: Workspace,
  standing: Standing,
  users: MeasuredUsers,
  column: BenchmarkColumn,
  signal: AbortSignal | undefined,
): Promise<Map<string, Own>> {
  const definition: MetricDefinition | undefined = metrics.find((metric) => metric.id === column.metric)
  switch (definition?.kind) {
    case 'user':
      return estimated(users, column, [column.metric], ([mean = NaN]) => mean, signal)
    case 'combined':
      return estimated(users, column, definition.of, definition.combine, signal)
    default:
      return meansOfRuns(workspace, standing, column)
  }
}

/** With an interval over seeds and users. */
async function estimated(
  users: MeasuredUsers,
  column: BenchmarkColumn,
  parts: readonly string[],
  combine: (means: readonly number[]) => number,
  signal: AbortSignal | undefined,
): Promise<Map<string, Own>> {
  const tables: MeasuredRows[] = []
  for (const metric of parts) tables.push(await users.rows({ ...column, metric }, column.subset))
  const ids = [...(tables[0]?.tables.keys() ?? [])].filter((id) => tables.every((one) => one.tables.has(id)))
  const models = ids.map((id) => tables.map((one) => one.tables.get(id)!))
  const estimates = await inTurns(estimateFigures(models, combine, 1, samplesFor(models)), 'benchmark', signal)
  return new Map(
    estimates.map(({ mean, low, high, users: count }, at) => {
      const figure = {
        mean: Number.isFinite(mean) ? mean : null,
        low,
        high,
        users: count,
        seeds: trialsWithValue(models[at]![0]!),
      }
      return [ids[at]!, figure]
    }),
  )
}

function samplesFor(models: readonly (readonly Measured[])[]): number {
  const values = models.flat().reduce((sum, table) => sum + table.values.length, 0)
  return Math.min(MOST_SAMPLES, Math.max(LEAST_SAMPLES, Math.floor(VALUES_PER_COLUMN / Math.max(1, values))))
}

export function trialsWithValue({ trials, users, values }: Measured): number {
  let count = 0
  for (let trial = 0; trial < trials; trial++) {
    if (values.subarray(trial * users, (trial + 1) * users).some((value) => !Number.isNaN(value))) count++
  }
  return count
}

/** Figures of all users together (coverage, say) have no values of users: their mean over the runs, without an interval. */
async function meansOfRuns(workspace: Workspace, { cells }: Standing, column: BenchmarkColumn): Promise<Map<string, Own>> {
  const done = cells.filter((cell) => stateOfCell(cell) === 'done')
  const results = await workspace.repositories.results.listMany(done.map((cell) => cell.run!.id))
  const isIt = (row: ResultRowWithInterval) =>
    row.protocol === column.protocol && row.subset === column.subset && row.k === column.k && row.metric === column.metric
  const own = new Map<string, Own>()
  for (const [id, group] of Map.groupBy(done, (cell) => cell.row.id)) {
    const values = group.flatMap(
      ({ run, row }) => results.get(run!.id)?.find((one) => one.model === row.model && isIt(one)) ?? [],
    )
    if (values.length === 0) continue
    const mean = values.reduce((sum, one) => sum + one.value, 0) / values.length
    own.set(id, { ...nothing, mean, users: Math.max(...values.map((one) => one.users)), seeds: values.length })
  }
  return own
}
