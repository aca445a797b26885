import { actorCriticNeeds } from '../blocks/actor-critic-presets.ts'
import { concatEncoder } from '../blocks/concat-encoder.ts'
import { qLearningCurves, qLearningDeviations, qLearningPalate, qLearningPaper, qLearningRecipe } from '../blocks/q-learning.ts'
import { qLearningParams } from '../blocks/q-learning-params.ts'
import { defineModel } from '../core/model.ts'

/**
 * DQN: the latest liked items side by side are the state, without the user; Q(s, i) of every candidate, and the one with the
 * largest is recommended.
 */
export default defineModel({
  id: 'dqn',
  version: 1,
  title: 'DQN',
  summary: 'Deep Q-network that values each candidate by the latest liked items side by side: the baseline without an actor.',
  kind: 'policy',
  family: 'q-network',
  feedback: 'positive',
  needs: actorCriticNeeds,
  source: { paper: 'mdrr-att', title: 'Baseline "DQN" of Table 2' },
  deviations: [
    'Places without an item hold a learned vector.',
    'Three fully connected layers by default; the preset "paper" has five, as a sister paper reports.',
    ...qLearningDeviations,
  ],
  params: qLearningParams({}, {}),
  presets: [qLearningPalate, qLearningPaper({ layers: 5 })],
  defaultPreset: 'palate',
  curves: qLearningCurves,
  create: (p) => qLearningRecipe(p, { encoder: concatEncoder, sides: ['positive'], pairwise: null }),
})
