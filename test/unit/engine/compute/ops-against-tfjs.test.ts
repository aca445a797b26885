import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GraphBuilder } from '../../../../src-main/engine/compute/graph-builder.ts'
import type { GraphNode, InputValues, Shape } from '../../../../src-main/engine/compute/types.ts'
import { opTable } from '../../../../src-main/engine/compute/ops/index.ts'
import { sizeOf } from '../../../../src-main/engine/compute/types.ts'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import { expectAgreement, randomArena, randomValues } from './support/compare.ts'

interface Dims {
  readonly B: number
  readonly n: number
  readonly k: number
  readonly h: number
}

/** Adds leaves of all kinds to a graph and remembers what to bind to them. */
class Leaves {
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

type Case = (g: GraphBuilder, leaves: Leaves, dims: Dims) => GraphNode

const positive = (x: number): number => Math.abs(x) + 0.1

const cases: Record<string, Case> = {
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
  'an output that is an input': (_g, l, { B, k }) => l.value([B, k]),
  'a value beside its stopped self': (g, l, { B, k }) => {
    const x = l.value([B, k])
    return g.mul(x, g.stopGradient(g.tanh(x)))
  },
}

const dims = fc.record({
  B: fc.integer({ min: 1, max: 5 }),
  n: fc.integer({ min: 1, max: 6 }),
  k: fc.integer({ min: 1, max: 9 }),
  h: fc.integer({ min: 1, max: 7 }),
})

describe('each op and its gradient agree with TensorFlow.js', () => {
  for (const [name, build] of Object.entries(cases)) {
    test(name, () => {
      fc.assert(
        fc.property(dims, fc.nat(1_000_000), (sizes, seed) => {
          const g = new GraphBuilder(name)
          const leaves = new Leaves(g, Rng.stream(seed, name))
          const node = build(g, leaves, sizes)
          // Random weights of the elements, so that a gradient in the wrong place cannot hide behind a plain sum.
          leaves.inputs['probe'] = randomValues(sizeOf(node.shape), leaves.rng)
          g.output('value', node)
          g.output('loss', g.sum(g.mul(node, g.input('probe', node.shape))))
          const graph = g.build()
          expectAgreement(graph, 'loss', leaves.targets, leaves.inputs, randomArena(graph, seed))
        }),
        { numRuns: 15, seed: 20_240_501 },
      )
    })
  }
})

test('every op of the table is exercised, itself or as a gradient', () => {
  const seen = new Set<string>()
  const sizes: Dims = { B: 2, n: 3, k: 4, h: 5 }
  for (const [name, build] of Object.entries(cases)) {
    const g = new GraphBuilder(name)
    const node = build(g, new Leaves(g, Rng.stream(1, name)), sizes)
    g.output('value', node)
    for (const each of g.build().nodes) seen.add(each.op)
  }
  const gradientOnly = [
    'scatterRows',
    'placeLast',
    'softmaxGrad',
    'logSoftmaxGrad',
    'maxRowsGrad',
    'padLast',
    'clipGrad',
    'unaryGrad',
    'constant',
  ]
  expect(Object.keys(opTable).filter((op) => !seen.has(op))).toEqual(
    gradientOnly.sort((a, b) => Object.keys(opTable).indexOf(a) - Object.keys(opTable).indexOf(b)),
  )
})
