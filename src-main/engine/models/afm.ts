import { choice, float, int } from '../../contract/params.ts'
import { networkParams, ratingCurves } from '../blocks/fitting-params.ts'
import { ratingNetworkRecipe } from '../blocks/rating-network.ts'
import { ValidatedFit } from '../blocks/validated-fit.ts'
import type { GraphBuilder } from '../compute/graph-builder.ts'
import type { GraphNode } from '../compute/types.ts'
import { defineModel } from '../core/model.ts'

/** A factorisation machine that weighs its pairs of fields by attention. */
export default defineModel({
  id: 'afm',
  version: 1,
  title: 'AFM',
  summary: 'Attentional factorisation machine: which pairs of attributes matter is decided anew for each user and item.',
  kind: 'static',
  family: 'features',
  feedback: 'ratings',
  needs: ['ratings', 'side-features'],
  source: { paper: 'mdrr-att', title: 'Baseline "AFM" of Table 2 (Xiao et al. 2017)', equations: '(4)-(6), (9)' },
  deviations: [
    'Several values of one field (genres) are averaged first.',
    "The vectors start from random numbers, not from those of a trained factorisation machine (the paper's pre-training).",
    'Early stopping on held-out training ratings, then a fit on all of them (preset "paper": without).',
    'The preset "palate" penalises all weights, not only the attention network, and uses Adam.',
    'Values that no training rating has count as zeros instead of random numbers.',
  ],
  params: {
    ...networkParams,
    learningRate: float({ default: 0.003, min: 1e-6, max: 1, scale: 'log', group: 'Training', doc: 'Of the optimiser.' }),
    attention: int({ default: 16, min: 1, max: 1024, symbol: 't', group: 'Network', doc: 'Width of the attention network.' }),
    dropout: float({
      default: 0.1,
      min: 0,
      max: 0.95,
      group: 'Training',
      doc: 'Share of the weighted sum of pairs dropped while learning.',
    }),
    l2: float({
      default: 0.0001,
      min: 0,
      max: 10,
      group: 'Training',
      doc: 'Penalty on squares of weights and vectors outside the attention network.',
    }),
    attentionL2: float({
      default: 0.00001,
      min: 0,
      max: 1000,
      symbol: 'λ',
      group: 'Training',
      doc: 'Penalty on squares of the attention network.',
    }),
    optimiser: choice({
      default: 'adam',
      group: 'Training',
      doc: 'How gradients become steps.',
      options: [
        { value: 'adam', label: 'Adam' },
        { value: 'adagrad', label: 'Adagrad' },
      ],
    }),
  },
  presets: [
    { id: 'palate', title: 'Palate', values: {}, doc: 'Chosen on held-out training ratings of MovieLens-100k.' },
    {
      id: 'paper',
      title: 'Paper',
      values: {
        size: 256,
        attention: 256,
        optimiser: 'adagrad',
        learningRate: 0.1,
        batchSize: 4096,
        dropout: 0.2,
        l2: 0,
        attentionL2: 2,
        refit: false,
      },
      doc: 'Xiao et al.: 256 coordinates, attention of width 256, Adagrad, batches of 4,096, dropout on the pairs, penalty on the attention alone.',
    },
  ],
  defaultPreset: 'palate',
  curves: [...ratingCurves],
  create: (p) =>
    ratingNetworkRecipe(
      {
        ...p,
        title: 'AFM',
        l2: (name) => (name === 'bias' ? 0 : name.startsWith('attention.') ? p.attentionL2 : p.l2),
        draw(g, fields, dropout) {
          const pairs = g.scope('attention', () => attendedPairs(g, fields.vectors, p.attention))
          const pooled = g.dropout(pairs, 'dropout', dropout)
          return g.add(fields.linear, g.sumLast(g.linear(pooled, g.parameter('output', [p.size, 1]), null)))
        },
      },
      ValidatedFit.epochsOf(p),
    ),
})

/** vectors [B, F, k] -> [B, k]: the element-wise products of all pairs, weighted by softmax of h' relu(W (v_i * v_j) + b). */
function attendedPairs(g: GraphBuilder, vectors: GraphNode, width: number): GraphNode {
  const [batch, fields, size] = vectors.shape as [number, number, number]
  const flat = g.reshape(vectors, [batch, fields * size])
  const field = Array.from({ length: fields }, (_, f) => g.slice(flat, f * size, size))
  const products = field.flatMap((v, i) => field.slice(i + 1).map((w) => g.mul(v, w)))
  const pairs = g.reshape(g.concat(products), [batch, products.length, size])
  const weight = g.parameter('attention.weight', [size, width])
  const hidden = g.linear(pairs, weight, g.parameter('attention.bias', [width]), 'relu')
  const logits = g.reshape(g.linear(hidden, g.parameter('attention.score', [width, 1]), null), [batch, products.length])
  return g.weightedSum(g.softmax(logits), pairs)
}
