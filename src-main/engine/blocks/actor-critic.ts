import type { GraphBuilder } from '../compute/graph-builder.ts'
import type { ActorCriticRecipe, ActorOutputs, StateInputs } from '../core/actor-critic-recipe.ts'
import type { ActorCriticParams } from './actor-critic-params.ts'
import type { SideEncoder } from './encoder.types.ts'
import { perceptronActor } from './perceptron-actor.ts'
import { perceptronCritic } from './perceptron-critic.ts'

/** What tells one actor-critic model from another. All combine freely. */
export interface ActorCriticBlocks {
  readonly encoder: SideEncoder
  /** Which lists the state is made of. */
  readonly feedback: 'positive' | 'negative' | 'both'
  /** "dual": each side's state has an actor of its own, and their actions are added. With one side there is one actor. */
  readonly actors: 'single' | 'dual'
  /** Which items stand in the lists: by preference score t r (mdrr-att, section 4.3) or simply the latest. */
  readonly historyRule: ActorCriticRecipe['historyRule']
  /** Recommendations between two updates while a trained policy recommends; null leaves it as it was trained. */
  readonly onlineEvery: number | null
}

/** The recipe of an actor-critic model: its blocks, and what all of them can be told. */
export function actorCriticRecipe(p: ActorCriticParams, blocks: ActorCriticBlocks): ActorCriticRecipe {
  return {
    kind: 'actor-critic',
    ...learningOf(p),
    historyRule: blocks.historyRule,
    feedback: blocks.feedback,
    online: blocks.onlineEvery === null ? null : { every: blocks.onlineEvery },
    actor: (g, inputs, k) => drawActor(g, inputs, k, blocks, p.actorHidden, p.residual ? 0 : 1),
    critic: (g, state, vectors) =>
      perceptronCritic(g, 'critic', state, vectors, [2 * p.criticHidden, p.criticHidden, p.criticHidden]),
  }
}

/** @param outputScale of the last layers at the start; a residual actor starts as its base */
function drawActor(
  g: GraphBuilder,
  inputs: StateInputs,
  k: number,
  { encoder, feedback, actors }: ActorCriticBlocks,
  hidden: number,
  outputScale: number,
): ActorOutputs {
  const names = feedback === 'both' ? (['positive', 'negative'] as const) : [feedback]
  const sides = names.map((side) => ({ side, ...encoder(g, `actor.${side}.encoder`, inputs.user, inputs[side]) }))
  const attention = Object.fromEntries(sides.flatMap(({ side, weights }) => (weights ? [[side, weights]] : [])))
  const [first, second] = sides
  if (!second) {
    const raw = perceptronActor(g, `actor.${first!.side}`, first!.state, k, hidden, outputScale)
    return { state: first!.state, raw, attention }
  }
  const state = g.scope('state', () => g.concat([first!.state, second.state]))
  if (actors === 'single') return { state, raw: perceptronActor(g, 'actor.joint', state, k, hidden, outputScale), attention }
  const actions = sides.map((side) => perceptronActor(g, `actor.${side.side}`, side.state, k, hidden, outputScale))
  return { state, raw: g.scope('actor.sum', () => g.add(actions[0]!, actions[1]!)), attention }
}

function learningOf(p: ActorCriticParams) {
  return {
    updates: p.updates,
    updatesPerStep: p.updatesPerStep,
    environments: p.environments,
    embedding: embeddingOf(p),
    historyLength: p.historyLength,
    episodeLength: p.episodeLength,
    simulated: simulatedOf(p),
    gamma: p.gamma,
    tau: p.tau,
    batchSize: p.batchSize,
    actorLearningRate: p.actorLearningRate,
    criticLearningRate: p.criticLearningRate,
    l2: p.l2,
    clipNorm: p.clipNorm,
    replay: replayOf(p),
    exploration: { kind: p.exploration, ...epsilonOf(p), noise: p.noise },
    judges: p.critic,
    temperature: p.temperature,
    candidateSample: p.candidateSample,
    criticOnlyUpdates: p.criticOnlyUpdates,
    residual: p.residual ? { share: p.residualShare, ridge: p.headRidge } : null,
    centreRewards: p.centreRewards,
    averaging: p.averaging,
    validateEvery: p.validateEvery,
    heldOutShare: p.heldOutShare,
    selectCheckpoint: p.selectCheckpoint,
  }
}

/** Parts of a recipe that all models have which learn from replay. */
type Replayed = Pick<
  ActorCriticParams,
  | ('size' | 'lambda' | 'embeddingEpochs' | 'bias' | 'popularity' | 'foldEmbeddings')
  | ('replayCapacity' | 'replayAlpha' | 'replayBeta' | 'learningStart')
  | ('environment' | 'shortlist')
  | ('epsilonStart' | 'epsilonEnd' | 'explorationShare')
> &
  Partial<Pick<ActorCriticParams, 'restarts'>>

export const embeddingOf = (p: Replayed) => ({
  size: p.size,
  lambda: p.lambda,
  epochs: p.embeddingEpochs,
  bias: p.bias,
  popularity: p.popularity,
  foldEmbeddings: p.foldEmbeddings,
  // Left out where there is one, so that embeddings of the time before there could be more are found again.
  ...(p.restarts !== undefined && p.restarts > 1 ? { restarts: p.restarts } : {}),
})

/** Users simulated from the training ratings, where they are wanted. */
export const simulatedOf = (p: Replayed) =>
  p.environment === 'simulated' ? { simulator: 'logged', shortlist: p.shortlist } : null

export const replayOf = (p: Replayed) => ({
  capacity: p.replayCapacity,
  alpha: p.replayAlpha,
  beta: p.replayBeta,
  learningStart: p.learningStart,
})

export const epsilonOf = (p: Replayed) => ({
  epsilonStart: p.epsilonStart,
  epsilonEnd: p.epsilonEnd,
  share: p.explorationShare,
})
