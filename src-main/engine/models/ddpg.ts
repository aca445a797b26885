import { actorCriticRecipe } from '../blocks/actor-critic.ts'
import { actorCriticParams } from '../blocks/actor-critic-params.ts'
import {
  actorCriticCurves,
  actorCriticDeviations,
  actorCriticNeeds,
  palateDeviation,
  palatePreset,
  paperPreset,
} from '../blocks/actor-critic-presets.ts'
import { concatEncoder } from '../blocks/concat-encoder.ts'
import { defineModel } from '../core/model.ts'

/**
 * DDPG: the latest liked items side by side are the state, without the user; one actor, one critic.
 */
export default defineModel({
  id: 'ddpg',
  version: 1,
  title: 'DDPG',
  summary: 'Deep deterministic policy gradient on the latest liked items side by side: the baseline without a state encoder.',
  kind: 'policy',
  family: 'actor-critic',
  feedback: 'positive',
  needs: actorCriticNeeds,
  source: { paper: 'mdrr-att', title: 'Baseline "DDPG" of Table 2' },
  deviations: [
    'Places without an item hold a learned vector.',
    'Three layers in actor and critic, as the other models here have, where a sister paper reports five.',
    ...actorCriticDeviations,
    palateDeviation('actor'),
  ],
  params: actorCriticParams({}, {}),
  presets: [palatePreset('actor'), paperPreset({})],
  defaultPreset: 'palate',
  curves: actorCriticCurves,
  create: (p) =>
    actorCriticRecipe(p, {
      encoder: concatEncoder,
      feedback: 'positive',
      actors: 'single',
      historyRule: 'latest',
      onlineEvery: null,
    }),
})
