import { float, int } from '../../contract/params.ts'
import { pairwiseProducts } from '../blocks/factorisation-machine.ts'
import { networkParams, ratingCurves } from '../blocks/fitting-params.ts'
import { ratingNetworkRecipe } from '../blocks/rating-network.ts'
import { ValidatedFit } from '../blocks/validated-fit.ts'
import type { GraphBuilder } from '../compute/graph-builder.ts'
import type { GraphNode } from '../compute/types.ts'
import { defineModel } from '../core/model.ts'

/** A factorisation machine and a perceptron on the same vectors, added up. */
export default defineModel({
  id: 'deepfm',
  version: 1,
  title: 'DeepFM',
  summary: 'Factorisation machine for pairs of attributes and a perceptron for what goes beyond pairs, on shared vectors.',
  kind: 'static',
  family: 'features',
  feedback: 'ratings',
  needs: ['ratings', 'side-features'],
  source: { paper: 'mdrr-att', title: 'Baseline "DeepFM" of Table 2 (Guo et al. 2017)', equations: '(1)-(4)' },
  deviations: [
    'Squared loss on observed ratings without the sigmoid: the protocol compares rated items only.',
    'Several values of one field (genres) are averaged first.',
    'Early stopping on held-out training ratings, then a fit on all of them (preset "paper": without).',
    'Values that no training rating has count as zeros instead of random numbers.',
  ],
  params: {
    ...networkParams,
    hidden: int({ default: 32, min: 1, max: 2048, group: 'Network', doc: 'Width of each layer of the perceptron.' }),
    layers: int({ default: 1, min: 1, max: 8, group: 'Network', doc: 'Layers of the perceptron.' }),
    dropout: float({ default: 0.2, min: 0, max: 0.95, group: 'Training', doc: 'Share of hidden units dropped while learning.' }),
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
      values: { size: 10, hidden: 400, layers: 3, dropout: 0.5, l2: 0, batchSize: 2048, refit: false },
      doc: 'Guo et al.: ten coordinates, three layers of 400, dropout .5, Adam.',
    },
  ],
  defaultPreset: 'palate',
  curves: [...ratingCurves],
  create: (p) =>
    ratingNetworkRecipe(
      {
        ...p,
        title: 'DeepFM',
        optimiser: 'adam',
        l2: (name) => (name === 'bias' ? 0 : p.l2),
        draw(g, fields, dropout) {
          const [batch, count, size] = fields.vectors.shape as [number, number, number]
          const deep = g.scope('deep', () => perceptron(g, g.reshape(fields.vectors, [batch, count * size]), p, dropout))
          return g.add(g.add(fields.linear, pairwiseProducts(g, fields)), deep)
        },
      },
      ValidatedFit.epochsOf(p),
    ),
})

/** x [B, m] -> [B]: ReLU layers, each with dropout, and a linear output. */
function perceptron(g: GraphBuilder, x: GraphNode, { hidden, layers }: { hidden: number; layers: number }, dropout: number) {
  let h = x
  for (let layer = 1; layer <= layers; layer++) {
    const weight = g.parameter(`deep.weight${layer}`, [h.shape[1]!, hidden], { kind: 'he-normal' })
    const sum = g.linear(h, weight, g.parameter(`deep.bias${layer}`, [hidden]), 'relu')
    h = g.dropout(sum, `dropout${layer}`, dropout)
  }
  return g.sumLast(g.linear(h, g.parameter('deep.output', [hidden, 1]), null))
}
