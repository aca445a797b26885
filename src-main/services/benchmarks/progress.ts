import type { BenchmarkCell, BenchmarkProgress, BenchmarkRowPlan, BenchmarkSummary } from '../../contract/dto/benchmark.ts'
import type { PlannedRow } from './plan.ts'
import { stateOfCell, type Standing, type StandingCell } from './standing.ts'

export function toSummary({ stored, plan, cells }: Standing): BenchmarkSummary {
  const states = cells.map(stateOfCell)
  const { id, recipe, datasetId, datasetName, seeds, state, createdAt, updatedAt } = stored
  return {
    id,
    recipe,
    title: plan.recipe.title,
    datasetId,
    datasetName,
    seeds: [...seeds],
    state,
    cellsDone: states.filter((one) => one === 'done').length,
    cellsFailed: states.filter((one) => one === 'failed').length,
    cellsTotal: states.filter((one) => one !== 'unavailable').length,
    createdAt,
    updatedAt,
  }
}

/** @param lanes how many cells are filled at a time */
export function toProgress(standing: Standing, deadline: number | null, lanes: number): BenchmarkProgress {
  const cells = standing.cells.map(toCell)
  return {
    ...toSummary(standing),
    rows: standing.rows.map(toRowPlan),
    cells,
    deadline,
    remainingMs: remainingMs(cells, lanes),
  }
}

export function toRowPlan({ id, title, model, preset, role, unavailable }: PlannedRow): BenchmarkRowPlan {
  return { id, title, model, preset, role, unavailable }
}

function toCell(cell: StandingCell): BenchmarkCell {
  const { run } = cell
  const state = stateOfCell(cell)
  return {
    row: cell.row.id,
    seed: cell.seed,
    state,
    runId: run?.id ?? null,
    share: state === 'done' ? 1 : run && run.updatesTotal > 0 ? Math.min(1, run.updatesDone / run.updatesTotal) : 0,
    stage: state === 'running' && run ? run.stage : '',
    durationMs: state === 'done' && run ? run.elapsedMs : null,
    error: cell.error,
  }
}

/** From what cells of the same row took, or those of all rows where there is none yet. */
function remainingMs(cells: readonly BenchmarkCell[], lanes: number): number | null {
  const done = cells.filter((cell) => cell.durationMs !== null)
  if (done.length === 0) return null
  const all = meanDuration(done)
  const open = cells.filter((cell) => cell.state === 'waiting' || cell.state === 'running' || cell.state === 'paused')
  const work = open.map(({ row, share }) => {
    const own = done.filter((cell) => cell.row === row)
    return (1 - share) * (own.length > 0 ? meanDuration(own) : all)
  })
  return work.reduce((sum, ms) => sum + ms, 0) / Math.max(1, lanes)
}

function meanDuration(cells: readonly BenchmarkCell[]): number {
  return cells.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0) / cells.length
}
