import type { SideInputs } from '../core/actor-critic-recipe.ts'
import type { GraphBuilder } from '../compute/graph-builder.ts'
import type { GraphNode } from '../compute/types.ts'

/** Lists [B, n, k] as they come; what encoders make of their items before they combine them. */

/**
 * Puts the learned "empty" vector at place 0 of empty lists: a new user has a state of its own, not that of zeros. For
 * encoders that leave masked places out. Parameter: NAME.emptyItem [1, k].
 */
export function withEmptyVector(g: GraphBuilder, name: string, side: SideInputs): GraphNode {
  return withVectorWhere(g, name, side, side.empty)
}

/**
 * Puts the learned "empty" vector at every place without an item, place 0 of empty lists included. For encoders that look at
 * all places and cannot leave one out. Parameter: NAME.emptyItem [1, k].
 */
export function withPadding(g: GraphBuilder, name: string, side: SideInputs): GraphNode {
  // The mask is 1 at place 0 of an empty list too, where there is no item either.
  return withVectorWhere(g, name, side, g.add(g.addScalar(g.scale(side.mask, -1), 1), side.empty))
}

function withVectorWhere(g: GraphBuilder, name: string, side: SideInputs, where: GraphNode): GraphNode {
  const [batch, n, k] = side.items.shape as [number, number, number]
  const empty = g.parameter(`${name}.emptyItem`, [1, k], { kind: 'normal', deviation: 0.1 })
  return g.add(side.items, g.linear(g.reshape(where, [batch, n, 1]), empty, null))
}

/** One learned factor per place, the same for all users, [B, n]; all start at 1. Parameter: NAME.placeWeights [n]. */
export function placeWeights(g: GraphBuilder, name: string, batch: number, n: number): GraphNode {
  return g.expandLeading(g.parameter(`${name}.placeWeights`, [n], { kind: 'constant', value: 1 }), [batch, n])
}

/** s = [u, u * g, g]: user [B, k] and pooled items [B, k] -> [B, 3k]. */
export function fused(g: GraphBuilder, user: GraphNode, pooled: GraphNode): GraphNode {
  return g.concat([user, g.mul(user, pooled), pooled])
}

/**
 * The places of x [B, n, k] in reverse order. Lists stand best or newest first; a recurrent encoder reads them the other
 * way round.
 */
export function reversed(g: GraphBuilder, x: GraphNode): GraphNode {
  const [batch, n, k] = x.shape as [number, number, number]
  if (n === 1) return x
  const flat = g.reshape(x, [batch, n * k])
  const places = Array.from({ length: n }, (_, place) => g.slice(flat, (n - 1 - place) * k, k))
  return g.reshape(g.concat(places), [batch, n, k])
}
