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
import { maxEncoder } from '../blocks/max-encoder.ts'
import { defineModel } from '../core/model.ts'

/**
 * DRR-Max, a reconstruction: the largest of each coordinate over the latest liked items; s = [u, u * g, g].
 */
export default defineModel({
  id: 'drr-max',
  version: 1,
  title: 'DRR-Max',
  summary: 'Deep reinforcement recommendation on the coordinate-wise maximum of the latest liked items. A reconstruction.',
  kind: 'policy',
  family: 'actor-critic',
  feedback: 'positive',
  needs: actorCriticNeeds,
  source: { paper: 'drr-gru', title: 'Baseline "DRR-Max" of Tables I to VIII' },
  deviations: [
    'A reconstruction: the paper on DRR-Max was not at hand, and what is said of it elsewhere names the pooling but no formula.',
    ...actorCriticDeviations,
    palateDeviation('actor'),
  ],
  params: actorCriticParams({}, {}),
  presets: [palatePreset('actor'), paperPreset({ ...drrPaperValues, size: 200 })],
  defaultPreset: 'palate',
  curves: actorCriticCurves,
  create: (p) =>
    actorCriticRecipe(p, {
      encoder: maxEncoder,
      feedback: 'positive',
      actors: 'single',
      historyRule: 'latest',
      onlineEvery: null,
    }),
})
