import { actorCriticRecipe } from '../blocks/actor-critic.ts'
import { actorCriticParams } from '../blocks/actor-critic-params.ts'
import {
  actorCriticCurves,
  actorCriticDeviations,
  actorCriticNeeds,
  drrPaperValues,
  palateDeviation,
  palatePreset,
  paperPreset,
} from '../blocks/actor-critic-presets.ts'
import { pairwiseEncoder } from '../blocks/pairwise-encoder.ts'
import { defineModel } from '../core/model.ts'

/**
 * DRR-p: the latest liked items, each weighted by its place, and the products of all pairs of them. The state does not hold
 * the user.
 */
export default defineModel({
  id: 'drr-p',
  version: 1,
  title: 'DRR-p',
  summary: 'Deep reinforcement recommendation on the latest liked items and all products of two of them.',
  kind: 'policy',
  family: 'actor-critic',
  feedback: 'positive',
  needs: actorCriticNeeds,
  source: { paper: 'drr-gru', title: 'Reference "DRR", its variant DRR-p (Liu et al. 2018)' },
  deviations: [
    'The paper on DRR was not at hand: the parts of the state are confirmed by others who read it, their order is ours.',
    'Places without an item hold a learned vector, as a product cannot leave one out.',
    ...actorCriticDeviations,
    palateDeviation('actor'),
  ],
  params: actorCriticParams({}, {}),
  presets: [palatePreset('actor'), paperPreset(drrPaperValues)],
  defaultPreset: 'palate',
  curves: actorCriticCurves,
  create: (p) =>
    actorCriticRecipe(p, {
      encoder: pairwiseEncoder,
      feedback: 'positive',
      actors: 'single',
      historyRule: 'latest',
      onlineEvery: null,
    }),
})
