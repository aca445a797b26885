import { choice, float, int } from '../../contract/params.ts'
import { stoppingParams } from '../blocks/fitting-params.ts'
import { nextItemFit, nextItemSketch } from '../blocks/next-item-fit.ts'
import { ValidatedFit } from '../blocks/validated-fit.ts'
import { defineModel } from '../core/model.ts'

/** A gated recurrent unit over what a user liked, in order of time, that predicts the next. */
export default defineModel({
  id: 'gru4rec',
  version: 1,
  title: 'GRU4Rec',
  summary: 'Predicts the next item from the order of those before it; the list itself goes on with what comes back.',
  kind: 'policy',
  family: 'sequence',
  feedback: 'choice',
  needs: ['ratings', 'time-order'],
  source: { paper: 'deepchain', title: 'Baseline "GRU" of section 4.2 (Hidasi et al. 2016, Hidasi and Karatzoglou 2018)' },
  deviations: [
    "A user's training history is one session, learnt in windows; sessions are not run in parallel with states carried along.",
    'Negatives are drawn for each batch, by popularity to a power as in the second paper (preset "palate": all items alike, so that popularity stays in the scores); an item is never its own negative.',
    'Cross-entropy over the sampled items by default; option: BPR, averaged over the negatives, not weighted by their softmax (BPR-max).',
    'Vectors of items read and of items predicted are separate, the latter with a bias.',
    'DeepChain names no settings of its baseline: the preset "paper" has those of the public code of GRU4Rec.',
  ],
  params: {
    events: choice({
      default: 'positive',
      doc: 'What a history is made of.',
      options: [
        { value: 'positive', label: 'Liked items' },
        { value: 'all', label: 'All rated items' },
      ],
    }),
    historyLength: int({
      default: 20,
      min: 1,
      max: 200,
      symbol: 'n',
      group: 'Network',
      doc: 'Steps of a window: the latest items that count.',
    }),
    size: int({ default: 32, min: 1, max: 512, group: 'Network', doc: 'Coordinates of the vectors of items read.' }),
    hidden: int({ default: 64, min: 1, max: 1024, symbol: 'h', group: 'Network', doc: 'Width of the state.' }),
    loss: choice({
      default: 'cross-entropy',
      group: 'Training',
      doc: 'How the next item is compared with the negatives.',
      options: [
        { value: 'cross-entropy', label: 'Cross-entropy over the sample' },
        { value: 'bpr', label: 'Bayesian personalised ranking' },
      ],
    }),
    negatives: int({ default: 128, min: 1, max: 8192, group: 'Training', doc: 'Items drawn for each batch.' }),
    popularityPower: float({
      default: 0,
      min: 0,
      max: 1,
      symbol: 'α',
      group: 'Training',
      doc: 'Negatives are drawn by popularity to this power; 0: all alike.',
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
    learningRate: float({ default: 0.002, min: 1e-6, max: 1, scale: 'log', group: 'Training', doc: 'Of the optimiser.' }),
    batchSize: int({ default: 32, min: 1, max: 1024, symbol: 'B', group: 'Training', doc: 'Windows per update.' }),
    dropout: float({
      default: 0.2,
      min: 0,
      max: 0.95,
      group: 'Training',
      doc: 'Share of the coordinates read that are dropped while learning.',
    }),
    l2: float({ default: 1e-5, min: 0, max: 1, group: 'Training', doc: 'Penalty on squares of all weights.' }),
    epochs: int({
      default: 60,
      min: 1,
      max: 10_000,
      group: 'Training',
      doc: 'Most passes over the windows, in each of choosing and refitting.',
    }),
    ...stoppingParams,
  },
  presets: [
    { id: 'palate', title: 'Palate', values: {}, doc: 'Small enough for a user history of some dozens of items.' },
    {
      id: 'paper',
      title: 'Paper',
      values: {
        hidden: 100,
        size: 100,
        loss: 'bpr',
        negatives: 2048,
        popularityPower: 0.75,
        optimiser: 'adagrad',
        learningRate: 0.1,
        dropout: 0,
        l2: 0,
        refit: false,
      },
      doc: 'Public code of GRU4Rec: one layer of 100, ranking loss, Adagrad with rate .1, batches of 32, 2,048 negatives.',
    },
  ],
  defaultPreset: 'palate',
  curves: [
    { name: 'trainLoss', label: 'Loss per next item, while learning', scale: 'linear' },
    { name: 'validationLoss', label: 'Loss per next item, held-out windows', scale: 'linear' },
  ],
  create: (p) => ({
    kind: 'policy',
    epochs: ValidatedFit.epochsOf(p),
    start: (context) => nextItemFit(p, context),
    sketch: (sizes) => nextItemSketch(p, sizes),
  }),
})
