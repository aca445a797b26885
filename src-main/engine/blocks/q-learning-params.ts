import { bool, choice, float, int, type ParamSpecs, type ParamsOf } from '../../contract/params.ts'
import { embeddingParams, historyParams, trainingParams } from './actor-critic-params.ts'
import { environmentParams, learningParams, networksParams, replayParams, selectionParams } from './learning-params.ts'

const network = {
  hidden: int({ default: 64, min: 1, max: 2048, group: 'Network', doc: 'Width of the hidden layers.' }),
  layers: int({ default: 3, min: 2, max: 10, group: 'Network', doc: 'Fully connected layers, the last one included.' }),
  residual: bool({
    default: true,
    group: 'Network',
    doc: 'Q corrects the score of a linear base instead of learning all of it.',
  }),
  headRidge: networksParams.headRidge,
  candidateSample: int({
    default: 16,
    min: 1,
    max: 256,
    group: 'Network',
    advanced: true,
    doc: 'Candidates of the next state, drawn at random, among which the largest Q is looked for.',
  }),
}

const learning = {
  double: bool({
    default: true,
    group: 'Learning',
    doc: 'Double DQN: the network chooses the next item and the target network values it; otherwise the target network does both.',
  }),
  gamma: learningParams.gamma,
  tau: learningParams.tau,
  batchSize: learningParams.batchSize,
  learningRate: float({ default: 1e-4, min: 1e-7, max: 1, scale: 'log', group: 'Learning', doc: 'Of Adam.' }),
  l2: learningParams.l2,
  clipNorm: learningParams.clipNorm,
  centreRewards: learningParams.centreRewards,
}

const { exploration: _exploration, noise: _noise, ...environment } = environmentParams

/** Of models that read each list by a recurrent unit. */
export const recurrentParams = {
  stateHidden: int({ default: 32, min: 1, max: 1024, group: 'State', doc: 'Width of the recurrent unit of each side.' }),
}

/** Of models that hold an item against its competitor. */
export const pairwiseParams = {
  pairwiseWeight: float({
    default: 0.1,
    min: 0,
    max: 100,
    group: 'Competitor',
    doc: 'What the pairwise term counts beside the squared error; 0 leaves it out.',
  }),
  margin: float({
    default: 0.5,
    min: 0,
    max: 100,
    symbol: 'm',
    group: 'Competitor',
    doc: 'How far Q of the liked item should be above that of the disliked one.',
  }),
  pairwise: choice({
    default: 'hinge',
    group: 'Competitor',
    doc: 'How an item and its competitor are held against each other.',
    options: [
      { value: 'hinge', label: 'Hinge', doc: 'Wants the liked item above the disliked one, by the margin.' },
      { value: 'squared', label: 'Squared (literal)', doc: 'Drives both apart without bound, whichever is above.' },
    ],
  }),
}

const shared = { ...network, ...learning, ...environment, ...replayParams, ...selectionParams }

/**
 * Every parameter of a Q-learning model, in the order in which forms list them.
 * @param state what the model's state encoder takes; stands with the history
 * @param more what only this model has
 */
export function qLearningParams<const S extends ParamSpecs, const M extends ParamSpecs>(state: S, more: M) {
  return { ...trainingParams, ...embeddingParams, ...historyParams, ...state, ...shared, ...more }
}

/** What every Q-learning model can be told. */
export type QLearningParams = ParamsOf<typeof trainingParams & typeof embeddingParams & typeof historyParams & typeof shared>
