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
  simulatedPreset,
} from '../blocks/actor-critic-presets.ts'
import { averageEncoder } from '../blocks/average-encoder.ts'
import { defineModel } from '../core/model.ts'

/**
 * DRR-ave: the latest liked items are averaged with one learned weight per place; s = [u, u * g, g].
 */
export default defineModel({
  id: 'drr-ave',
  version: 1,
  title: 'DRR-ave',
  summary: 'Deep reinforcement recommendation on the average of the latest liked items.',
  kind: 'policy',
  family: 'actor-critic',
  feedback: 'positive',
  needs: actorCriticNeeds,
  source: { paper: 'drr-report', title: 'DRR-ave as figure 2 of the report shows it (Liu et al. 2018)' },
  deviations: [
    'The average is over the items there are: padding is masked and does not make a short list look faint.',
    ...actorCriticDeviations,
    palateDeviation('actor'),
  ],
  params: actorCriticParams({}, {}),
  presets: [palatePreset('actor'), simulatedPreset('actor'), paperPreset(drrPaperValues)],
  defaultPreset: 'palate',
  curves: actorCriticCurves,
  create: (p) =>
    actorCriticRecipe(p, {
      encoder: averageEncoder,
      feedback: 'positive',
      actors: 'single',
      historyRule: 'latest',
      onlineEvery: null,
    }),
})
