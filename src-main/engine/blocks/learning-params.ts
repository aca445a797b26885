import { bool, choice, float, int } from '../../contract/params.ts'

/** Sizes of the networks, what they correct, and what the critic judges. */
export const networksParams = {
  actorHidden: int({ default: 64, min: 1, max: 2048, group: 'Networks', doc: 'Width of both layers of an actor.' }),
  criticHidden: int({
    default: 64,
    min: 1,
    max: 2048,
    group: 'Networks',
    doc: "Width of the critic's layers; the first, on the state, is twice as wide.",
  }),
  residual: bool({
    default: true,
    group: 'Networks',
    doc: 'The networks correct a linear base action instead of inventing one.',
  }),
  residualShare: float({
    default: 0.3,
    min: 0,
    max: 10,
    symbol: 'c',
    group: 'Networks',
    doc: "Size of the correction, in units of the user vector's root mean square.",
  }),
  headRidge: float({
    default: 3000,
    min: 0.01,
    max: 1e9,
    scale: 'log',
    group: 'Networks',
    advanced: true,
    doc: 'Ridge of the linear base, in pseudo-observations.',
  }),
  critic: choice({
    default: 'item',
    group: 'Networks',
    doc: 'What the critic judges.',
    options: [
      { value: 'action', label: 'The action vector: Q(s, a)', doc: 'Deterministic policy gradient, as the paper says.' },
      {
        value: 'item',
        label: 'The recommended item: Q(s, i)',
        doc: 'The actor maximises the value of a softmax over candidates.',
      },
    ],
  }),
  temperature: float({
    default: 0.3,
    min: 0.001,
    max: 100,
    scale: 'log',
    group: 'Networks',
    advanced: true,
    doc: 'Of the softmax over candidates (item critic).',
  }),
  candidateSample: int({
    default: 8,
    min: 2,
    max: 256,
    group: 'Networks',
    advanced: true,
    doc: 'Candidates per transition that the softmax sees (item critic).',
  }),
}

/** Gradient updates. */
export const learningParams = {
  gamma: float({
    default: 0.9,
    min: 0,
    max: 1,
    symbol: 'γ',
    group: 'Learning',
    doc: 'Discount of future rewards.',
  }),
  tau: float({
    default: 0.001,
    min: 0,
    max: 1,
    symbol: 'τ',
    group: 'Learning',
    doc: 'Share by which target networks follow per update.',
  }),
  batchSize: int({ default: 64, min: 1, max: 4096, symbol: 'B', group: 'Learning', doc: 'Transitions per update.' }),
  actorLearningRate: float({ default: 1e-4, min: 1e-7, max: 1, scale: 'log', group: 'Learning', doc: 'Of Adam, whatever acts.' }),
  criticLearningRate: float({ default: 1e-3, min: 1e-7, max: 1, scale: 'log', group: 'Learning', doc: 'Of Adam, critic.' }),
  l2: float({ default: 1e-5, min: 0, max: 1, group: 'Learning', doc: 'L2 penalty of all networks.' }),
  clipNorm: float({
    default: 10,
    min: 1e-6,
    max: 1e9,
    scale: 'log',
    group: 'Learning',
    doc: 'Largest gradient norm; longer gradients are scaled down to it.',
  }),
  criticOnlyUpdates: int({
    default: 1000,
    min: 0,
    max: 1_000_000,
    group: 'Learning',
    doc: 'Updates of the critic before the actors start to move.',
  }),
  centreRewards: bool({
    default: true,
    group: 'Learning',
    doc: "Subtracts the user's mean reward: generous and strict raters weigh the same.",
  }),
}

/** Episodes and exploration. */
export const environmentParams = {
  environment: choice({
    default: 'logged-ratings',
    group: 'Environment',
    doc: 'Whom the policy learns with.',
    options: [
      {
        value: 'logged-ratings',
        label: 'Logged ratings',
        doc: 'An episode orders training ratings of a user; their own rating comes back.',
      },
      {
        value: 'simulated',
        label: 'Simulated users',
        doc: 'An episode offers the catalogue; items without a training rating are answered by a factorisation of the training ratings that the policy does not use, with noise.',
      },
    ],
  }),
  shortlist: int({
    default: 100,
    min: 1,
    max: 100_000,
    group: 'Environment',
    doc: 'With simulated users: candidates of an episode, so many with the highest scores of the embedding and as many by chance.',
  }),
  environments: int({
    default: 1,
    min: 1,
    max: 1024,
    symbol: 'E',
    group: 'Environment',
    doc: 'Simulated users that act at once: the networks see all their states in one batch.',
  }),
  episodeLength: int({
    default: 20,
    min: 1,
    max: 1000,
    symbol: 'T',
    group: 'Environment',
    doc: 'Steps after which an episode is truncated.',
  }),
  exploration: choice({
    default: 'candidate',
    group: 'Environment',
    doc: 'What happens with probability ε.',
    options: [
      { value: 'noise', label: 'Gaussian noise on the action' },
      { value: 'candidate', label: 'A random candidate' },
    ],
  }),
  epsilonStart: float({
    default: 1,
    min: 0,
    max: 1,
    symbol: 'ε',
    group: 'Environment',
    doc: 'Probability to explore at the start.',
  }),
  epsilonEnd: float({ default: 0.1, min: 0, max: 1, group: 'Environment', doc: 'Probability to explore in the end.' }),
  explorationShare: float({
    default: 0.5,
    min: 0.01,
    max: 1,
    group: 'Environment',
    doc: 'Share of the updates over which ε falls.',
  }),
  noise: float({ default: 0.3, min: 0, max: 10, group: 'Environment', doc: 'Standard deviation of the noise.' }),
}

/** Prioritised replay. */
export const replayParams = {
  replayCapacity: int({ default: 50_000, min: 64, max: 10_000_000, group: 'Replay', doc: 'Transitions kept.' }),
  replayAlpha: float({
    default: 0.6,
    min: 0,
    max: 1,
    symbol: 'α',
    group: 'Replay',
    doc: 'How far priorities, |TD error|, decide what is sampled.',
  }),
  replayBeta: float({
    default: 0.4,
    min: 0,
    max: 1,
    symbol: 'β',
    group: 'Replay',
    doc: 'Importance correction at the start; rises to 1.',
  }),
  learningStart: int({ default: 5000, min: 1, max: 1_000_000, group: 'Replay', doc: 'Steps before the first update.' }),
}

/** Which weights act in evaluation. */
export const selectionParams = {
  averaging: float({
    default: 0.999,
    min: 0,
    max: 0.999999,
    group: 'Selection',
    doc: 'Decay of the averaged weights that act in evaluation; 0 uses the last weights.',
  }),
  validateEvery: int({
    default: 500,
    min: 1,
    max: 10_000_000,
    group: 'Selection',
    doc: 'Updates between two checks on held-out users.',
  }),
  heldOutShare: float({
    default: 0.15,
    min: 0.01,
    max: 0.5,
    group: 'Selection',
    doc: 'Share of the users kept from learning; checkpoints are compared on them.',
  }),
  selectCheckpoint: bool({
    default: true,
    group: 'Selection',
    doc: 'Keeps the checkpoint that is best on held-out users, the untrained one included.',
  }),
}
