import type { SideInputs } from '../core/actor-critic-recipe.ts'
import type { GraphBuilder } from '../compute/graph-builder.ts'
import type { GraphNode } from '../compute/types.ts'

export interface AttentionOptions {
  /** Width of the hidden layer. */
  readonly hidden: number
  /** "sum": g is the weighted sum. "mean": divided by n once more, as equation 3 of mdrr-att literally says. */
  readonly pooling: 'sum' | 'mean'
}

/**
 * The state of one feedback side (mdrr-att equations 1 to 6): e_v = w1 relu(W2 [u, i_v] + b2) + b1, weights by softmax
 * over the history, g their weighted sum, s = [u, u * g, g].
 *
 * W2 [u, i_v] is split into W2u u, computed once per state, and W2i i_v. The bias b1 is left out: softmax cancels it.
 *
 * @param name prefix of the parameters, for instance "actor.positive.encoder"
 * @returns state [B, 3k] and attention weights [B, n]
 */
export function attentionEncoder(
  g: GraphBuilder,
  name: string,
  user: GraphNode,
  side: SideInputs,
  options: AttentionOptions,
): { state: GraphNode; weights: GraphNode } {
  return g.scope(name, () => {
    const [batch, n, k] = side.items.shape as [number, number, number]
    const items = withEmptyVector(g, name, side)
    const { hidden } = options
    const userPart = g.linear(
      user,
      g.parameter(`${name}.userWeight`, [k, hidden]),
      g.parameter(`${name}.hiddenBias`, [hidden], { kind: 'zeros' }),
    )
    const itemPart = g.linear(items, g.parameter(`${name}.itemWeight`, [k, hidden]), null)
    const features = g.relu(g.addBroadcast(itemPart, userPart))
    const logits = g.reshape(g.linear(features, g.parameter(`${name}.scoreWeight`, [hidden, 1]), null), [batch, n])
    const weights = g.maskedSoftmax(logits, side.mask)
    const sum = g.weightedSum(weights, items)
    const pooled = options.pooling === 'mean' ? g.scale(sum, 1 / n) : sum
    return { state: g.concat([user, g.mul(user, pooled), pooled]), weights }
  })
}

/** Puts the learned "empty" vector at place 0 of empty lists: a new user has a state of its own, not that of zeros. */
function withEmptyVector(g: GraphBuilder, name: string, side: SideInputs): GraphNode {
  const [batch, n, k] = side.items.shape as [number, number, number]
  const empty = g.parameter(`${name}.emptyItem`, [1, k], { kind: 'normal', deviation: 0.1 })
  return g.add(side.items, g.linear(g.reshape(side.empty, [batch, n, 1]), empty, null))
}
