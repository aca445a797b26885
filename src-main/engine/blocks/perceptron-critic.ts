import type { GraphBuilder } from '../compute/graph-builder.ts'
import type { GraphNode } from '../compute/types.ts'

/**
 * Q(s, x) for C vectors x per state: a ReLU layer on s, joined with x, two ReLU layers, one number (algorithms.md
 * section 4). The joint layer W [h, x] is split into a part of the state, computed once, and one of each vector.
 *
 * @param state [B, m]; @param vectors [B, C, k], actions (C = 1) or item vectors
 * @returns [B, C]
 */
export function perceptronCritic(
  g: GraphBuilder,
  name: string,
  state: GraphNode,
  vectors: GraphNode,
  hidden: readonly [number, number, number],
): GraphNode {
  return g.scope(name, () => {
    const [batch, count, k] = vectors.shape as [number, number, number]
    const [h1, h2, h3] = hidden
    const bias = (index: number, size: number) => g.parameter(`${name}.b${index}`, [size], { kind: 'zeros' })
    const weight = (part: string, size: number, out: number) => g.parameter(`${name}.${part}`, [size, out], { kind: 'he-normal' })
    const first = g.linear(state, weight('w1', state.shape[1]!, h1), bias(1, h1), 'relu')
    const statePart = g.linear(first, weight('w2state', h1, h2), bias(2, h2))
    const joint = g.relu(g.addBroadcast(g.linear(vectors, weight('w2vector', k, h2), null), statePart))
    const third = g.linear(joint, weight('w3', h2, h3), bias(3, h3), 'relu')
    const out = g.linear(third, g.parameter(`${name}.w4`, [h3, 1], { kind: 'xavier-uniform', scale: 0.1 }), bias(4, 1))
    return g.reshape(out, [batch, count])
  })
}
