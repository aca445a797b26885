import { perceptronActor } from '../../blocks/perceptron-actor.ts'
import { createArena } from '../../compute/arena.ts'
import { differentiate } from '../../compute/differentiate.ts'
import { GraphBuilder } from '../../compute/graph-builder.ts'
import type { ExecutorMemory, Graph, GraphNode, ParameterArena } from '../../compute/types.ts'
import { Rng } from '../../core/rng.ts'
import { referenceSizes } from './reference-data.ts'

export const referenceWidths = { attention: 64, actor: 256, critic: [512, 256] } as const
export const referenceDiscount = 0.9

export interface ReferenceGraphs {
  /** One user: scores of all items. */
  readonly act: Graph
  /** What Q should be, by the target networks. */
  readonly target: Graph
  /** The critic's loss and its gradients, from the states that the actor's graph hands out. */
  readonly critic: Graph
  /** The actor's loss and its gradients. */
  readonly actor: Graph
}

/** The four graphs of the reference step. Inputs are named as in `ReferenceData`, `k` is the width of all vectors. */
export function referenceGraphs(k: number, batch: number): ReferenceGraphs {
  return { act: actGraph(k), target: targetGraph(k, batch), critic: criticGraph(k, batch), actor: actorGraph(k, batch) }
}

/** Floating-point operations of one step; optimisers and soft updates come on top. */
export function referenceFlops(graphs: ReferenceGraphs): number {
  return graphs.act.flops + graphs.target.flops + graphs.critic.flops + graphs.actor.flops
}

export interface ReferenceParameters {
  readonly actor: ParameterArena
  readonly critic: ParameterArena
}

/** Initial weights: they consume the stream "reference-networks" of `seed`, whatever the batch. */
export function referenceParameters(graphs: ReferenceGraphs, seed: number, memory?: ExecutorMemory): ReferenceParameters {
  const of = (graph: Graph, belongs: (name: string) => boolean): ParameterArena =>
    createArena(
      graph.parameters.filter((spec) => belongs(spec.name)),
      memory,
    )
  const parameters = { actor: of(graphs.actor, isActor), critic: of(graphs.critic, isCritic) }
  const rng = Rng.stream(seed, 'reference-networks')
  parameters.actor.initialise(rng)
  parameters.critic.initialise(rng)
  return parameters
}

const isActor = (name: string): boolean => name.startsWith('actor.')
const isCritic = (name: string): boolean => name.startsWith('critic.')

/** Names of the two histories that a graph reads. */
interface Histories {
  readonly positive: string
  readonly negative: string
}
const present: Histories = { positive: 'positive', negative: 'negative' }
const next: Histories = { positive: 'nextPositive', negative: 'nextNegative' }

interface Side {
  readonly name: string
  /** [B, 3k] */
  readonly state: GraphNode
}

interface BothSides {
  readonly positive: Side
  readonly negative: Side
}

interface States extends BothSides {
  /** [items, k] */
  readonly itemVectors: GraphNode
}

/** Both states of a batch. The graph's inputs: item and user vectors, the users' rows and the two histories. */
function sides(g: GraphBuilder, k: number, batch: number, histories: Histories): States {
  const { users, items, history } = referenceSizes
  const user = g.gather(g.input('userVectors', [users, k]), g.inputInt('users', [batch]))
  const itemVectors = g.input('itemVectors', [items, k])
  const side = (name: keyof Histories): Side => {
    const list = g.gather(itemVectors, g.inputInt(histories[name], [batch, history]))
    return { name: `actor.${name}`, state: attentionState(g, `actor.${name}.attention`, user, list) }
  }
  return { positive: side('positive'), negative: side('negative'), itemVectors }
}

/**
 * As `attentionEncoder`, but histories are always full: no mask and no vector of the empty list. user [B, k], items [B, n, k].
 * W2 [u, i] is split into a part of the user, computed once, and one of each item.
 */
function attentionState(g: GraphBuilder, name: string, user: GraphNode, items: GraphNode): GraphNode {
  return g.scope(name, () => {
    const [batch, n, k] = items.shape as [number, number, number]
    const hidden = referenceWidths.attention
    const bias = g.parameter(`${name}.bias`, [hidden])
    const userPart = g.linear(user, g.parameter(`${name}.userWeight`, [k, hidden]), bias)
    const itemPart = g.linear(items, g.parameter(`${name}.itemWeight`, [k, hidden]), null)
    const features = g.relu(g.addBroadcast(itemPart, userPart))
    const logits = g.linear(features, g.parameter(`${name}.scoreWeight`, [hidden, 1]), null)
    const pooled = g.weightedSum(g.softmax(g.reshape(logits, [batch, n])), items)
    return g.concat([user, g.mul(user, pooled), pooled])
  })
}

/** The sum of both actors' answers: [B, k]. */
function action(g: GraphBuilder, k: number, { positive, negative }: BothSides): GraphNode {
  const answer = ({ name, state }: Side): GraphNode => perceptronActor(g, name, state, k, referenceWidths.actor, 1)
  return g.add(answer(positive), answer(negative))
}

/** Q of one action per state: [B]. */
function quality(g: GraphBuilder, { positive, negative }: BothSides, done: GraphNode): GraphNode {
  return g.scope('critic', () => {
    const [wide, narrow] = referenceWidths.critic
    const layer = (index: number, x: GraphNode, size: number, activation: 'relu' | 'none'): GraphNode =>
      g.linear(
        x,
        g.parameter(`critic.w${index}`, [x.shape[1]!, size], { kind: activation === 'relu' ? 'he-normal' : 'xavier-uniform' }),
        g.parameter(`critic.b${index}`, [size]),
        activation,
      )
    const joined = g.concat([positive.state, negative.state, done])
    const q = layer(3, layer(2, layer(1, joined, wide, 'relu'), narrow, 'relu'), 1, 'none')
    return g.reshape(q, [q.shape[0]!])
  })
}

function actGraph(k: number): Graph {
  const g = new GraphBuilder('reference.act')
  const states = sides(g, k, 1, present)
  g.output('scores', g.matmul(action(g, k, states), states.itemVectors, { b: true }))
  return g.build()
}

function targetGraph(k: number, batch: number): Graph {
  const g = new GraphBuilder('reference.target')
  const states = sides(g, k, batch, next)
  const rewards = g.gather(g.input('rewards', [referenceSizes.replay, 1]), g.inputInt('transitions', [batch]))
  const value = quality(g, states, action(g, k, states))
  g.output('target', g.add(g.reshape(rewards, [batch]), g.scale(value, referenceDiscount)))
  return g.build()
}

/** Outputs of the actor's graph from which the critic learns: it does not compute the states again. */
export const sharedStates = ['positiveState', 'negativeState'] as const

function criticGraph(k: number, batch: number): Graph {
  const g = new GraphBuilder('reference.critic')
  const done = g.gather(g.input('actions', [referenceSizes.replay, k]), g.inputInt('transitions', [batch]))
  const [positive, negative] = sharedStates.map((name): Side => ({ name, state: g.input(name, [batch, 3 * k]) })) as [Side, Side]
  g.output('loss', g.mse(quality(g, { positive, negative }, done), g.input('target', [batch])))
  return differentiate(g.build(), 'loss', isCritic)
}

function actorGraph(k: number, batch: number): Graph {
  const g = new GraphBuilder('reference.actor')
  const states = sides(g, k, batch, present)
  g.output('positiveState', states.positive.state)
  g.output('negativeState', states.negative.state)
  g.output('loss', g.scale(g.mean(quality(g, states, action(g, k, states))), -1))
  return differentiate(g.build(), 'loss', isActor)
}
