import fc from 'fast-check'
import type { GraphBuilder } from '../../../../../src-main/engine/compute/graph-builder.ts'
import type { GraphNode, InputValues, Shape, UnaryKind } from '../../../../../src-main/engine/compute/types.ts'
import { sizeOf } from '../../../../../src-main/engine/compute/types.ts'
import type { Rng } from '../../../../../src-main/engine/core/rng.ts'
import { randomValues } from './compare.ts'

export interface Dims {
  readonly B: number
  readonly n: number
  readonly k: number
  readonly h: number
}

/** Adds leaves of all kinds to a graph and remembers what to bind to them. */
export class Leaves {
  readonly inputs: Record<string, InputValues> = {}
  readonly targets: string[] = []
  readonly g: GraphBuilder
  readonly rng: Rng

  constructor(g: GraphBuilder, rng: Rng) {
    this.g = g
    this.rng = rng
  }

  /** A float32 input with respect to which the op is differentiated. */
  value(shape: Shape, map: (x: number) => number = (x) => x): GraphNode {
    const name = `x${this.targets.length}`
    this.targets.push(name)
    this.inputs[name] = randomValues(sizeOf(shape), this.rng).map(map)
    return this.g.input(name, shape)
  }

  /** A float32 input that is not differentiated: for ops that only gradients are made of. */
  fixed(shape: Shape, map: (x: number) => number = (x) => x): GraphNode {
    const name = `f${Object.keys(this.inputs).length}`
    this.inputs[name] = randomValues(sizeOf(shape), this.rng).map(map)
    return this.g.input(name, shape)
  }

  weight(shape: Shape): GraphNode {
    const name = `w${this.targets.length}`
    this.targets.push(name)
    return this.g.parameter(name, shape)
  }

  /** Zeros and ones, so that some rows are wholly closed. */
  mask(shape: Shape): GraphNode {
    this.inputs['mask'] = Float32Array.from({ length: sizeOf(shape) }, () => this.rng.below(2))
    return this.g.input('mask', shape)
  }

  ids(shape: Shape, bound: number): GraphNode {
    this.inputs['ids'] = Int32Array.from({ length: sizeOf(shape) }, () => this.rng.below(bound))
    return this.g.inputInt('ids', shape)
  }
}

export type Case = (g: GraphBuilder, leaves: Leaves, dims: Dims) => GraphNode

const positive = (x: number): number => Math.abs(x) + 0.1

/** Ops that only gradients are made of have no gradient themselves: a factor beside them gives the loss something to depend on. */
function beside(g: GraphBuilder, l: Leaves, node: GraphNode): GraphNode {
  return g.mul(l.value(node.shape), node)
}

const unaryKinds: Record<UnaryKind, (x: number) => number> = {
  relu: (x) => Math.max(0, x),
  tanh: Math.tanh,
  sigmoid: positive,
  square: (x) => x,
  exp: positive,
  log: positive,
  sqrt: positive,
  reciprocal: positive,
  softplus: (x) => x,
  abs: (x) => x,
}

function gradientCases(): Record<string, Case> {
  const kinds = Object.entries(unaryKinds) as [UnaryKind, (x: number) => number][]
  const slopes = kinds.map(([kind, range]): [string, Case] => [
    `unaryGrad of ${kind}`,
    (g, l, { B, k }) => beside(g, l, g.apply('unaryGrad', [l.fixed([B, k]), l.fixed([B, k], range)], { kind })),
  ])
  return {
    ...Object.fromEntries(slopes),
    matmulPart: (g, l, { B, n, k, h }) =>
      beside(g, l, g.apply('matmulPart', [l.fixed([B, n, k]), l.fixed([h + 3, k])], { start: 2, size: h })),
    softmaxGrad: (g, l, { B, n }) => beside(g, l, g.apply('softmaxGrad', [l.fixed([B, n]), g.softmax(l.fixed([B, n]))])),
    logSoftmaxGrad: (g, l, { B, n }) => beside(g, l, g.apply('logSoftmaxGrad', [l.fixed([B, n]), g.logSoftmax(l.fixed([B, n]))])),
    maxRowsGrad: (g, l, { B, n, k }) =>
      beside(g, l, g.apply('maxRowsGrad', [l.fixed([B, k]), l.fixed([B, n, k]), l.mask([B, n])])),
    clipGrad: (g, l, { B, k }) => beside(g, l, g.apply('clipGrad', [l.fixed([B, k]), l.fixed([B, k])], { min: -0.5, max: 1 })),
  }
}

