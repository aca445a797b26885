import { choice } from '../../contract/params.ts'
import { actorCriticRecipe } from '../blocks/actor-critic.ts'
import { actorCriticParams, attentionParams, onlineParams } from '../blocks/actor-critic-params.ts'
import {
  actorCriticCurves,
  actorCriticDeviations,
  actorCriticNeeds,
  palateDeviation,
  palatePreset,
  paperPreset,
  simulatedPreset,
} from '../blocks/actor-critic-presets.ts'
import { encoderOf } from '../blocks/state-encoder.ts'
import { defineModel } from '../core/model.ts'

const blocks = {
  encoder: choice({
    default: 'attention',
    group: 'State',
    doc: 'How the items of a side become its state.',
    options: [
      { value: 'concat', label: 'Side by side', doc: 'All places of the list, without the user.' },
      { value: 'pairwise', label: 'Items and pairs', doc: 'As DRR-p: the items and the products of all pairs.' },
      { value: 'user-pairwise', label: 'User with items, and pairs', doc: 'As DRR-u: the user times each item, and all pairs.' },
      { value: 'average', label: 'Average', doc: 'As DRR-ave: one learned weight per place.' },
      { value: 'max', label: 'Maximum', doc: 'As DRR-Max: the largest of each coordinate.' },
      { value: 'attention', label: 'Attention', doc: 'As MDRR-att: the user weighs the items.' },
      { value: 'gru-attention', label: 'GRU and attention', doc: 'As DRR-GRU: the order of the items counts.' },
    ],
  }),
  feedback: choice({
    default: 'both',
    group: 'State',
    doc: 'Which feedback the state is made of.',
    options: [
      { value: 'both', label: 'Likes and dislikes' },
      { value: 'positive', label: 'Likes' },
      { value: 'negative', label: 'Dislikes' },
    ],
  }),
  actors: choice({
    default: 'dual',
    group: 'State',
    doc: 'Whether likes and dislikes have an actor each; with one side of feedback there is always one actor.',
    options: [
      { value: 'dual', label: 'One per side', doc: 'Their actions are added.' },
      { value: 'single', label: 'One for both sides' },
    ],
  }),
  historyRule: choice({
    default: 'preference',
    group: 'State',
    doc: 'Which items of a side stand in its list.',
    options: [
      { value: 'preference', label: 'The most telling', doc: 'By rating times recency, as MDRR-att.' },
      { value: 'latest', label: 'The latest', doc: 'As DRR.' },
    ],
  }),
}

/**
 * An actor-critic put together from blocks: any state encoder, feedback side, number of actors and history rule. What it gives
 * for the blocks of another model is what that model gives.
 */
export default defineModel({
  id: 'custom',
  version: 1,
  title: 'Custom actor-critic',
  summary: 'An actor-critic of your own: state encoder, feedback sides, actors, history and exploration combine freely.',
  kind: 'policy',
  family: 'actor-critic',
  feedback: 'choice',
  needs: actorCriticNeeds,
  source: { paper: 'mdrr-att', title: 'The blocks of MDRR-att, DRR and DRR-GRU' },
  deviations: ['No paper has this model: it is whatever its blocks say.', ...actorCriticDeviations, palateDeviation('actor')],
  params: actorCriticParams({ ...blocks, ...attentionParams }, onlineParams),
  presets: [palatePreset('actor'), simulatedPreset('actor'), paperPreset({ attentionHidden: 64 })],
  defaultPreset: 'palate',
  curves: actorCriticCurves,
  create: (p) =>
    actorCriticRecipe(p, {
      encoder: encoderOf(p.encoder, { hidden: p.attentionHidden, pooling: p.pooling }),
      feedback: p.feedback,
      actors: p.actors,
      historyRule: p.historyRule,
      onlineEvery: p.mode === 'online' ? p.onlineEvery : null,
    }),
})
