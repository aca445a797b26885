import type { BenchmarkFigure, BenchmarkResult, BenchmarkRow } from '../../contract/dto/benchmark.ts'
import type { PlannedRow } from './plan.ts'
import { figuresOf } from './figures.ts'
import { MeasuredUsers } from './measured-users.ts'
import { toRowPlan, toSummary } from './progress.ts'
import { citationOf } from './published.ts'
import { sameRowsRemarks } from './same-rows.ts'
import { stateOfCell, type BenchmarkHost, type Standing, type StandingCell } from './standing.ts'
import { testsOf } from './tests.ts'

/**
 * The table as far as it is filled.
 *
 * @throws PalateError CANCELLED
 */
export async function resultOf(
  { workspace }: Pick<BenchmarkHost, 'workspace'>,
  standing: Standing,
  signal: AbortSignal | undefined,
): Promise<BenchmarkResult> {
  const { plan, rows, cells } = standing
  const users = new MeasuredUsers(workspace, standing)
  const figures = await figuresOf(workspace, standing, users, signal)
  const { claims, tests } = await testsOf(standing, users, signal)
  return {
    benchmark: toSummary(standing),
    citations: plan.recipe.published.map(citationOf),
    columns: [...plan.columns],
    rows: rows.map((row) =>
      toRow(
        row,
        cells.filter((cell) => cell.row.id === row.id),
        figures.get(row.id)!,
      ),
    ),
    claims,
    tests,
    remarks: [...plan.remarks, ...seedRemarks(standing), ...(await sameRowsRemarks(standing, users))],
  }
}

function toRow(row: PlannedRow, cells: readonly StandingCell[], figures: BenchmarkFigure[]): BenchmarkRow {
  return {
    ...toRowPlan(row),
    state: stateOfRow(cells),
    error: cells.find((cell) => stateOfCell(cell) === 'failed')?.error?.message ?? null,
    figures,
  }
}

function stateOfRow(cells: readonly StandingCell[]): BenchmarkRow['state'] {
  const states = new Set(cells.map(stateOfCell))
  if (states.has('unavailable')) return 'unavailable'
  if (states.has('running')) return 'running'
  const done = states.has('done')
  if (done) return states.size === 1 ? 'done' : 'partly'
  return states.has('failed') ? 'failed' : 'waiting'
}

function seedRemarks({ stored, cells }: Standing): string[] {
  const states = cells.map(stateOfCell)
  const open = states.filter((state) => state === 'waiting' || state === 'running' || state === 'paused').length
  const few = 'With one seed the intervals tell of the users only: another seed may give another order.'
  const unfinished = `${open} of ${states.filter((state) => state !== 'unavailable').length} cells are not filled yet.`
  return [...(open > 0 ? [unfinished] : []), ...(stored.seeds.length === 1 ? [few] : [])]
}