/** Every op of the table, in one case at least; a name that is none of an op says what is special about the case. */
export const opCases: Record<string, Case> = {
  'linear without activation': (g, l, { B, k, h }) => g.linear(l.value([B, k]), l.weight([k, h]), l.weight([h])),
  'linear with relu': (g, l, { B, k, h }) => g.linear(l.value([B, k]), l.weight([k, h]), l.weight([h]), 'relu'),
  'linear with tanh on a list': (g, l, { B, n, k, h }) => g.linear(l.value([B, n, k]), l.weight([k, h]), l.weight([h]), 'tanh'),
  'linear with sigmoid, no bias': (g, l, { B, k, h }) => g.linear(l.value([B, k]), l.weight([k, h]), null, 'sigmoid'),
  'matmul NN': (g, l, { B, n, k, h }) => g.matmul(l.value([B, n, k]), l.weight([k, h])),
  'matmul NT': (g, l, { B, k, h }) => g.matmul(l.value([B, k]), l.value([h, k]), { b: true }),
  'matmul TN': (g, l, { B, n, k, h }) => g.matmul(l.value([B, n, k]), l.value([B, n, h]), { a: true }),
  'matmul TT': (g, l, { B, k, h }) => g.matmul(l.value([k, B]), l.value([h, k]), { a: true, b: true }),
  gather: (g, l, { B, n, k, h }) => g.gather(l.weight([h, k]), l.ids([B, n], h)),
  pickLast: (g, l, { B, k }) => g.pickLast(l.value([B, k]), l.ids([B], k)),
  softmax: (g, l, { B, n }) => g.softmax(l.value([B, n])),
  'softmax with a mask': (g, l, { B, n }) => g.maskedSoftmax(l.value([B, n]), l.mask([B, n])),
  logSoftmax: (g, l, { B, n }) => g.logSoftmax(l.value([B, n])),
  weightedSum: (g, l, { B, n, k }) => g.weightedSum(l.value([B, n]), l.value([B, n, k])),
  rowDot: (g, l, { B, n, k }) => g.rowDot(l.value([B, k]), l.value([B, n, k])),
  outerRows: (g, l, { B, n, k }) => g.outerRows(l.value([B, n]), l.value([B, k])),
  addBroadcast: (g, l, { B, n, h }) => g.addBroadcast(l.value([B, n, h]), l.value([B, h])),
  scaleRows: (g, l, { B, n, k }) => g.scaleRows(l.value([B, n, k]), l.value([B, n])),
  expandRows: (g, l, { B, n, k }) => g.expandRows(l.value([B, k]), n),
  sumRows: (g, l, { B, n, k }) => g.sumRows(l.value([B, n, k])),
  maxRows: (g, l, { B, n, k }) => g.maxRows(l.value([B, n, k])),
  'maxRows with a mask': (g, l, { B, n, k }) => g.maxRows(l.value([B, n, k]), l.mask([B, n])),
  concat: (g, l, { B, k, h, n }) => g.concat([l.value([B, k]), l.value([B, h]), l.value([B, n])]),
  'concat of the same value twice': (g, l, { B, k }) => {
    const x = l.value([B, k])
    return g.concat([x, x])
  },
  slice: (g, l, { B, n, k }) => g.slice(l.value([B, n, k + 2]), 1, k),
  reshape: (g, l, { B, n, k }) => g.reshape(l.value([B, n, k]), [B * n, k]),
  sumLast: (g, l, { B, n, k }) => g.sumLast(l.value([B, n, k])),
  expandLast: (g, l, { B, n, k }) => g.expandLast(l.value([B, n]), k),
  sum: (g, l, { B, k }) => g.sum(l.value([B, k])),
  'sumLeading to a vector': (g, l, { B, n, k }) => g.sumLeading(l.value([B, n, k]), [k]),
  expandLeading: (g, l, { B, n, k }) => g.expandLeading(l.value([k]), [B, n, k]),
  mean: (g, l, { B, k }) => g.mean(l.value([B, k])),
  'mse with weights': (g, l, { B, k }) => g.mse(l.value([B, k]), l.value([B, k]), l.value([B, k])),
  sigmoidCrossEntropy: (g, l, { B }) =>
    g.sigmoidCrossEntropy(
      l.value([B]),
      l.value([B], (x) => x / 4 + 0.5),
      l.value([B]),
    ),
  add: (g, l, { B, k }) => g.add(l.value([B, k]), l.value([B, k])),
  'add of a bias': (g, l, { B, n, k }) => g.add(l.value([B, n, k]), l.weight([k])),
  sub: (g, l, { B, k }) => g.sub(l.value([B, k]), l.value([B, k])),
  'sub of a scalar': (g, l, { B, k }) => g.sub(l.value([B, k]), l.weight([])),
  mul: (g, l, { B, k }) => g.mul(l.value([B, k]), l.value([B, k])),
  'mul by a vector': (g, l, { B, n, k }) => g.mul(l.value([B, n, k]), l.weight([k])),
  'mul by itself': (g, l, { B, k }) => {
    const x = l.value([B, k])
    return g.mul(x, x)
  },
  scale: (g, l, { B, k }) => g.scale(l.value([B, k]), -2.5),
  addScalar: (g, l, { B, k }) => g.addScalar(l.value([B, k]), 0.75),
  clip: (g, l, { B, k }) => g.clip(l.value([B, k]), -0.5, 1),
  where: (g, l, { B, k }) => g.where(l.mask([B, k]), l.value([B, k]), l.value([B, k])),
  relu: (g, l, { B, k }) => g.relu(l.value([B, k])),
  tanh: (g, l, { B, k }) => g.tanh(l.value([B, k])),
  sigmoid: (g, l, { B, k }) => g.sigmoid(l.value([B, k])),
  square: (g, l, { B, k }) => g.square(l.value([B, k])),
  exp: (g, l, { B, k }) => g.unary('exp', l.value([B, k])),
  log: (g, l, { B, k }) => g.unary('log', l.value([B, k], positive)),
  sqrt: (g, l, { B, k }) => g.unary('sqrt', l.value([B, k], positive)),
  reciprocal: (g, l, { B, k }) => g.unary('reciprocal', l.value([B, k], positive)),
  softplus: (g, l, { B, k }) => g.unary('softplus', l.value([B, k])),
  abs: (g, l, { B, k }) => g.unary('abs', l.value([B, k])),
  huber: (g, l, { B, k }) => g.huber(l.value([B, k]), l.value([B, k]), 0.75),
  'huber with weights': (g, l, { B, k }) => g.huber(l.value([B, k]), l.value([B, k]), 1.5, l.value([B, k])),
  crossEntropy: (g, l, { B, k }) => g.crossEntropy(l.value([B, k]), l.ids([B], k)),
  bpr: (g, l, { B, k }) => g.bpr(l.value([B, k]), l.value([B, k])),
  constant: (g, l, { B, k }) => g.add(l.value([B, k]), g.constant(0.5, [k])),
  copy: (g, l, { B, k }) => g.apply('copy', [l.value([B, k])]),
  scatterRows: (g, l, { B, n, k, h }) => g.apply('scatterRows', [l.value([B, n, k]), l.ids([B, n], h)], { rows: h }),
  placeLast: (g, l, { B, n, k }) => g.apply('placeLast', [l.value([B, n]), l.ids([B, n], k)], { size: k }),
  padLast: (g, l, { B, n, k, h }) => g.apply('padLast', [l.value([B, n, k])], { start: h, size: k + h + 2 }),
  ...gradientCases(),
  'an output that is an input': (_g, l, { B, k }) => l.value([B, k]),
  'a value beside its stopped self': (g, l, { B, k }) => {
    const x = l.value([B, k])
    return g.mul(x, g.stopGradient(g.tanh(x)))
  },
}

export const opDims = fc.record({
  B: fc.integer({ min: 1, max: 5 }),
  n: fc.integer({ min: 1, max: 6 }),
  k: fc.integer({ min: 1, max: 9 }),
  h: fc.integer({ min: 1, max: 7 }),
})
