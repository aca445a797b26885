import { bool, float, int } from '../../contract/params.ts'
import { ratingCurves, stoppingParams } from '../blocks/fitting-params.ts'
import { fitSgd } from '../blocks/sgd-fit.ts'
import { ValidatedFit } from '../blocks/validated-fit.ts'
import { defineModel } from '../core/model.ts'
import { factorTables } from '../factorisation/factor-tables.ts'

/** Probabilistic matrix factorisation without biases, by stochastic gradient steps. */
export default defineModel({
  id: 'pmf',
  version: 1,
  title: 'PMF',
  summary: 'Probabilistic matrix factorisation: a rating is the inner product of a user vector and an item vector, no biases.',
  kind: 'static',
  family: 'factorisation',
  feedback: 'ratings',
  needs: ['ratings'],
  source: { paper: 'mdrr-att', title: 'Baseline "PMF" of Table 2 (Salakhutdinov and Mnih 2008)', equations: '(4)' },
  deviations: [
    'One gradient step per rating instead of batches of 100,000 with momentum: the optimum is the same, the way is shorter.',
    "The mean rating is taken off first (option): an inner product alone predicts 0 for who has no rating; the paper's logistic variant is left out.",
    'One penalty for users and items; the paper also tries different ones.',
    'Early stopping on held-out training ratings, then a fit on all of them (preset "paper": without the second).',
  ],
  params: {
    epochs: int({
      default: 100,
      min: 1,
      max: 10_000,
      doc: 'Most passes over the training ratings, in each of choosing and refitting.',
    }),
    size: int({ default: 40, min: 1, max: 512, symbol: 'D', doc: 'Number of latent coordinates.' }),
    learningRate: float({ default: 0.01, min: 1e-6, max: 1, scale: 'log', symbol: 'ε', doc: 'Step per rating.' }),
    decay: float({ default: 1, min: 0.1, max: 1, doc: 'What the step is multiplied by after each epoch.' }),
    lambda: float({
      default: 0.1,
      min: 0,
      max: 10,
      symbol: 'λ',
      equation: '(4)',
      doc: 'Penalty on squares of the vectors, per rating.',
    }),
    centred: bool({ default: true, doc: 'Takes the mean rating off first.' }),
    ...stoppingParams,
  },
  presets: [
    { id: 'palate', title: 'Palate', values: {}, doc: 'Chosen on held-out training ratings of MovieLens-100k.' },
    {
      id: 'paper',
      title: 'Paper',
      values: { size: 10, learningRate: 0.005, lambda: 0.01, centred: false, refit: false },
      doc: 'Salakhutdinov and Mnih: 10 coordinates, rate .005, penalty .01, as far as steps per rating can follow.',
    },
  ],
  defaultPreset: 'palate',
  curves: [...ratingCurves],
  create: (p) => ({
    kind: 'scorer',
    epochs: ValidatedFit.epochsOf(p),
    sketch: ({ users, items }) => ({ tables: factorTables(users, items, p.size, false) }),
    start: (context) => fitSgd({ ...p, biased: false, implicit: false, deviation: 0.1 }, context),
  }),
})
