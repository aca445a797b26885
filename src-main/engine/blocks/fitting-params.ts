import { bool, float, int } from '../../contract/params.ts'

/** Parameters that all models with early stopping have in common. */
export const stoppingParams = {
  patience: int({
    default: 5,
    min: 1,
    max: 1000,
    group: 'Stopping',
    doc: 'Epochs without a better check on held-out training data after which learning stops.',
  }),
  validationShare: float({
    default: 0.1,
    min: 0.01,
    max: 0.5,
    group: 'Stopping',
    doc: 'Share of the training data that is held out to check on; test data never are.',
  }),
  refit: bool({
    default: true,
    group: 'Stopping',
    doc: 'Fits once more on all training data, for as many epochs as were best on the held-out part.',
  }),
}

/** Parameters that the networks on fields of users and items have in common. */
export const networkParams = {
  epochs: int({
    default: 60,
    min: 1,
    max: 10_000,
    group: 'Training',
    doc: 'Most passes over the training ratings, in each of choosing and refitting.',
  }),
  size: int({ default: 32, min: 1, max: 512, symbol: 'k', group: 'Network', doc: 'Coordinates of the vector of a value.' }),
  learningRate: float({ default: 0.001, min: 1e-6, max: 1, scale: 'log', group: 'Training', doc: 'Of the optimiser.' }),
  batchSize: int({ default: 512, min: 1, max: 65_536, symbol: 'B', group: 'Training', doc: 'Ratings per update.' }),
  deviation: float({
    default: 0.05,
    min: 0.0001,
    max: 1,
    scale: 'log',
    group: 'Network',
    advanced: true,
    doc: 'Standard deviation of the vectors at the start.',
  }),
  ...stoppingParams,
}

export const ratingCurves = [
  { name: 'trainRmse', label: 'RMSE on the ratings learnt from', scale: 'linear' },
  { name: 'validationRmse', label: 'RMSE on held-out training ratings', scale: 'linear' },
] as const
