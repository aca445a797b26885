import type { GraphNode } from '../types.ts'
import type { Fail, OpTable } from './op.types.ts'
import {
  float,
  lastAxis,
  requireAtLeastOneAxis,
  requireFloat,
  requireRank,
  requireShape,
  requireValidShape,
  sizeOfNode,
} from './shapes.ts'

function requireList(x: GraphNode, what: string, fail: Fail): readonly [number, number, number] {
  requireRank(x, 3, what, fail)
  return [x.shape[0]!, x.shape[1]!, x.shape[2]!]
}

/** Ops between one row per example, [B, k], and a list of rows per example, [B, n, k]. */
export const rowOps: OpTable = {
  weightedSum: {
    infer(inputs, _attributes, fail) {
      const [weights, values] = inputs
      requireFloat(inputs, fail)
      const [batch, count, width] = requireList(values!, 'the values', fail)
      requireShape(weights!, [batch, count], 'the weights', fail)
      return float([batch, width])
    },
    flops: (node) => 2 * sizeOfNode(node.inputs[1]!),
    gradient({ g, node, upstream, needs }) {
      const [weights, values] = node.inputs
      return [
        needs(0) ? g.apply('rowDot', [upstream, values!]) : null,
        needs(1) ? g.apply('outerRows', [weights!, upstream]) : null,
      ]
    },
  },

  rowDot: {
    infer(inputs, _attributes, fail) {
      const [a, items] = inputs
      requireFloat(inputs, fail)
      const [batch, count, width] = requireList(items!, 'the items', fail)
      requireShape(a!, [batch, width], 'a', fail)
      return float([batch, count])
    },
    flops: (node) => 2 * sizeOfNode(node.inputs[1]!),
    gradient({ g, node, upstream, needs }) {
      const [a, items] = node.inputs
      return [
        needs(0) ? g.apply('weightedSum', [upstream, items!]) : null,
        needs(1) ? g.apply('outerRows', [upstream, a!]) : null,
      ]
    },
  },

  outerRows: {
    infer(inputs, _attributes, fail) {
      const [weights, a] = inputs
      requireFloat(inputs, fail)
      requireRank(weights!, 2, 'the weights', fail)
      requireRank(a!, 2, 'a', fail)
      if (weights!.shape[0] !== a!.shape[0]) fail('the weights and a must have equally many rows')
      return float([weights!.shape[0]!, weights!.shape[1]!, a!.shape[1]!])
    },
    flops: (node) => sizeOfNode(node),
    gradient({ g, node, upstream, needs }) {
      const [weights, a] = node.inputs
      return [needs(0) ? g.apply('rowDot', [a!, upstream]) : null, needs(1) ? g.apply('weightedSum', [weights!, upstream]) : null]
    },
  },

  addRows: {
    infer(inputs, _attributes, fail) {
      const [x, added] = inputs
      requireFloat(inputs, fail)
      const [batch, , width] = requireList(x!, 'x', fail)
      requireShape(added!, [batch, width], 'the added rows', fail)
      return float(x!.shape)
    },
    flops: (node) => sizeOfNode(node),
    gradient: ({ g, upstream, needs }) => [upstream, needs(1) ? g.apply('sumRows', [upstream]) : null],
    inPlace: [0],
  },

  scaleRows: {
    infer(inputs, _attributes, fail) {
      const [x, factors] = inputs
      requireFloat(inputs, fail)
      requireAtLeastOneAxis(x!, 'x', fail)
      requireShape(factors!, x!.shape.slice(0, -1), 'the factors', fail)
      return float(x!.shape)
    },
    flops: (node) => sizeOfNode(node),
    gradient({ g, node, upstream, needs }) {
      const [x, factors] = node.inputs
      return [
        needs(0) ? g.apply('scaleRows', [upstream, factors!]) : null,
        needs(1) ? g.apply('sumLast', [g.apply('mul', [upstream, x!])]) : null,
      ]
    },
    inPlace: [0],
  },

  expandRows: {
    infer(inputs, attributes, fail) {
      requireFloat(inputs, fail)
      requireRank(inputs[0]!, 2, 'x', fail)
      requireValidShape([attributes.rows!], fail)
      return float([inputs[0]!.shape[0]!, attributes.rows!, inputs[0]!.shape[1]!])
    },
    gradient: ({ g, upstream }) => [g.apply('sumRows', [upstream])],
  },

  sumRows: {
    infer(inputs, _attributes, fail) {
      requireFloat(inputs, fail)
      const [batch, , width] = requireList(inputs[0]!, 'x', fail)
      return float([batch, width])
    },
    flops: (node) => sizeOfNode(node.inputs[0]!),
    gradient: ({ g, node, upstream }) => [g.apply('expandRows', [upstream], { rows: node.inputs[0]!.shape[1]! })],
  },

  maxRows: {
    infer(inputs, _attributes, fail) {
      const [x, mask] = inputs
      requireFloat(inputs, fail)
      const [batch, count, width] = requireList(x!, 'x', fail)
      if (mask) requireShape(mask, [batch, count], 'the mask', fail)
      return float([batch, width])
    },
    flops: (node) => sizeOfNode(node.inputs[0]!),
    gradient({ g, node, upstream }) {
      const [x, mask] = node.inputs
      const dx = g.apply('maxRowsGrad', mask ? [upstream, x!, mask] : [upstream, x!])
      return mask ? [dx, null] : [dx]
    },
  },

  /** dy [B, k], x [B, n, k], mask? [B, n] -> dy at the first maximum of each column, zeros elsewhere. */
  maxRowsGrad: {
    infer(inputs, _attributes, fail) {
      const [upstream, x] = inputs
      requireFloat(inputs, fail)
      requireShape(upstream!, [x!.shape[0]!, lastAxis(x!)], 'the upstream gradient', fail)
      return float(x!.shape)
    },
    flops: (node) => sizeOfNode(node),
  },
}
