import type { GraphBuilder } from '../compute/graph-builder.ts'
import type { GraphNode } from '../compute/types.ts'
import type { SideEncoder } from './encoder.types.ts'
import { placeWeights, withPadding } from './history-items.ts'

/**
 * DRR-p: s = [all w_a i_a, all (w_a i_a) * (w_b i_b) with a < b], nk + n(n - 1)k/2 wide, one learned weight per place.
 * Products stand by the distance b - a, then by a.
 */
export const pairwiseEncoder: SideEncoder = (g, name, _user, side) =>
  g.scope(name, () => {
    const [batch, n, k] = side.items.shape as [number, number, number]
    const items = g.scaleRows(withPadding(g, name, side), placeWeights(g, name, batch, n))
    const flat = g.reshape(items, [batch, n * k])
    return { state: joined(g, [flat, ...productsOf(g, flat, n, k)]) }
  })

/**
 * DRR-u: s = [all u * (w_a i_a), all (w_a i_a) * (w_b i_b) with a < b], as wide and in the order of DRR-p.
 *
 * All terms are products of two vectors, so that the state is the same with the signs of user and items swapped: with it
 * alone an actor cannot say which end of a coordinate the user likes. A residual actor's base can.
 */
export const userPairwiseEncoder: SideEncoder = (g, name, user, side) =>
  g.scope(name, () => {
    const [batch, n, k] = side.items.shape as [number, number, number]
    const items = g.scaleRows(withPadding(g, name, side), placeWeights(g, name, batch, n))
    const withUser = g.reshape(g.mul(items, g.expandRows(user, n)), [batch, n * k])
    return { state: joined(g, [withUser, ...productsOf(g, g.reshape(items, [batch, n * k]), n, k)]) }
  })

/** x [B, nk] -> for each distance d from 1 to n - 1 the products of the places a and a + d, [B, (n - d)k]. */
function productsOf(g: GraphBuilder, x: GraphNode, n: number, k: number): GraphNode[] {
  return Array.from({ length: n - 1 }, (_, index) => {
    const distance = index + 1
    const width = (n - distance) * k
    return g.mul(g.slice(x, 0, width), g.slice(x, distance * k, width))
  })
}

/** A list of one item has no pair. */
function joined(g: GraphBuilder, parts: readonly GraphNode[]): GraphNode {
  return parts.length === 1 ? parts[0]! : g.concat(parts)
}
