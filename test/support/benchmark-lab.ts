import { defineRecipe, type Recipe, type RecipeDefinition } from '../../src-main/services/benchmarks/recipe.ts'
import type { Services, ServicesOptions } from '../../src-main/services/create-services.ts'
import type { BenchmarkProgress } from '../../src-main/contract/dto/benchmark.ts'
import { openLab } from './runs-lab.ts'

const published = {
  id: 'counting',
  paper: 'A paper',
  table: 'Table 1',
  page: '7',
  title: 'How far it counts',
  caution: 'Nobody knows how it counts.',
  columns: [{ data: 'sample', metric: 'precision', k: 5, protocol: 'rerank-sequential' }],
  rows: [{ name: 'Counter', values: [0.25] }],
}

const base: RecipeDefinition = {
  id: 'counting',
  title: 'Counting, Table 1',
  doc: 'How far the counter comes.',
  data: [{ id: 'sample', title: 'The sample lab', is: ({ format }) => format === 'sample-lab' }],
  split: 'random:0.8',
  protocols: ['rerank-sequential', 'rerank-oneshot'],
  measures: [{ metric: 'precision', k: 5 }],
  rows: [],
  tested: [{ metric: 'precision', k: 5, subset: 'full-length' }],
  defaultSeeds: 2,
  published: [published],
}

/** A row of the fixture's model. */
export function counterRow(variant: string, params: Record<string, number> = {}): RecipeDefinition['rows'][number] {
  return {
    model: 'counter',
    title: `Counter ${variant}`,
    published: 'Counter',
    variant,
    params: { updates: 5, stepMs: 1, ...params },
  }
}

export function countingRecipe(rows: RecipeDefinition['rows'], change: Partial<RecipeDefinition> = {}): Recipe {
  return defineRecipe({ ...base, rows, ...change })
}

/** Services whose benchmarks are `recipes` and whose trainer runs the fixture's job. */
export function openBenchmarkLab(
  folder: string,
  recipes: readonly Recipe[],
  options: Partial<ServicesOptions> = {},
): Promise<Services> {
  return openLab(folder, { recipes, ...options })
}

/** Follows a benchmark until it is not at work any more. */
export async function untilOver({ handlers }: Services, benchmarkId: number): Promise<BenchmarkProgress> {
  let last: BenchmarkProgress | undefined
  for await (const progress of handlers.benchmarks.watch({ benchmarkId }, {})) last = progress
  return last!
}

/** `row seed state`, cell by cell, floors and ceiling left out: the fixture's catalogue has none. */
export function cellStates({ cells }: BenchmarkProgress): string[] {
  return cells.filter((cell) => cell.state !== 'unavailable').map(({ row, seed, state }) => `${row} ${seed} ${state}`)
}
