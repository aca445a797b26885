import type { BenchmarkRecipe, BenchmarkSummary } from '../../src-main/contract/dto/benchmark.ts'
import { parseNumberList } from './number-list.ts'

export interface BenchmarkFormState {
  readonly datasetId: number | undefined
  readonly seeds: string
  /** Minutes; empty: no limit. */
  readonly budget: string
  /** Ids of the rows that are left out. */
  readonly without: ReadonlySet<string>
}

export interface BenchmarkInput {
  recipe: string
  dataset: number
  seeds: number[]
  rows?: string[]
  budgetMinutes?: number
}

/** The form as it opens: everything of the recipe, or what was started before. */
export function initialForm(datasetId: number | undefined, recipe: BenchmarkRecipe, started: BenchmarkSummary | undefined) {
  const seeds = started ? started.seeds.join(', ') : recipe.defaultSeeds === 1 ? '1' : `1-${recipe.defaultSeeds}`
  return { datasetId, seeds, budget: '', without: new Set<string>() }
}

/**
 * What `benchmarks.start` is given, or a message for each field that cannot be read.
 *
 * @param choosable ids of the rows that can be chosen
 */
export function readForm(
  recipe: string,
  form: BenchmarkFormState,
  choosable: readonly string[],
): { ok: true; input: BenchmarkInput } | { ok: false; problems: Record<string, string> } {
  const problems: Record<string, string> = {}
  const seeds = parseNumberList(form.seeds, 'seed', { min: 0, max: 2 ** 31 - 1, most: 100 })
  const budget = form.budget.trim() === '' ? undefined : Number(form.budget)
  const rows = choosable.filter((id) => !form.without.has(id))
  if (form.datasetId === undefined) problems['dataset'] = 'Choose a data set.'
  if (!seeds.ok) problems['seeds'] = seeds.message
  if (budget !== undefined && !(budget > 0 && budget <= 100_000)) problems['budget'] = 'Minutes, more than 0 and up to 100,000.'
  if (choosable.length > 0 && rows.length === 0) problems['rows'] = 'Choose at least one row.'
  if (Object.keys(problems).length > 0 || !seeds.ok || form.datasetId === undefined) return { ok: false, problems }
  const some = rows.length < choosable.length ? { rows } : {}
  const limit = budget === undefined ? {} : { budgetMinutes: budget }
  return { ok: true, input: { recipe, dataset: form.datasetId, seeds: seeds.values, ...some, ...limit } }
}
