import { actorCriticRecipe } from '../blocks/actor-critic.ts'
import { actorCriticParams, withEquations } from '../blocks/actor-critic-params.ts'
import {
  actorCriticCurves,
  actorCriticDeviations,
  actorCriticNeeds,
  palateDeviation,
  palatePreset,
  paperPreset,
  preferenceDeviation,
} from '../blocks/actor-critic-presets.ts'
import { averageEncoder } from '../blocks/average-encoder.ts'
import { defineModel } from '../core/model.ts'

/**
 * MDRR: MDRR-att without its attention. Both sides average their items with one learned weight per place; each side has an
 * actor of its own.
 */
export default defineModel({
  id: 'mdrr',
  version: 1,
  title: 'MDRR',
  summary: 'MDRR-att without attention: likes and dislikes are averaged, and each side has an actor of its own.',
  kind: 'policy',
  family: 'actor-critic',
  feedback: 'both',
  needs: actorCriticNeeds,
  source: { paper: 'mdrr-att', title: 'Ablation "MDRR" of figure 4', equations: '(4)-(14)' },
  deviations: [
    'The paper does not say how MDRR pools its items: the average of DRR-ave, one learned weight per place, stands for it.',
    preferenceDeviation,
    ...actorCriticDeviations,
    palateDeviation('dual actor'),
  ],
  params: withEquations(actorCriticParams({}, {}), { gamma: '(14)' }),
  presets: [palatePreset('dual actor'), paperPreset({})],
  defaultPreset: 'palate',
  curves: actorCriticCurves,
  create: (p) =>
    actorCriticRecipe(p, {
      encoder: averageEncoder,
      feedback: 'both',
      actors: 'dual',
      historyRule: 'preference',
      onlineEvery: null,
    }),
})
