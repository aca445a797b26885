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
  simulatedPreset,
} from '../blocks/actor-critic-presets.ts'
import { attentionEncoder } from '../blocks/attention-encoder.ts'
import { defineModel } from '../core/model.ts'

/**
 * MDRR-att: two attention states, one of liked and one of disliked items, each with an actor of its own; the recommendation
 * is ordered by the inner product with the sum of both actions, and one critic judges the sum.
 */
export default defineModel({
  id: 'mdrr-att',
  version: 1,
  title: 'MDRR-att',
  summary: 'Dual-actor deep reinforcement learning on likes and dislikes, with attention over both histories.',
  kind: 'policy',
  family: 'actor-critic',
  feedback: 'both',
  needs: actorCriticNeeds,
  source: {
    paper: 'mdrr-att',
    title: 'MDRR-att: multi-agent deep reinforcement recommendation with attention',
    equations: '(1)-(14), Algorithm 1',
  },
  deviations: [
    preferenceDeviation,
    ...actorCriticDeviations,
    'Attention weights sum the items (option: divided by n once more, as equation 3 says).',
    palateDeviation('dual actor'),
  ],
  params: withEquations(actorCriticParams(attentionParams, {}), { attentionHidden: '(1)', pooling: '(3)', gamma: '(14)' }),
  presets: [palatePreset('dual actor'), simulatedPreset('dual actor'), paperPreset({ attentionHidden: 64 })],
  defaultPreset: 'palate',
  curves: actorCriticCurves,
  create: (p) =>
    actorCriticRecipe(p, {
      encoder: attentionEncoder({ hidden: p.attentionHidden, pooling: p.pooling }),
      feedback: 'both',
      actors: 'dual',
      historyRule: 'preference',
      onlineEvery: null,
    }),
})
