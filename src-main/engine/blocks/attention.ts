import type { GraphBuilder } from '../compute/graph-builder.ts'
import type { GraphNode } from '../compute/types.ts'

export interface AttentionOptions {
  /** Width of the hidden layer. */
  readonly hidden: number
  /** "sum": g is the weighted sum. "mean": divided by n once more, as equation 3 of mdrr-att literally says. */
  readonly pooling: 'sum' | 'mean'
}

/**
 * Attention over values x_v (mdrr-att equations 1 to 3): e_v = w1 relu(W2 [u, x_v] + b2), weights by softmax over the places
 * that the mask leaves open, g the weighted sum of the x_v. Without a user, e_v = w1 relu(W2 x_v + b2).
 *
 * W2 [u, x_v] is split into W2u u, computed once per state, and W2i x_v. The bias b1 is left out: softmax cancels it.
 * Parameters: NAME.userWeight (with a user), NAME.hiddenBias, NAME.itemWeight, NAME.scoreWeight.
 *
 * @param user [B, k] or null; @param values [B, n, h]; @param mask [B, n]
 * @returns pooled [B, h] and weights [B, n]
 */
export function attend(
  g: GraphBuilder,
  name: string,
  user: GraphNode | null,
  values: GraphNode,
  mask: GraphNode,
  { hidden, pooling }: AttentionOptions,
): { pooled: GraphNode; weights: GraphNode } {
  const [batch, n, width] = values.shape as [number, number, number]
  const bias = () => g.parameter(`${name}.hiddenBias`, [hidden], { kind: 'zeros' })
  const userPart = user && g.linear(user, g.parameter(`${name}.userWeight`, [width, hidden]), bias())
  const itemPart = g.linear(values, g.parameter(`${name}.itemWeight`, [width, hidden]), userPart ? null : bias())
  const features = g.relu(userPart ? g.addBroadcast(itemPart, userPart) : itemPart)
  const logits = g.reshape(g.linear(features, g.parameter(`${name}.scoreWeight`, [hidden, 1]), null), [batch, n])
  const weights = g.maskedSoftmax(logits, mask)
  const sum = g.weightedSum(weights, values)
  return { pooled: pooling === 'mean' ? g.scale(sum, 1 / n) : sum, weights }
}
