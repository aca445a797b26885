import { sameShape, showShape } from '../types.ts'
import type { GraphNode, UnaryKind } from '../types.ts'
import type { NodeMaker, OpDefinition, OpTable } from './op.types.ts'
import { float, isTail, requireFloat, requireShape, sizeOfNode } from './shapes.ts'

/** Brings a gradient of a's shape back to that of a b that was repeated over a's leading axes. */
function toTail(g: NodeMaker, gradient: GraphNode, b: GraphNode): GraphNode {
  return sameShape(gradient.shape, b.shape) ? gradient : g.apply('sumLeading', [gradient], { shape: b.shape })
}

function binary(gradient: NonNullable<OpDefinition['gradient']>): OpDefinition {
  return {
    infer(inputs, _attributes, fail) {
      const [a, b] = inputs
      requireFloat(inputs, fail)
      if (!isTail(b!.shape, a!.shape))
        fail(`the second shape ${showShape(b!.shape)} must be how the first, ${showShape(a!.shape)}, ends`)
      return float(a!.shape)
    },
    flops: (node) => sizeOfNode(node),
    gradient,
    inPlace: [0],
  }
}

function constantUnary(gradient: NonNullable<OpDefinition['gradient']>): OpDefinition {
  return {
    infer(inputs, _attributes, fail) {
      requireFloat(inputs, fail)
      return float(inputs[0]!.shape)
    },
    flops: (node) => sizeOfNode(node),
    gradient,
    inPlace: [0],
  }
}

/** Kinds whose derivative is easier from the result than from the argument; keeping only one frees memory. */
const derivativeFromResult: ReadonlySet<UnaryKind> = new Set(['relu', 'tanh', 'sigmoid', 'exp', 'sqrt', 'reciprocal'])

export const elementwiseOps: OpTable = {
  add: binary(({ g, node, upstream, needs }) => [upstream, needs(1) ? toTail(g, upstream, node.inputs[1]!) : null]),

  sub: binary(({ g, node, upstream, needs }) => [
    upstream,
    needs(1) ? g.apply('scale', [toTail(g, upstream, node.inputs[1]!)], { value: -1 }) : null,
  ]),

  mul: binary(({ g, node, upstream, needs }) => {
    const [a, b] = node.inputs
    return [needs(0) ? g.apply('mul', [upstream, b!]) : null, needs(1) ? toTail(g, g.apply('mul', [upstream, a!]), b!) : null]
  }),

  scale: constantUnary(({ g, node, upstream }) => [g.apply('scale', [upstream], { value: node.attributes.value! })]),

  addScalar: constantUnary(({ upstream }) => [upstream]),

  clip: constantUnary(({ g, node, upstream }) => {
    const { min, max } = node.attributes
    return [g.apply('clipGrad', [upstream, node.inputs[0]!], { min: min!, max: max! })]
  }),

  /** dy, x -> dy where min <= x <= max, 0 elsewhere. */
  clipGrad: {
    infer: (inputs) => float(inputs[0]!.shape),
    flops: (node) => sizeOfNode(node),
    inPlace: [0],
  },

  where: {
    infer(inputs, _attributes, fail) {
      const [mask, a, b] = inputs
      requireFloat(inputs, fail)
      requireShape(a!, mask!.shape, 'the first branch', fail)
      requireShape(b!, mask!.shape, 'the second branch', fail)
      return float(mask!.shape)
    },
    flops: (node) => sizeOfNode(node),
    gradient({ g, node, upstream, needs }) {
      const mask = node.inputs[0]!
      const zeros = g.apply('constant', [], { value: 0, shape: mask.shape })
      return [
        null,
        needs(1) ? g.apply('where', [mask, upstream, zeros]) : null,
        needs(2) ? g.apply('where', [mask, zeros, upstream]) : null,
      ]
    },
    inPlace: [0, 1, 2],
  },

  unary: constantUnary(({ g, node, upstream }) => {
    const kind = node.attributes.kind!
    return [g.apply('unaryGrad', [upstream, derivativeFromResult.has(kind) ? node : node.inputs[0]!], { kind })]
  }),

  /** dy and, by kind, the result or the argument of the unary op -> dy times the derivative. */
  unaryGrad: {
    infer(inputs, _attributes, fail) {
      requireFloat(inputs, fail)
      requireShape(inputs[1]!, inputs[0]!.shape, 'the second argument', fail)
      return float(inputs[0]!.shape)
    },
    flops: (node) => 2 * sizeOfNode(node),
    inPlace: [0, 1],
  },
}
