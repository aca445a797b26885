import type { GraphBuilder } from '../compute/graph-builder.ts'
import type { GraphNode } from '../compute/types.ts'
import type { FieldNodes } from './rating-fields.ts'

/**
 * Sum over all pairs of fields of the products of their vectors, in linear time (Rendle 2010, lemma 3.1):
 * half of (sum v)^2 - sum v^2, summed over coordinates. @returns [B]
 */
export function pairwiseProducts(g: GraphBuilder, { vectors }: FieldNodes): GraphNode {
  return g.scope('pairs', () => {
    const squareOfSum = g.square(g.sumRows(vectors))
    const sumOfSquares = g.sumRows(g.square(vectors))
    return g.scale(g.sumLast(g.sub(squareOfSum, sumOfSquares)), 0.5)
  })
}
