import { showShape } from '../types.ts'
import type { OpTable } from './op.types.ts'
import { float, isTail, lastAxis, requireAtLeastOneAxis, requireFloat, requireValidShape, sizeOfNode } from './shapes.ts'

/** Sums over the last or the leading axes, and the repetitions that are their gradients. */
export const reduceOps: OpTable = {
  sumLast: {
    infer(inputs, _attributes, fail) {
      requireFloat(inputs, fail)
      requireAtLeastOneAxis(inputs[0]!, 'x', fail)
      return float(inputs[0]!.shape.slice(0, -1))
    },
    flops: (node) => sizeOfNode(node.inputs[0]!),
    gradient: ({ g, node, upstream }) => [g.apply('expandLast', [upstream], { size: lastAxis(node.inputs[0]!) })],
  },

  expandLast: {
    infer(inputs, { size = 0 }, fail) {
      requireFloat(inputs, fail)
      requireValidShape([size], fail)
      return float([...inputs[0]!.shape, size])
    },
    gradient: ({ g, upstream }) => [g.apply('sumLast', [upstream])],
  },

  sumLeading: {
    infer(inputs, { shape = [] }, fail) {
      requireFloat(inputs, fail)
      if (!isTail(shape, inputs[0]!.shape)) fail(`${showShape(shape)} is not how ${showShape(inputs[0]!.shape)} ends`)
      return float([...shape])
    },
    flops: (node) => sizeOfNode(node.inputs[0]!),
    gradient: ({ g, node, upstream }) => [g.apply('expandLeading', [upstream], { shape: node.inputs[0]!.shape })],
  },

  expandLeading: {
    infer(inputs, { shape = [] }, fail) {
      requireFloat(inputs, fail)
      requireValidShape(shape, fail)
      if (!isTail(inputs[0]!.shape, shape)) fail(`${showShape(inputs[0]!.shape)} is not how ${showShape(shape)} ends`)
      return float([...shape])
    },
    gradient: ({ g, node, upstream }) => [g.apply('sumLeading', [upstream], { shape: node.inputs[0]!.shape })],
  },
}
