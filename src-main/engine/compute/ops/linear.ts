import { sameShape, showShape } from '../types.ts'
import type { GraphNode } from '../types.ts'
import type { NodeMaker, OpTable } from './op.types.ts'
import {
  float,
  lastAxis,
  leadingSize,
  requireAtLeastOneAxis,
  requireFloat,
  requireRank,
  requireShape,
  sizeOfNode,
} from './shapes.ts'

/** Rows and columns of op(a) op(b) after flattening the leading axes. */
export function matmulSizes(a: GraphNode, b: GraphNode, transposeA: boolean, transposeB: boolean) {
  const rows = transposeA ? lastAxis(a) : leadingSize(a)
  const inner = transposeA ? leadingSize(a) : lastAxis(a)
  const innerB = transposeB ? lastAxis(b) : leadingSize(b)
  const columns = transposeB ? leadingSize(b) : lastAxis(b)
  return { rows, inner, innerB, columns }
}

function product(g: NodeMaker, a: GraphNode, b: GraphNode, transposeA: boolean, transposeB: boolean, like: GraphNode): GraphNode {
  const node = g.apply('matmul', [a, b], { transposeA, transposeB })
  return sameShape(node.shape, like.shape) ? node : g.apply('reshape', [node], { shape: like.shape })
}

export const linearOps: OpTable = {
  linear: {
    infer(inputs, _attributes, fail) {
      const [x, w, b] = inputs
      requireFloat(inputs, fail)
      requireAtLeastOneAxis(x!, 'x', fail)
      requireRank(w!, 2, 'the weight', fail)
      if (lastAxis(x!) !== w!.shape[0]) {
        fail(`x ${showShape(x!.shape)} has ${lastAxis(x!)} columns but the weight ${showShape(w!.shape)} takes ${w!.shape[0]}`)
      }
      if (b) requireShape(b, [w!.shape[1]!], 'the bias', fail)
      return float([...x!.shape.slice(0, -1), w!.shape[1]!])
    },
    flops: (node) =>
      sizeOfNode(node) *
      (2 * node.inputs[1]!.shape[0]! + (node.inputs[2] ? 1 : 0) + (node.attributes.activation === 'none' ? 0 : 1)),
    gradient({ g, node, upstream, needs }) {
      const [x, w, b] = node.inputs
      const activation = node.attributes.activation ?? 'none'
      const dz = activation === 'none' ? upstream : g.apply('unaryGrad', [upstream, node], { kind: activation })
      const dx = needs(0) ? product(g, dz, w!, false, true, x!) : null
      const dw = needs(1) ? product(g, x!, dz, true, false, w!) : null
      if (!b) return [dx, dw]
      return [dx, dw, needs(2) ? g.apply('sumLeading', [dz], { shape: b.shape }) : null]
    },
  },

  matmul: {
    infer(inputs, { transposeA = false, transposeB = false }, fail) {
      const [a, b] = inputs
      requireFloat(inputs, fail)
      requireAtLeastOneAxis(a!, 'a', fail)
      requireAtLeastOneAxis(b!, 'b', fail)
      const { rows, inner, innerB, columns } = matmulSizes(a!, b!, transposeA, transposeB)
      if (inner !== innerB) {
        fail(
          `the inner sizes differ: ${inner} of a${transposeA ? ' transposed' : ''} and ${innerB} of b${transposeB ? ' transposed' : ''}`,
        )
      }
      return float(transposeA ? [rows, columns] : [...a!.shape.slice(0, -1), columns])
    },
    flops(node) {
      const { transposeA = false, transposeB = false } = node.attributes
      return 2 * sizeOfNode(node) * matmulSizes(node.inputs[0]!, node.inputs[1]!, transposeA, transposeB).inner
    },
    gradient({ g, node, upstream, needs }) {
      const [a, b] = node.inputs as [GraphNode, GraphNode]
      const { transposeA = false, transposeB = false } = node.attributes
      // d op(a) = dc op(b)', d op(b) = op(a)' dc; a transposed operand gets the transposed product.
      const da = () =>
        transposeA ? product(g, b, upstream, transposeB, true, a) : product(g, upstream, b, false, !transposeB, a)
      const db = () =>
        transposeB ? product(g, upstream, a, true, transposeA, b) : product(g, a, upstream, !transposeA, false, b)
      return [needs(0) ? da() : null, needs(1) ? db() : null]
    },
  },

  /**
   * a [.., m], b [V, m] -> [.., size]: a times the transpose of rows start .. start + size - 1 of b. Those columns of the
   * product `matmul` with a transposed b that a gradient needs, see `columnsOf`.
   */
  matmulPart: {
    infer(inputs, { start = 0, size = 0 }, fail) {
      const [a, b] = inputs
      requireFloat(inputs, fail)
      requireAtLeastOneAxis(a!, 'a', fail)
      requireRank(b!, 2, 'b', fail)
      if (lastAxis(a!) !== lastAxis(b!)) fail(`the inner sizes differ: ${lastAxis(a!)} of a and ${lastAxis(b!)} of b transposed`)
      const rows = b!.shape[0]!
      if (!Number.isInteger(start) || !Number.isInteger(size) || start < 0 || size < 1 || start + size > rows) {
        fail(`rows ${start} to ${start + size - 1} are not all within the ${rows} rows of b`)
      }
      return float([...a!.shape.slice(0, -1), size])
    },
    flops: (node) => 2 * sizeOfNode(node) * lastAxis(node.inputs[0]!),
  },
}
