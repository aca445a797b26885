import type { BenchmarkColumn, BenchmarkRowPlan } from '../../contract/dto/benchmark.ts'
import type { DatasetSummary } from '../../contract/dto/dataset.ts'
import { PalateError } from '../../contract/errors.ts'
import type { ParamValues } from '../../contract/params.ts'
import type { EngineCatalogue } from '../models.ts'
import { tunedFactorisation, type Recipe, type RecipeData, type RecipeMeasure, type RecipeRow } from './recipe.ts'

/** A row with what its runs are made of. */
export interface PlannedRow extends BenchmarkRowPlan {
  readonly params: ParamValues
  /** Name in the published tables. */
  readonly published: string | null
}

/** A recipe as it can be run with this catalogue. */
export interface BenchmarkPlan {
  readonly recipe: Recipe
  /** What of it the data set is; null: some other data set, for which nothing is published. */
  readonly data: RecipeData | null
  readonly columns: readonly BenchmarkColumn[]
  readonly rows: readonly PlannedRow[]
  /** Those of the recipe that the catalogue has. */
  readonly protocols: readonly string[]
  readonly ks: readonly number[]
  readonly remarks: readonly string[]
}

export function makePlan(recipe: Recipe, catalogue: EngineCatalogue, dataset: DatasetSummary | null): BenchmarkPlan {
  const data = dataset && (recipe.data.find((one) => one.is(dataset)) ?? null)
  const known = new Set(catalogue.protocols.map((protocol) => protocol.id))
  const protocols = recipe.protocols.filter((protocol) => known.has(protocol))
  const rows = recipe.rows.flatMap((row) => rowsOf(row, catalogue))
  return {
    recipe,
    data,
    columns: recipe.measures.flatMap((measure) => columnsOf(measure, recipe, catalogue)),
    rows: protocols.length > 0 ? rows : rows.map((row) => withoutProtocol(row, recipe.protocols)),
    protocols,
    ks: [...new Set(recipe.measures.map((measure) => measure.k))].sort((a, b) => a - b),
    remarks: remarksOf(recipe, dataset, data, protocols),
  }
}

function rowsOf(row: RecipeRow, catalogue: EngineCatalogue): PlannedRow[] {
  const { title, params = {}, published = null, variant } = row
  const id = (preset: string | null) => [row.model ?? title, preset, variant].filter(Boolean).join('/')
  const base = { title, model: row.model, params, published }
  const model = catalogue.models.find((candidate) => candidate.id === row.model)
  if (!model) {
    const unavailable = row.model === null ? 'Only the paper has it.' : `The model "${row.model}" is not in the catalogue.`
    const role = row.model === null ? 'published' : 'policy'
    return (row.presets ?? [null]).map((preset) => ({ ...base, id: id(preset), preset, role, unavailable }))
  }
  const own = (row.presets ?? []).filter((preset) => model.presets.some((known) => known.id === preset))
  // A model with a single preset needs no preset in its name.
  if (row.presets === undefined)
    return [{ ...base, id: id(null), preset: model.defaultPreset, role: model.kind, unavailable: null }]
  const presets = own.length > 0 ? own : [model.defaultPreset]
  return presets.map((preset) => ({ ...base, id: id(preset), preset, role: model.kind, unavailable: null }))
}

function withoutProtocol(row: PlannedRow, wanted: readonly string[]): PlannedRow {
  return row.unavailable === null ? { ...row, unavailable: missingProtocols(wanted) } : row
}

function columnsOf(measure: RecipeMeasure, recipe: Recipe, catalogue: EngineCatalogue): BenchmarkColumn[] {
  const { metric, k, protocol = recipe.protocols[0], subsets = ['full-length', 'all'] } = measure
  const caution = catalogue.protocols.find((known) => known.id === protocol)?.caution
  const name = catalogue.metrics.find((known) => known.id === metric)?.title ?? metric
  const under = protocol === recipe.protocols[0] ? '' : ` (${protocol})`
  return subsets.map((subset) => ({
    id: `${metric}@${k}.${protocol}.${subset}`,
    title: `${name}@${k}${under}${subsets.length > 1 ? `, ${subset}` : ''}`,
    metric,
    k,
    protocol,
    subset,
    ...(caution === undefined ? {} : { caution }),
  }))
}

function missingProtocols(missing: readonly string[]): string {
  const [first] = missing
  return missing.length === 1
    ? `The protocol "${first}" is not in the catalogue.`
    : `The protocols ${missing.map((one) => `"${one}"`).join(', ')} are not in the catalogue.`
}

function remarksOf(
  recipe: Recipe,
  dataset: DatasetSummary | null,
  data: RecipeData | null,
  protocols: readonly string[],
): string[] {
  const missing = recipe.protocols.filter((protocol) => !protocols.includes(protocol))
  const titles = recipe.data.map((one) => one.title).join(' and ')
  return [
    ...(missing.length > 0 ? [`${missingProtocols(missing)} What it would measure stays empty.`] : []),
    ...(dataset && !data
      ? [`"${dataset.name}" is none of the paper's data sets (${titles}): nothing published stands beside its figures.`]
      : []),
  ]
}

/**
 * The rows that are wanted, in the order of the plan: those named, by id or by their model, and every floor and ceiling.
 *
 * @param names null for all
 * @throws PalateError INPUT_INVALID that names every unknown row
 */
export function wantedRows(rows: readonly PlannedRow[], names: readonly string[] | null): PlannedRow[] {
  if (names === null) return [...rows]
  const isNamed = (row: PlannedRow, name: string) => row.id === name || row.model === name
  const unknown = names.filter((name) => !rows.some((row) => isNamed(row, name)))
  if (unknown.length > 0) {
    const issues = unknown.map((name) => ({ path: 'rows', message: `There is no row "${name}".` }))
    const known = rows.map((row) => row.id).join(', ')
    throw new PalateError('INPUT_INVALID', `${issues.map((issue) => issue.message).join(' ')} Choose from: ${known}.`, { issues })
  }
  return rows.filter((row) => isFrame(row) || names.some((name) => isNamed(row, name)))
}

/** Whether the row frames every table: floors, ceiling and the tuned factorisation. */
function isFrame(row: PlannedRow): boolean {
  return row.role === 'floor' || row.role === 'ceiling' || row.id === tunedFactorisation
}
