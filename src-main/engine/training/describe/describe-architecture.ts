import type { Architecture } from '../../../contract/dto/architecture.ts'
import type { ParamValues } from '../../../contract/params.ts'
import { GraphError } from '../../compute/types.ts'
import type { AnyModel, Recipe } from '../../core/model.ts'
import { isReplayRecipe } from '../../core/q-learning-recipe.ts'
import type { DataSizes } from '../../core/sketch.ts'
import { issuesOf } from './architecture-issues.ts'
import { replayArchitecture, type ArchitectureParts } from './replay-architecture.ts'
import { sketchArchitecture } from './sketch-architecture.ts'

/** Where nobody names a data set: MovieLens-100k, and the genres of its items. */
export const usualSizes: DataSizes & { readonly source: string } = {
  users: 943,
  items: 1682,
  ratings: 100_000,
  attributes: [{ name: 'item.genres', of: 'item', rows: 20, width: 6 }],
  source: 'MovieLens-100k, as an example',
}

/**
 * How a model is built for complete values: blocks, shapes, parameters, feedback and costs, read from graphs that are drawn by
 * what draws those of training. Values whose parts do not fit together give an issue that names the block.
 *
 * @param sizes of the data set; `source` says where they are from
 */
export function describeArchitecture(
  model: AnyModel,
  params: ParamValues,
  sizes: DataSizes & { readonly source: string },
): Architecture {
  const { users, items, ratings, source } = sizes
  const about = { model: model.id, sizes: { users, items, ratings, source } }
  const recipe = model.create(params)
  try {
    const parts = isReplayRecipe(recipe) ? replayArchitecture(recipe, sizes) : sketchArchitecture(recipe, sizes)
    return { ...about, ...parts, notes: notesOf(recipe, parts), issues: issuesOf(recipe, params, sizes, parts) }
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    const block = /block "([^"]+)"/.exec(error.message)?.[1] ?? ''
    const issue = { severity: 'error' as const, block, params: [], message: error.message }
    return { ...about, ...nothing, notes: [], issues: [issue] }
  }
}

const nothing: ArchitectureParts = {
  network: false,
  blocks: [],
  edges: [],
  tables: [],
  parameters: 0,
  flopsPerUpdate: null,
  flopsPerAct: null,
  updates: 0,
  batchSize: null,
  width: null,
  memory: [],
}

function notesOf(recipe: Recipe, { network, blocks }: ArchitectureParts): string[] {
  if (isReplayRecipe(recipe)) {
    const notes = ['User and item vectors are fitted before the networks, on the training side, and stay as they are.']
    if (recipe.embedding.foldEmbeddings)
      notes.push('There are six tables of vectors: one of all training ratings, and one for each fifth left out.')
    return notes
  }
  if (network) return []
  if (blocks.length === 0) return ['It learns nothing: there is no number to fit.']
  return ['It has no network: it learns the numbers of these tables, and nothing else.']
}
