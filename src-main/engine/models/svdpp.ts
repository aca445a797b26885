import { choice, float, int } from '../../contract/params.ts'
import { ratingCurves, stoppingParams } from '../blocks/fitting-params.ts'
import { fitSgd } from '../blocks/sgd-fit.ts'
import { ValidatedFit } from '../blocks/validated-fit.ts'
import { defineModel } from '../core/model.ts'
import { factorTables } from '../factorisation/factor-tables.ts'

/** SVD++: biased factorisation in which the set of items that a user has rated speaks for the user as well. */
export default defineModel({
  id: 'svd++',
  version: 1,
  title: 'SVD++',
  summary: 'Biased matrix factorisation that also learns from which items a user has rated at all, whatever the rating.',
  kind: 'static',
  family: 'factorisation',
  feedback: 'ratings',
  needs: ['ratings'],
  source: { paper: 'mdrr-att', title: 'Baseline "SVD++" of Table 2 (Koren 2008)', equations: '(15)' },
  deviations: [
    'One learning rate and one penalty for biases, factors and implicit factors; Koren has three and two.',
    'Early stopping on held-out training ratings, then a fit on all of them (preset "paper": without the second).',
  ],
  params: {
    epochs: int({
      default: 100,
      min: 1,
      max: 10_000,
      doc: 'Most passes over the training ratings, in each of choosing and refitting.',
    }),
    size: int({ default: 50, min: 1, max: 512, symbol: 'f', doc: 'Number of latent coordinates.' }),
    learningRate: float({ default: 0.01, min: 1e-6, max: 1, scale: 'log', symbol: 'γ', doc: 'Step per rating.' }),
    decay: float({ default: 0.99, min: 0.1, max: 1, doc: 'What the step is multiplied by after each epoch.' }),
    lambda: float({
      default: 0.1,
      min: 0,
      max: 10,
      symbol: 'λ',
      doc: 'Penalty on squares of all that a prediction reads, per rating.',
    }),
    selection: choice({
      default: 'fixed',
      doc: 'Where the settings come from.',
      options: [
        { value: 'fixed', label: 'As set' },
        {
          value: 'validation',
          label: 'Picked on held-out training ratings',
          doc: 'Tries as well twice the size with .6 of the penalty and a step that falls three times as fast; the better learns from all.',
        },
      ],
    }),
    ...stoppingParams,
  },
  presets: [
    {
      id: 'palate',
      title: 'Palate',
      values: { selection: 'validation' },
      doc: 'Of the settings "small" and, within .001 of decay, "large" those that are better on held-out training ratings of this split.',
    },
    { id: 'small', title: 'Small', values: {}, doc: 'Chosen on held-out training ratings of MovieLens-100k.' },
    {
      id: 'large',
      title: 'Large',
      values: { size: 100, lambda: 0.06, decay: 0.97 },
      doc: 'Chosen on held-out training ratings of MovieLens-1M: more ratings for each user and item bear less of a penalty per rating.',
    },
    {
      id: 'paper',
      title: 'Paper',
      values: { size: 50, epochs: 30, learningRate: 0.007, decay: 0.9, lambda: 0.015, refit: false },
      doc: 'Koren: 50 factors, step .007 falling by a tenth per epoch, penalty .015 (his for factors), 30 epochs.',
    },
  ],
  defaultPreset: 'palate',
  curves: [...ratingCurves],
  create: (p) => ({
    kind: 'scorer',
    epochs: ValidatedFit.epochsOf(p, p.selection === 'validation' ? 2 : 1),
    sketch: ({ users, items }) => ({
      tables: [...factorTables(users, items, p.size, true), { title: 'Implicit vectors of items', shape: [items, p.size] }],
    }),
    start: (context) =>
      fitSgd(
        { ...p, biased: true, implicit: true, centred: true, deviation: 0.1 },
        context,
        p.selection === 'validation' ? [{ size: 2 * p.size, lambda: 0.6 * p.lambda, decay: p.decay ** 3 }] : [],
      ),
  }),
})
