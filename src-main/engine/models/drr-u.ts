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
import { userPairwiseEncoder } from '../blocks/pairwise-encoder.ts'
import { defineModel } from '../core/model.ts'

/**
 * DRR-u: as DRR-p, with the user's vector times each item in place of the items themselves.
 */
export default defineModel({
  id: 'drr-u',
  version: 1,
  title: 'DRR-u',
  summary: 'Deep reinforcement recommendation on the products of the user with each liked item, and of all pairs of items.',
  kind: 'policy',
  family: 'actor-critic',
  feedback: 'positive',
  needs: actorCriticNeeds,
  source: { paper: 'drr-gru', title: 'Reference "DRR", its variant DRR-u (Liu et al. 2018)' },
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
      encoder: userPairwiseEncoder,
      feedback: 'positive',
      actors: 'single',
      historyRule: 'latest',
      onlineEvery: null,
    }),
})
