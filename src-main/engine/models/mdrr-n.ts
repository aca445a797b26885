import { actorCriticRecipe } from '../blocks/actor-critic.ts'
import { actorCriticParams, attentionParams, withEquations } from '../blocks/actor-critic-params.ts'
import {
  actorCriticCurves,
  actorCriticDeviations,
  actorCriticNeeds,
  palateDeviation,
  palatePreset,
  paperPreset,
  preferenceDeviation,
} from '../blocks/actor-critic-presets.ts'
import { attentionEncoder } from '../blocks/attention-encoder.ts'
import { defineModel } from '../core/model.ts'

/**
 * MDRR-n: MDRR-att that hears of disliked items alone, and so has one state and one actor.
 */
export default defineModel({
  id: 'mdrr-n',
  version: 1,
  title: 'MDRR-n',
  summary: 'MDRR-att that hears of dislikes alone: one attention state, one actor.',
  kind: 'policy',
  family: 'actor-critic',
  feedback: 'negative',
  needs: actorCriticNeeds,
  source: { paper: 'mdrr-att', title: 'Ablation "MDRR-n" of figure 4', equations: '(1)-(14)' },
  deviations: [
    preferenceDeviation,
    ...actorCriticDeviations,
    'Attention weights sum the items (option: divided by n once more, as equation 3 says).',
    palateDeviation('actor'),
  ],
  params: withEquations(actorCriticParams(attentionParams, {}), { attentionHidden: '(1)', pooling: '(3)', gamma: '(14)' }),
  presets: [palatePreset('actor'), paperPreset({ attentionHidden: 64 })],
  defaultPreset: 'palate',
  curves: actorCriticCurves,
  create: (p) =>
    actorCriticRecipe(p, {
      encoder: attentionEncoder({ hidden: p.attentionHidden, pooling: p.pooling }),
      feedback: 'negative',
      actors: 'single',
      historyRule: 'preference',
      onlineEvery: null,
    }),
})
