import { actorCriticRecipe } from '../blocks/actor-critic.ts'
import { actorCriticParams, attentionParams } from '../blocks/actor-critic-params.ts'
import {
  actorCriticCurves,
  actorCriticDeviations,
  actorCriticNeeds,
  drrPaperValues,
  palateDeviation,
  palatePreset,
  paperPreset,
  simulatedPreset,
} from '../blocks/actor-critic-presets.ts'
import { attentionEncoder } from '../blocks/attention-encoder.ts'
import { defineModel } from '../core/model.ts'

/**
 * DRR-att: attention of the user over the latest liked items; s = [u, u * g, g].
 */
export default defineModel({
  id: 'drr-att',
  version: 1,
  title: 'DRR-att',
  summary: 'Deep reinforcement recommendation with attention of the user over the latest liked items.',
  kind: 'policy',
  family: 'actor-critic',
  feedback: 'positive',
  needs: actorCriticNeeds,
  source: { paper: 'drr-gru', title: 'Baseline "DRR-att" of Tables IX and X' },
  deviations: [
    'The paper on DRR-att was not at hand: the attention is that of MDRR-att, equations 1 to 3, whose form it is said to have.',
    'Attention weights sum the items (option: divided by n once more).',
    ...actorCriticDeviations,
    palateDeviation('actor'),
  ],
  params: actorCriticParams(attentionParams, {}),
  presets: [palatePreset('actor'), simulatedPreset('actor'), paperPreset({ ...drrPaperValues, attentionHidden: 64 })],
  defaultPreset: 'palate',
  curves: actorCriticCurves,
  create: (p) =>
    actorCriticRecipe(p, {
      encoder: attentionEncoder({ hidden: p.attentionHidden, pooling: p.pooling }),
      feedback: 'positive',
      actors: 'single',
      historyRule: 'latest',
      onlineEvery: null,
    }),
})
