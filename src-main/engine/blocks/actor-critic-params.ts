import { bool, choice, float, int, type ParamSpec, type ParamSpecs, type ParamsOf } from '../../contract/params.ts'
import { environmentParams, learningParams, networksParams, replayParams, selectionParams } from './learning-params.ts'

export const trainingParams = {
  updates: int({
    default: 2000,
    min: 0,
    max: 100_000_000,
    group: 'Training',
    doc: 'Gradient updates of the networks.',
  }),
  updatesPerStep: float({
    default: 1,
    min: 0.01,
    max: 100,
    scale: 'log',
    symbol: 'ρ',
    group: 'Training',
    doc: "Gradient updates per environment step once learning has started, all environments' steps counted; kept to the millionth.",
  }),
}

export const embeddingParams = {
  size: int({
    default: 16,
    min: 1,
    max: 512,
    symbol: 'k',
    group: 'Embedding',
    doc: 'Latent coordinates of user and item vectors.',
  }),
  lambda: float({
    default: 16,
    min: 0.01,
    max: 1000,
    scale: 'log',
    symbol: 'λ',
    group: 'Embedding',
    doc: 'Ridge of the factorisation that makes the vectors.',
  }),
  embeddingEpochs: int({ default: 12, min: 1, max: 500, group: 'Embedding', doc: 'Passes of the factorisation.' }),
  restarts: int({
    default: 1,
    min: 1,
    max: 16,
    group: 'Embedding',
    doc: 'Factorisations from different random numbers, whose mean predicts: their vectors stand side by side.',
  }),
  bias: choice({
    default: 'item',
    group: 'Embedding',
    doc: 'Whether the item bias is a coordinate of the item vector.',
    options: [
      { value: 'item', label: 'Item bias as a coordinate' },
      { value: 'none', label: 'Plain PMF' },
    ],
  }),
  popularity: bool({
    default: true,
    group: 'Embedding',
    doc: "Adds a coordinate with the standardised log count of an item's training ratings.",
  }),
  foldEmbeddings: bool({
    default: true,
    group: 'Embedding',
    doc: 'Learns on five embeddings, each fitted without the ratings its episodes offer: what is learnt then holds for ratings never seen.',
  }),
}

export const historyParams = {
  historyLength: int({ default: 10, min: 1, max: 100, symbol: 'n', group: 'State', doc: 'Items per feedback side.' }),
}

/** Of encoders that attend. */
export const attentionParams = {
  attentionHidden: int({
    default: 32,
    min: 1,
    max: 1024,
    group: 'State',
    doc: 'Width of the attention network.',
  }),
  pooling: choice({
    default: 'sum',
    group: 'State',
    doc: 'How attention weights combine the items.',
    options: [
      { value: 'sum', label: 'Weighted sum' },
      { value: 'mean', label: 'Weighted sum divided by n (literal)' },
    ],
  }),
}

/** How a policy that was trained meets its users: as it is, or learning on from each user's own feedback. */
export const onlineParams = {
  mode: choice({
    default: 'offline',
    group: 'Online',
    doc: 'Whether the networks learn on while they recommend.',
    options: [
      { value: 'offline', label: 'Offline', doc: 'The networks stay as they were trained.' },
      {
        value: 'online',
        label: 'Online',
        doc: "Within a user's list the networks learn on from that user's feedback; each user starts from the trained ones.",
      },
    ],
  }),
  onlineEvery: int({
    default: 5,
    min: 1,
    max: 1000,
    symbol: 'm',
    group: 'Online',
    doc: 'Recommendations between two online updates, and transitions per update.',
  }),
}

const shared = { ...networksParams, ...learningParams, ...environmentParams, ...replayParams, ...selectionParams }

/**
 * Every parameter of an actor-critic model, in the order in which forms list them.
 * @param state what the model's state encoder takes; stands with the history
 * @param more what only this model has
 */
export function actorCriticParams<const S extends ParamSpecs, const M extends ParamSpecs>(state: S, more: M) {
  return { ...trainingParams, ...embeddingParams, ...historyParams, ...state, ...shared, ...more }
}

/** What every actor-critic model can be told. */
export type ActorCriticParams = ParamsOf<typeof trainingParams & typeof embeddingParams & typeof historyParams & typeof shared>

/** The same parameters; those named say where they stand in the model's own source. */
export function withEquations<const S extends Readonly<Record<string, ParamSpec>>>(
  params: S,
  equations: Partial<Record<keyof S & string, string>>,
): S {
  const told = Object.entries(params).map(([name, spec]) => [
    name,
    name in equations ? { ...spec, equation: equations[name] } : spec,
  ])
  return Object.fromEntries(told) as S
}
