import { actorCriticRecipe } from '../blocks/actor-critic.ts'
import { actorCriticParams, attentionParams, onlineParams, withEquations } from '../blocks/actor-critic-params.ts'
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
import { gruAttentionEncoder } from '../blocks/gru-attention-encoder.ts'
import { defineModel } from '../core/model.ts'

/**
 * DRR-GRU: a gated recurrent unit reads the latest liked items in the order in which they came, attention sums up its states;
 * s = [u, u * A, A]. In online mode the trained networks learn on within each user's list.
 */
export default defineModel({
  id: 'drr-gru',
  version: 1,
  title: 'DRR-GRU',
  summary: 'Deep reinforcement recommendation that reads the order of the latest liked items by a GRU with attention.',
  kind: 'policy',
  family: 'actor-critic',
  feedback: 'positive',
  needs: actorCriticNeeds,
  source: {
    paper: 'drr-gru',
    title: 'Deep reinforcement learning recommendation system based on GRU and attention mechanism',
    equations: '(1)-(9)',
  },
  deviations: [
    'The paper does not write its attention down: a hidden layer over each state of the unit, softmax, weighted sum.',
    "The paper leaves open what the online update learns from: it is a mini-batch of m transitions drawn from the user's own list so far.",
    'Steps without an item do not move the unit, and attention does not reach them.',
    ...actorCriticDeviations,
    palateDeviation('actor'),
  ],
  params: withEquations(actorCriticParams(attentionParams, onlineParams), { gamma: '(6)' }),
  presets: [palatePreset('actor'), simulatedPreset('actor'), paperPreset({ ...drrPaperValues, size: 200, attentionHidden: 64 })],
  defaultPreset: 'palate',
  curves: actorCriticCurves,
  create: (p) =>
    actorCriticRecipe(p, {
      encoder: gruAttentionEncoder({ hidden: p.attentionHidden, pooling: p.pooling }),
      feedback: 'positive',
      actors: 'single',
      historyRule: 'latest',
      onlineEvery: p.mode === 'online' ? p.onlineEvery : null,
    }),
})
