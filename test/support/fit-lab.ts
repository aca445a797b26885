import { defaultParams, type ParamValues } from '../../src-main/contract/params.ts'
import { plainExecutor } from '../../src-main/engine/compute/plain/plain-executor.ts'
import type { Executor } from '../../src-main/engine/compute/types.ts'
import type { PolicyFit, ScorerContext, ScorerFit } from '../../src-main/engine/core/model.ts'
import { isReplayRecipe } from '../../src-main/engine/core/q-learning-recipe.ts'
import { Rng } from '../../src-main/engine/core/rng.ts'
import type { InteractionTable } from '../../src-main/engine/data/interaction-table.ts'
import { findModel } from '../../src-main/engine/training/find-model.ts'

/** What a model is fitted on when no job stands around it: no split, all rows train. */
export function contextOf(train: InteractionTable, executor: Executor = plainExecutor): ScorerContext {
  return { train, testRatings: undefined, executor, seed: 1, stream: (name) => Rng.stream(1, name) }
}

function started(modelId: string, params: ParamValues, train: InteractionTable, executor?: Executor) {
  const model = findModel(modelId)
  const recipe = model.create({ ...defaultParams(model.params), ...params })
  if (isReplayRecipe(recipe)) throw new Error(`${modelId} is not fitted epoch by epoch.`)
  return { recipe, fit: recipe.start(contextOf(train, executor)) }
}

/** Starts a model and turns it to its end. */
export function fitted(modelId: string, params: ParamValues, train: InteractionTable, executor?: Executor) {
  const { recipe, fit } = started(modelId, params, train, executor)
  for (let epoch = 0; epoch < recipe.epochs && !fit.finished; epoch++) while (fit.epoch() === null);
  return fit
}

/** Scores of the items for a user who has had no feedback yet. */
export function scoresOf(fit: ScorerFit | PolicyFit, user: number, items: readonly number[]): number[] {
  const out = new Float32Array(items.length)
  if ('scorer' in fit) fit.scorer().score(user, Int32Array.from(items), items.length, out)
  else {
    const policy = fit.policy()
    policy.begin(0, user)
    policy.act(Int32Array.of(0), 1)
    policy.score(0, Int32Array.from(items), items.length, out)
  }
  return [...out]
}
