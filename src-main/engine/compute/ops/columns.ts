import { sameShape } from '../types.ts'
import type { GraphNode } from '../types.ts'
import type { NodeMaker } from './op.types.ts'
import { lastAxis } from './shapes.ts'

/**
 * Columns start .. start + size - 1 of x, as gradient rules ask for them. Where x is a product dz W' (the gradient of a
 * linear layer's input), or a sum or slice of such, only these columns are computed, and the whole product is left out of
 * the graph unless something else needs it.
 */
export function columnsOf(g: NodeMaker, x: GraphNode, start: number, size: number): GraphNode {
  if (start === 0 && size === lastAxis(x)) return x
  return computedColumns(g, x, start, size, new Map()) ?? plainSlice(g, x, start, size)
}

function plainSlice(g: NodeMaker, x: GraphNode, start: number, size: number): GraphNode {
  return g.apply('slice', [x], { start, size })
}

/** @returns null where slicing x itself is the best that can be done. @param known sums that were met before: a sum may be shared */
function computedColumns(
  g: NodeMaker,
  x: GraphNode,
  start: number,
  size: number,
  known: Map<GraphNode, GraphNode | null>,
): GraphNode | null {
  const { attributes, inputs } = x
  switch (x.op) {
    case 'matmul': {
      const rowsOfWeight = attributes.transposeB === true && attributes.transposeA !== true && inputs[1]!.shape.length === 2
      return rowsOfWeight ? g.apply('matmulPart', inputs, { start, size }) : null
    }
    case 'matmulPart':
      return g.apply('matmulPart', inputs, { start: attributes.start! + start, size })
    case 'slice':
      return columnsOf(g, inputs[0]!, attributes.start! + start, size)
    case 'add': {
      const seen = known.get(x)
      if (seen !== undefined) return seen
      const sum = sumOfColumns(g, x, start, size, known)
      known.set(x, sum)
      return sum
    }
    default:
      return null
  }
}

/** Worth while if at least one of the two terms need not be computed as a whole. */
function sumOfColumns(
  g: NodeMaker,
  { inputs }: GraphNode,
  start: number,
  size: number,
  known: Map<GraphNode, GraphNode | null>,
): GraphNode | null {
  const [a, b] = inputs as readonly [GraphNode, GraphNode]
  if (!sameShape(a.shape, b.shape)) return null
  const partOfA = computedColumns(g, a, start, size, known)
  const partOfB = a === b ? partOfA : computedColumns(g, b, start, size, known)
  if (!partOfA && !partOfB) return null
  return g.apply('add', [partOfA ?? plainSlice(g, a, start, size), partOfB ?? plainSlice(g, b, start, size)])
}
