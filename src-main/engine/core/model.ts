import type { ModelDescriptor, ModelNeed } from '../../contract/dto/model.ts'
import { defaultParams, type ParamSpec, type ParamSpecs, type ParamsOf, type ParamValues } from '../../contract/params.ts'
import type { Executor } from '../compute/types.ts'
import type { InteractionTable } from '../data/interaction-table.ts'
import type { Policy } from './policy.ts'
import type { ReplayRecipe } from './q-learning-recipe.ts'
import type { DataSizes, RecipeSketch } from './sketch.ts'
import type { StateTree } from './state-codec.ts'
import type { Rng } from './rng.ts'

/** Orders items for a user. A static scorer ignores what happens within an episode. */
export interface Scorer {
  /**
   * Writes a score for each of the first `count` items; higher is better, ties are broken by the caller.
   * @param items item indexes; @param out at least `count` long
   */
  score(userIndex: number, items: Int32Array, count: number, out: Float32Array): void
  /** True where a score is the rating that is expected, on the data set's own scale: its error can be measured. */
  readonly predictsRatings?: boolean
  /** True where every user gets the same scores: then it can meet anybody. */
  readonly sameForAll?: boolean
}

/** What a model is fitted on. */
export interface ScorerContext {
  /** The training side of the split; never holds a test rating. */
  readonly train: InteractionTable
  /** Only for models whose needs name "test-ratings" (the oracle); undefined for all others. */
  readonly testRatings: InteractionTable | undefined
  /** What computes graphs and factorisations. */
  readonly executor: Executor
  /** Of the run: for what derives named streams by itself, as embeddings do, so that models with the same options share them. */
  readonly seed: number
  /** A named random stream of the run's seed, this model's own. */
  stream(name: string): Rng
}

/** A model being fitted, epoch by epoch. */
interface Fit {
  /**
   * A slice of a pass over the data, well under 100 ms as a rule.
   * @returns points by name, for instance { trainRmse: 0.91 }, when it was the last slice of the pass; null before that
   */
  epoch(): Readonly<Record<string, number>> | null
  /** True once another epoch would change nothing: early stopping. Default: never before the last epoch. */
  readonly finished?: boolean
  /** What a reader of the figures must know of how they came about. */
  remarks?(): string[]
  /** Between two slices; what is saved goes on bit by bit the same. */
  save(): StateTree
  restore(saved: StateTree): void
}

export interface ScorerFit extends Fit {
  /** What was learnt so far. */
  scorer(): Scorer
}

export interface PolicyFit extends Fit {
  /** What was learnt so far. */
  policy(): Policy
}

/** A model that is fitted pass by pass and then orders a candidate set once. */
export interface ScorerRecipe {
  readonly kind: 'scorer'
  /** How many passes there are at most; 0 for models without fitting. */
  readonly epochs: number
  /** @throws PalateError DATA_UNSUITABLE when the data lack what the model needs */
  start(context: ScorerContext): ScorerFit
  /** What it learns, in numbers, for data of these sizes; absent where nothing is learnt. */
  sketch?(sizes: DataSizes): RecipeSketch
}

/** A model that is fitted pass by pass and then takes feedback within a user's list. */
export interface PolicyRecipe {
  readonly kind: 'policy'
  readonly epochs: number
  /** @throws PalateError DATA_UNSUITABLE when the data lack what the model needs */
  start(context: ScorerContext): PolicyFit
  sketch?(sizes: DataSizes): RecipeSketch
}

export type Recipe = ScorerRecipe | PolicyRecipe | ReplayRecipe

export interface PresetDefinition<S extends ParamSpecs> {
  readonly id: string
  readonly title: string
  readonly doc: string
  readonly values: Partial<ParamsOf<S>>
}

/** A model is one file: what it is called, where it comes from, what can be set, and how it is made. */
export interface ModelDefinition<S extends ParamSpecs = ParamSpecs> {
  readonly id: string
  /** Raised when the same parameters would give other scores. */
  readonly version: number
  readonly title: string
  readonly summary: string
  readonly kind: ModelDescriptor['kind']
  readonly family: ModelDescriptor['family']
  readonly feedback: ModelDescriptor['feedback']
  readonly needs: readonly ModelNeed[]
  readonly source: { readonly paper: string; readonly title: string; readonly equations?: string }
  /** Where it departs from the source, and why. */
  readonly deviations: readonly string[]
  readonly params: S
  readonly presets: readonly PresetDefinition<S>[]
  readonly defaultPreset: string
  readonly curves: ModelDescriptor['curves']
  create(params: ParamsOf<S>): Recipe
}

/** Parameters and presets of a model that has none. */
export const nothingToSet = {
  params: {},
  presets: [{ id: 'default', title: 'Default', doc: 'There is nothing to set.', values: {} }],
  defaultPreset: 'default',
} as const

/** A model of the catalogue, its parameter types forgotten: `create` checks nothing, parseParams has. */
export interface AnyModel extends Omit<ModelDefinition, 'create'> {
  create(params: ParamValues): Recipe
}

/** Complete values of the default preset: what a model is where nobody says otherwise. */
export function defaultValues(model: AnyModel): ParamValues {
  const preset = model.presets.find(({ id }) => id === model.defaultPreset)!
  return { ...defaultParams(model.params), ...(preset.values as ParamValues) }
}

/** Checks what types cannot (presets name known parameters, the default preset exists) and forgets the parameter types. */
export function defineModel<const S extends Readonly<Record<string, ParamSpec>>>(definition: ModelDefinition<S>): AnyModel {
  for (const preset of definition.presets) {
    for (const name of Object.keys(preset.values)) {
      if (!Object.hasOwn(definition.params, name))
        throw new TypeError(`${definition.id}: preset ${preset.id} sets unknown "${name}"`)
    }
  }
  if (!definition.presets.some((preset) => preset.id === definition.defaultPreset)) {
    throw new TypeError(`${definition.id}: the default preset "${definition.defaultPreset}" is not among its presets`)
  }
  return {
    ...definition,
    presets: definition.presets as AnyModel['presets'],
    create: (params) => definition.create(params as ParamsOf<S>),
  }
}

/** The plain data of a model: what crosses the wire. */
export function describeModel(model: AnyModel): ModelDescriptor {
  const { create: _create, ...plain } = model
  return {
    ...plain,
    needs: [...plain.needs],
    deviations: [...plain.deviations],
    params: { ...plain.params },
    presets: plain.presets.map((preset) => ({
      ...preset,
      values: { ...preset.values } as Record<string, string | number | boolean>,
    })),
    source: { ...plain.source },
  }
}
