import type { DatasetSummary } from '../../contract/dto/dataset.ts'
import type { BackendId, ThreadCount } from '../../contract/dto/system.ts'
import type { NewRun, StoredRun } from '../../storage/repositories/runs.ts'
import type { EngineCatalogue } from '../models.ts'
import { planRuns, type PlanFacts } from '../runs/plan-runs.ts'
import type { BenchmarkPlan, PlannedRow } from './plan.ts'

export interface CellFacts extends PlanFacts {
  readonly dataset: DatasetSummary
  readonly catalogue: EngineCatalogue
  readonly choice: { readonly backend?: BackendId | undefined; readonly threads?: ThreadCount | undefined }
}

/**
 * The run that fills a cell: an ordinary one, under the benchmark's name.
 *
 * @throws PalateError as `planRuns` does
 */
export function runOfCell(plan: BenchmarkPlan, row: PlannedRow, seed: number, facts: CellFacts): NewRun {
  const { recipe, protocols, ks } = plan
  const input = {
    dataset: facts.dataset.id,
    model: row.model ?? '',
    preset: row.preset ?? undefined,
    params: row.params,
    split: recipe.split,
    seeds: [seed],
    protocols: [...protocols],
    ks: [...ks],
    name: `${recipe.id}: ${row.id} (seed ${seed})`,
    ...facts.choice,
  }
  const [run] = planRuns(input, facts.dataset, facts.catalogue, facts)
  return { ...run!, group: `benchmark ${recipe.id} on ${facts.dataset.id}` }
}

/** Whether a run that stands in the workspace is what the cell asks for, whoever started it and whatever it computed with. */
export function fills(run: StoredRun, wanted: NewRun): boolean {
  return (
    run.datasetId === wanted.datasetId &&
    run.datasetFingerprint === wanted.datasetFingerprint &&
    run.modelId === wanted.modelId &&
    run.modelVersion === wanted.modelVersion &&
    run.split === wanted.split &&
    run.seed === wanted.seed &&
    sorted(run.params) === sorted(wanted.params) &&
    wanted.protocols.every((protocol) => run.protocols.includes(protocol)) &&
    wanted.ks.every((k) => run.ks.includes(k))
  )
}

function sorted(params: NewRun['params']): string {
  return JSON.stringify(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)))
}
