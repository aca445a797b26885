import { float } from '../../contract/params.ts'
import { pairwiseProducts } from '../blocks/factorisation-machine.ts'
import { networkParams, ratingCurves } from '../blocks/fitting-params.ts'
import { ratingNetworkRecipe } from '../blocks/rating-network.ts'
import { ValidatedFit } from '../blocks/validated-fit.ts'
import { defineModel } from '../core/model.ts'

/** A factorisation machine of second order: a weight for every value, and an inner product for every pair of fields. */
export default defineModel({
  id: 'fm',
  version: 1,
  title: 'FM (factorisation machine)',
  summary: 'Factorisation machine on user, item and their attributes: knows something of items that nobody has rated yet.',
  kind: 'static',
  family: 'features',
  feedback: 'ratings',
  needs: ['ratings', 'side-features'],
  source: { paper: 'deepchain', title: 'Baseline "FM" of section 4.2 (Rendle 2010)', equations: '(1), lemma 3.1' },
  deviations: [
    'Squared loss on observed ratings: the protocol compares rated items only, and unobserved pairs are no dislikes.',
    'Several values of one field (genres) are averaged first, so that two genres of one item do not interact.',
    'Fitted with Adam and early stopping on held-out training ratings; Rendle leaves the optimiser open.',
    'Values that no training rating has count as zeros instead of random numbers.',
    'DeepChain names no settings of its baseline: the preset "paper" has those of the DeepFM paper for its FM, 10 coordinates.',
  ],
  params: {
    ...networkParams,
    l2: float({
      default: 0.0005,
      min: 0,
      max: 10,
      symbol: 'λ',
      group: 'Training',
      doc: 'Penalty on squares of weights and vectors.',
    }),
  },
  presets: [
    { id: 'palate', title: 'Palate', values: {}, doc: 'Chosen on held-out training ratings of MovieLens-100k.' },
    {
      id: 'paper',
      title: 'Paper',
      values: { size: 10, l2: 0, batchSize: 2048, refit: false },
      doc: 'Ten coordinates, no penalty, early stopping alone.',
    },
  ],
  defaultPreset: 'palate',
  curves: [...ratingCurves],
  create: (p) =>
    ratingNetworkRecipe(
      {
        ...p,
        title: 'FM',
        optimiser: 'adam',
        dropout: 0,
        l2: (name) => (name === 'bias' ? 0 : p.l2),
        draw: (g, fields) => g.add(fields.linear, pairwiseProducts(g, fields)),
      },
      ValidatedFit.epochsOf(p),
    ),
})
