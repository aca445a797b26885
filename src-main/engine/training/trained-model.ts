import type { Executor } from '../compute/types.ts'
import type { AnyModel, PolicyFit, Recipe, Scorer, ScorerContext, ScorerFit } from '../core/model.ts'
import { isReplayRecipe } from '../core/q-learning-recipe.ts'
import type { Policy } from '../core/policy.ts'
import { Rng } from '../core/rng.ts'
import { readTree, type StateTree } from '../core/state-codec.ts'
import { restoreEmbedding } from '../factorisation/embedding.ts'
import { opinionOf, restorePolicy } from './actor-critic/trained-policy.ts'
import type { SplitTables } from './split-tables.ts'

/** A model that can be scored: one that orders once, or one that acts and observes. */
export type TrainedModel =
  | { readonly kind: 'scorer'; readonly scorer: Scorer }
  | {
      readonly kind: 'policy'
      readonly policy: Policy
      /** What the factorisation that the policy stands on says of items; absent where it stands on none. */
      readonly thinks?: Scorer['score']
    }

/** What a model may see while it is fitted: the oracle alone gets the test ratings, because it says so in its needs. */
export function scorerContext(model: AnyModel, tables: SplitTables, seed: number, executor: Executor): ScorerContext {
  return {
    train: tables.train,
    executor,
    seed,
    testRatings: model.needs.includes('test-ratings') ? tables.test : undefined,
    stream: (name) => Rng.stream(seed, `${model.id}/${name}`),
  }
}

/** Brings back what `TrainingJob.modelSnapshot` saved. @throws PalateError CHECKPOINT_UNUSABLE */
export function restoreModel(
  model: AnyModel,
  recipe: Recipe,
  tables: SplitTables,
  seed: number,
  executor: Executor,
  saved: StateTree,
): TrainedModel {
  if (isReplayRecipe(recipe)) {
    const policy = restorePolicy(recipe, tables.train, executor, saved, seed)
    return { kind: 'policy', policy, thinks: opinionOf(restoreEmbedding(readTree(saved, 'embedding'))) }
  }
  const fit = recipe.start(scorerContext(model, tables, seed, executor))
  fit.restore(saved)
  return trainedFit(fit)
}

/** What a finished fit gives to evaluation. */
export function trainedFit(fit: ScorerFit | PolicyFit): TrainedModel {
  return 'policy' in fit ? { kind: 'policy', policy: fit.policy() } : { kind: 'scorer', scorer: fit.scorer() }
}
