import { actorCriticNeeds } from '../blocks/actor-critic-presets.ts'
import { gruEncoder } from '../blocks/gru-encoder.ts'
import { qLearningCurves, qLearningDeviations, qLearningPalate, qLearningPaper, qLearningRecipe } from '../blocks/q-learning.ts'
import { pairwiseParams, qLearningParams, recurrentParams } from '../blocks/q-learning-params.ts'
import { defineModel } from '../core/model.ts'

/**
 * DEERS: one gated recurrent unit reads the likes and another the dislikes; each side joins the candidate in a first layer of
 * its own, then both are joined to Q(s, i). Beside the squared error, an item and its competitor are held apart: the item of
 * the same category with the opposite kind of feedback that is closest in time.
 */
export default defineModel({
  id: 'deers',
  version: 1,
  title: 'DEERS',
  summary: 'Deep Q-network on likes and dislikes, each read by a recurrent unit, with a pairwise term against competitor items.',
  kind: 'policy',
  family: 'q-network',
  feedback: 'both',
  needs: actorCriticNeeds,
  source: { paper: 'mdrr-att', title: 'Baseline "DEERS" of Table 2' },
  deviations: [
    'The pairwise term is a hinge with a margin (option: squared, as the paper has it, which is unbounded and blind to the sign).',
    'A competitor is looked for among the ratings that the same episode offers, and its category is its first genre; without genres there are no competitors, and the run says so.',
    'Clicks are likes, skips are dislikes; neutral ratings change no list.',
    ...qLearningDeviations,
  ],
  params: qLearningParams(recurrentParams, pairwiseParams),
  presets: [qLearningPalate, qLearningPaper({ stateHidden: 64 })],
  defaultPreset: 'palate',
  curves: [...qLearningCurves, { name: 'pairwise', label: 'Pairwise term', scale: 'linear' }],
  create: (p) =>
    qLearningRecipe(p, {
      encoder: gruEncoder(p.stateHidden),
      sides: ['positive', 'negative'],
      pairwise: p.pairwiseWeight > 0 ? { weight: p.pairwiseWeight, margin: p.margin, form: p.pairwise } : null,
    }),
})
