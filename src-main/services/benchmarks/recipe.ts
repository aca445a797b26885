import type { DatasetSummary } from '../../contract/dto/dataset.ts'
import type { BenchmarkColumn } from '../../contract/dto/benchmark.ts'
import type { ParamValues } from '../../contract/params.ts'
import { readPublished, type PublishedTable } from './published.ts'

/** A data set that a recipe is about. */
export interface RecipeData {
  /** Key of the published values. */
  readonly id: string
  readonly title: string
  /** Whether a data set of the workspace is it, by its format and counts: its name is the user's own. */
  readonly is: (dataset: Pick<DatasetSummary, 'format' | 'users' | 'ratings'>) => boolean
}

/** One model in several presets, or a line that only the paper has. */
export interface RecipeRow {
  /** Null: only the paper has it. Models that are not in the catalogue are reported so, and appear by being there. */
  readonly model: string | null
  readonly title: string
  /** In this order; those that the model has not are left out. Without any of them its default preset. */
  readonly presets?: readonly string[]
  /** Over the preset. */
  readonly params?: ParamValues
  /** Tells rows of one model and preset apart: part of their ids. */
  readonly variant?: string
  /** Name of the row in the published tables. */
  readonly published?: string
}

export interface RecipeMeasure {
  readonly metric: string
  readonly k: number
  /** Default: the first protocol of the recipe. */
  readonly protocol?: string
  /** Default: full-length users, then all. */
  readonly subsets?: readonly BenchmarkColumn['subset'][]
}

export interface RecipeDefinition {
  readonly id: string
  readonly title: string
  readonly doc: string
  readonly data: readonly RecipeData[]
  readonly split: string
  /** The first is the paper's; a protocol that is not in the catalogue is left out and said to be missing. */
  readonly protocols: readonly [string, ...string[]]
  readonly measures: readonly RecipeMeasure[]
  readonly rows: readonly RecipeRow[]
  /** Models of this list are tested against `of`, preset by preset. */
  readonly ablation?: { readonly of: string; readonly models: readonly string[] }
  /** Figures that models are tested by. */
  readonly tested: readonly Pick<BenchmarkColumn, 'metric' | 'k' | 'subset'>[]
  readonly defaultSeeds: number
  /** Files of `resources/published`. */
  readonly published: readonly unknown[]
}

export interface Recipe extends Omit<RecipeDefinition, 'published'> {
  readonly published: readonly PublishedTable[]
}

/** The bar of every benchmark: tuned on a part of the training ratings. */
export const tunedFactorisation = 'biased-mf/tuned'

const frames: readonly RecipeRow[] = [
  { model: 'random', title: 'Random order' },
  { model: 'popularity', title: 'Popularity (count)' },
  { model: 'item-mean', title: 'Item mean' },
  { model: 'biased-mf', title: 'Biased MF', presets: ['tuned'] },
  { model: 'oracle', title: 'Oracle' },
]

/** Floors and ceiling stand in every recipe; a recipe names those only that the paper has a row for. */
export function defineRecipe(definition: RecipeDefinition): Recipe {
  const named = new Set(definition.rows.map((row) => row.model))
  const added = frames.filter((frame) => !named.has(frame.model))
  const floors = added.filter((frame) => frame.model !== 'oracle')
  const ceiling = added.filter((frame) => frame.model === 'oracle')
  return {
    ...definition,
    rows: [...floors, ...definition.rows, ...ceiling],
    published: definition.published.map(readPublished),
  }
}
