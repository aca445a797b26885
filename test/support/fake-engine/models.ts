import { bool, choice, float, int } from '../../../src-main/contract/params.ts'
import type { MetricDescriptor, ProtocolDescriptor } from '../../../src-main/contract/dto/evaluation.ts'
import type { ModelDescriptor } from '../../../src-main/contract/dto/model.ts'

/** A model with every kind of parameter, so that every kind of form field is seen. */
const policy: ModelDescriptor = {
  id: 'mdrr-att',
  version: 1,
  title: 'MDRR-att',
  summary: 'Two attention encoders read what a user liked and disliked; two actors add up to one action.',
  kind: 'policy',
  family: 'actor-critic',
  feedback: 'both',
  needs: ['transitions', 'item-embeddings'],
  source: { paper: 'mdrr-att', title: 'Mixed negative and positive feedback in recommendation', equations: '(1)-(14)' },
  deviations: ['The actor gradient is taken at the present action, not at the one in the replay buffer.'],
  params: {
    updates: int({ default: 4000, min: 0, max: 1_000_000, group: 'Training', doc: 'How many gradient updates are made.' }),
    batchSize: int({ default: 64, min: 1, max: 4096, symbol: 'B', group: 'Training', doc: 'Transitions per update.' }),
    actorLearningRate: float({
      default: 1e-4,
      min: 1e-7,
      max: 1,
      scale: 'log',
      group: 'Training',
      doc: 'Step size of Adam for both actors.',
    }),
    criticLearningRate: float({
      default: 1e-3,
      min: 1e-7,
      max: 1,
      scale: 'log',
      group: 'Training',
      doc: 'Step size of Adam for the critic.',
    }),
    gamma: float({
      default: 0.9,
      min: 0,
      max: 1,
      symbol: 'γ',
      equation: '(9)',
      group: 'Agent',
      doc: 'How much a later reward counts.',
    }),
    tau: float({
      default: 1e-3,
      min: 0,
      max: 1,
      symbol: 'τ',
      group: 'Agent',
      advanced: true,
      doc: 'Share of the online network that enters the target network per update.',
    }),
    historyLength: int({
      default: 10,
      min: 1,
      max: 100,
      symbol: 'n',
      group: 'State',
      doc: 'Items per feedback side that the encoder sees.',
    }),
    feedback: choice({
      default: 'both',
      options: [
        { value: 'both', label: 'Both sides', doc: 'Liked and disliked items.' },
        { value: 'positive', label: 'Liked only' },
        { value: 'negative', label: 'Disliked only' },
      ],
      group: 'State',
      doc: 'Which feedback enters the state.',
    }),
    divideByN: bool({
      default: false,
      group: 'State',
      advanced: true,
      doc: 'Divide the weighted sum by n, as equation 3 literally says.',
    }),
    residual: bool({ default: false, group: 'Agent', doc: 'Learn a correction to a linear base instead of the whole action.' }),
  },
  presets: [
    {
      id: 'palate',
      title: 'Palate',
      doc: 'Fold embeddings and a residual actor: what learns reliably.',
      values: { residual: true, updates: 3000 },
    },
    { id: 'paper', title: 'Paper', doc: 'The settings of the paper, literally.', values: {} },
  ],
  defaultPreset: 'palate',
  curves: [
    { name: 'validation/ndcg@20', label: 'Validation NDCG@20', scale: 'linear' },
    { name: 'reward', label: 'Mean reward', scale: 'linear' },
    { name: 'loss/critic', label: 'Critic loss', scale: 'log' },
    { name: 'loss/actor', label: 'Actor loss', scale: 'linear' },
    { name: 'q/mean', label: 'Mean Q', scale: 'linear' },
    { name: 'epsilon', label: 'Exploration ε', scale: 'linear' },
  ],
}

const plain = (
  id: string,
  title: string,
  kind: ModelDescriptor['kind'],
  summary: string,
  family: ModelDescriptor['family'] = 'frame',
): ModelDescriptor => ({
  id,
  version: 1,
  title,
  summary,
  kind,
  family,
  feedback: family === 'frame' ? 'none' : 'ratings',
  needs: ['ratings'],
  source: { paper: 'ours', title: 'Palate' },
  deviations: [],
  params: {},
  presets: [{ id: 'default', title: 'Default', doc: 'There is nothing to set.', values: {} }],
  defaultPreset: 'default',
  curves: [],
})

export const fakeModels: ModelDescriptor[] = [
  policy,
  plain('random', 'Random', 'floor', 'Orders the candidates by chance.'),
  plain('popularity', 'Popularity', 'floor', 'Orders by the number of ratings.'),
  plain('item-mean', 'Item mean', 'floor', 'Orders by the mean rating.'),
  plain('biased-mf', 'Biased MF', 'floor', 'Matrix factorisation with biases.', 'factorisation'),
  plain('svd++', 'SVD++', 'static', 'Factorisation that also learns from which items were rated.', 'factorisation'),
  plain('oracle', 'Oracle', 'ceiling', 'Knows the test ratings: nothing can be better.'),
]

export const fakeProtocols: ProtocolDescriptor[] = [
  {
    id: 'rerank-sequential',
    title: 'Re-rank, sequential',
    doc: 'One item at a time; the logged rating comes back.',
    sequential: true,
  },
  { id: 'rerank-oneshot', title: 'Re-rank, one shot', doc: 'The whole order at once.', sequential: false },
  {
    id: 'sampled',
    title: 'Sampled, 1 + 99',
    doc: 'One liked item among 99 that were never rated.',
    caution: 'Not comparable: a drawn sample favours popular items.',
    sequential: false,
  },
]

const metric = (id: string, title: string, part: Partial<MetricDescriptor> = {}): MetricDescriptor => ({
  id,
  title,
  doc: 'A metric.',
  formula: '',
  perUser: true,
  better: 'higher',
  atK: true,
  ...part,
})

export const fakeMetrics: MetricDescriptor[] = [
  metric('precision', 'Precision'),
  metric('recall', 'Recall'),
  metric('f1', 'F1', { perUser: false }),
  metric('ndcg', 'NDCG'),
  metric('map', 'MAP'),
  metric('rmse', 'RMSE', { perUser: false, better: 'lower', atK: false }),
]
