import { GraphBuilder } from '../../../../../src-main/engine/compute/graph-builder.ts'
import type { Graph, GraphNode, InputValues } from '../../../../../src-main/engine/compute/types.ts'
import { Rng } from '../../../../../src-main/engine/core/rng.ts'
import { randomValues } from './compare.ts'

export interface ModelSizes {
  /** Rows of the batch. */
  readonly B: number
  /** History positions per side. */
  readonly n: number
  /** Embedding width. */
  readonly k: number
  /** Width of the attention's and the networks' hidden layers. */
  readonly h: number
}

/** s = [u, u*g, g] with g the attention-weighted mean of the items: the state of one feedback side. */
function attentionState(
  g: GraphBuilder,
  side: string,
  users: GraphNode,
  items: GraphNode,
  mask: GraphNode,
  sizes: ModelSizes,
): GraphNode {
  const { B, n, k, h } = sizes
  const userPart = g.linear(users, g.parameter(`${side}.user`, [k, h]), g.parameter(`${side}.bias`, [h]))
  const itemPart = g.matmul(items, g.parameter(`${side}.item`, [k, h]))
  const hidden = g.relu(g.addBroadcast(itemPart, userPart))
  const logits = g.reshape(g.linear(hidden, g.parameter(`${side}.score`, [h, 1]), null), [B, n])
  const mean = g.weightedSum(g.maskedSoftmax(logits, mask), items)
  return g.concat([users, g.mul(users, mean), mean])
}

function actor(g: GraphBuilder, side: string, state: GraphNode, { k, h }: ModelSizes): GraphNode {
  const first = g.linear(state, g.parameter(`${side}.actor1`, [3 * k, h]), g.parameter(`${side}.actor1b`, [h]), 'relu')
  return g.linear(first, g.parameter(`${side}.actor2`, [h, k]), g.parameter(`${side}.actor2b`, [k]), 'tanh')
}

/** A dual-actor attention model as the papers have it, with a critic loss and an actor loss in one graph. */
export function attentionActorCritic(sizes: ModelSizes): Graph {
  const { B, n, k, h } = sizes
  const g = new GraphBuilder('attention-actor-critic')
  const users = g.input('users', [B, k])
  const states: GraphNode[] = []
  const actions: GraphNode[] = []
  for (const side of ['positive', 'negative']) {
    const state = attentionState(g, side, users, g.input(`${side}.items`, [B, n, k]), g.input(`${side}.mask`, [B, n]), sizes)
    states.push(state)
    actions.push(actor(g, side, state, sizes))
  }
  const state = g.concat(states)
  const critic = (from: GraphNode, action: GraphNode): GraphNode => {
    const seen = g.linear(from, g.parameter('critic.1', [6 * k, h]), g.parameter('critic.1b', [h]), 'relu')
    const joint = g.linear(g.concat([seen, action]), g.parameter('critic.2', [h + k, h]), g.parameter('critic.2b', [h]), 'relu')
    return g.reshape(g.linear(joint, g.parameter('critic.3', [h, 1]), g.parameter('critic.3b', [1])), [B])
  }
  const value = critic(g.stopGradient(state), g.input('executed', [B, k]))
  g.output('criticLoss', g.mse(value, g.input('targets', [B]), g.input('importance', [B])))
  const action = g.add(actions[0]!, actions[1]!)
  g.output('actorLoss', g.scale(g.mean(critic(state, action)), -1))
  g.output('action', action)
  return g.build()
}

export function attentionInputs({ B, n, k }: ModelSizes, seed: number): Record<string, InputValues> {
  const rng = Rng.stream(seed, 'inputs')
  const mask = (): Float32Array => Float32Array.from({ length: B * n }, (_value, index) => (index < n ? 0 : rng.below(2)))
  return {
    users: randomValues(B * k, rng, 1),
    'positive.items': randomValues(B * n * k, rng, 1),
    'positive.mask': mask(),
    'negative.items': randomValues(B * n * k, rng, 1),
    'negative.mask': mask(),
    executed: randomValues(B * k, rng, 1),
    targets: randomValues(B, rng, 1),
    importance: randomValues(B, rng, 1).map(Math.abs),
  }
}

export const isCritic = (name: string): boolean => name.startsWith('critic.')
export const isActor = (name: string): boolean => !isCritic(name)
