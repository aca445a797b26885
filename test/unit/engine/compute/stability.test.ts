import { describe, expect, test } from 'vitest'
import { createArena } from '../../../../src-main/engine/compute/arena.ts'
import { differentiate } from '../../../../src-main/engine/compute/differentiate.ts'
import { GraphBuilder } from '../../../../src-main/engine/compute/graph-builder.ts'
import { firstNonFinite } from '../../../../src-main/engine/compute/finite.ts'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import { unrollGru, unrollLstm } from '../../../../src-main/engine/compute/recurrent.ts'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import type { GraphNode, InputValues } from '../../../../src-main/engine/compute/types.ts'

/** Value and gradient of `build(x)` at `x`, weighted by 1, 2, 3 ... so that no two elements can be exchanged unseen. */
function evaluate(
  x: number[],
  build: (g: GraphBuilder, x: GraphNode) => GraphNode,
  others: Record<string, InputValues> = {},
): { value: number[]; gradient: number[] } {
  const g = new GraphBuilder('extreme')
  const node = build(g, g.input('x', [1, x.length]))
  g.output('value', node)
  const size = node.shape.reduce((total, axis) => total * axis, 1)
  g.output('loss', g.sum(g.mul(node, g.input('probe', node.shape))))
  const program = plainExecutor.compile(differentiate(g.build(), 'loss', ['x']))
  const probe = Float32Array.from({ length: size }, (_value, index) => index + 1)
  const results = program.run({ inputs: { x: Float32Array.from(x), probe, ...others } })
  // The sign of a zero says nothing: -0 is read as 0.
  const plainZeros = (values: Float32Array): number[] => [...values].map((each) => (each === 0 ? 0 : each))
  return { value: plainZeros(results.view('value')), gradient: plainZeros(results.gradient('x')) }
}

describe('numbers at the edge', () => {
  test('softmax of logits of ±10,000 is a clean choice with no gradient', () => {
    const { value, gradient } = evaluate([1e4, -1e4, 0], (g, x) => g.softmax(x))
    expect(value).toEqual([1, 0, 0])
    expect(gradient).toEqual([0, 0, 0])
  })

  test('softmax of equal huge logits is uniform', () => {
    expect(evaluate([1e4, 1e4, 1e4, 1e4], (g, x) => g.softmax(x)).value).toEqual([0.25, 0.25, 0.25, 0.25])
  })

  test('a masked position counts for nothing, however large its logit', () => {
    const mask = Float32Array.from([0, 1, 1])
    const { value, gradient } = evaluate([1e4, -1e4, -1e4], (g, x) => g.maskedSoftmax(x, g.input('mask', [1, 3])), { mask })
    expect(value).toEqual([0, 0.5, 0.5])
    expect(gradient).toEqual([0, -0.25, 0.25])
  })

  test('a row that is masked altogether gives zeros and no gradient', () => {
    const mask = new Float32Array(3)
    const { value, gradient } = evaluate([5, -3, 1e4], (g, x) => g.maskedSoftmax(x, g.input('mask', [1, 3])), { mask })
    expect(value).toEqual([0, 0, 0])
    expect(gradient).toEqual([0, 0, 0])
  })

  test('a maximum over no row at all is 0 without gradient', () => {
    const mask = new Float32Array(1)
    const build = (g: GraphBuilder, x: GraphNode): GraphNode => g.maxRows(g.reshape(x, [1, 1, 2]), g.input('mask', [1, 1]))
    expect(evaluate([-7, 9], build, { mask })).toEqual({ value: [0, 0], gradient: [0, 0] })
  })

  test('the first of several equal maxima gets the whole gradient', () => {
    const { value, gradient } = evaluate([3, 3, 3], (g, x) => g.maxRows(g.reshape(x, [1, 3, 1])))
    expect(value).toEqual([3])
    expect(gradient).toEqual([1, 0, 0])
  })

  test('log-softmax of ±10,000 is finite', () => {
    const { value, gradient } = evaluate([1e4, -1e4], (g, x) => g.logSoftmax(x))
    expect(value).toEqual([0, -2e4])
    expect(gradient).toEqual([-2, 2])
  })

  test('sigmoid, softplus and tanh saturate without NaN', () => {
    expect(evaluate([1e4, -1e4], (g, x) => g.sigmoid(x))).toEqual({ value: [1, 0], gradient: [0, 0] })
    expect(evaluate([1e4, -1e4], (g, x) => g.unary('softplus', x))).toEqual({ value: [1e4, 0], gradient: [1, 0] })
    expect(evaluate([1e4, -1e4], (g, x) => g.tanh(x))).toEqual({ value: [1, -1], gradient: [0, 0] })
  })

  test('cross-entropy of a wrong logit of 10,000 is 10,000', () => {
    const target = Float32Array.from([0, 1])
    const { value, gradient } = evaluate([1e4, 1e4], (g, x) => g.sigmoidCrossEntropy(x, g.input('target', [1, 2])), { target })
    expect(value).toEqual([5e3])
    expect(gradient).toEqual([0.5, 0])
  })

  test('cross-entropy over classes of a wrong logit of 10,000 is 20,000, of a right one 0', () => {
    const build = (g: GraphBuilder, x: GraphNode): GraphNode => g.crossEntropy(x, g.inputInt('ids', [1]))
    expect(evaluate([1e4, -1e4], build, { ids: Int32Array.of(1) })).toEqual({ value: [2e4], gradient: [1, -1] })
    expect(evaluate([1e4, -1e4], build, { ids: Int32Array.of(0) })).toEqual({ value: [0], gradient: [0, 0] })
  })

  test('BPR of a pair that is wrong by 20,000 is 20,000, of one that is right 0', () => {
    const build = (g: GraphBuilder, x: GraphNode): GraphNode => g.bpr(g.slice(x, 0, 1), g.slice(x, 1, 1))
    expect(evaluate([-1e4, 1e4], build)).toEqual({ value: [2e4], gradient: [-1, 1] })
    expect(evaluate([1e4, -1e4], build)).toEqual({ value: [0], gradient: [0, 0] })
  })

  test('Huber of an error whose square would overflow has a finite value and the slope delta', () => {
    const build = (g: GraphBuilder, x: GraphNode): GraphNode => g.huber(x, g.constant(0, [1, 2]), 1)
    const { value, gradient } = evaluate([1e30, -1e30], build)
    expect(value).toEqual([Math.fround(1e30)])
    expect(gradient).toEqual([0.5, -0.5])
  })

  test('recurrent units fed with ±10,000 stay within ±1 and have finite gradients', () => {
    for (const unroll of [unrollGru, unrollLstm]) {
      const g = new GraphBuilder('extreme')
      const { all } = unroll(g, 'cell', g.input('x', [1, 6, 2]), 3)
      g.output('all', all)
      g.output('loss', g.mean(g.square(all)))
      const graph = g.build()
      const arena = createArena(graph.parameters)
      arena.initialise(Rng.stream(1, 'extreme'))
      const x = Float32Array.from({ length: 12 }, (_value, index) => (index % 3 === 0 ? -1e4 : 1e4))
      const trained = differentiate(graph, 'loss', () => true)
      const gradients = arena.zerosLike()
      const results = plainExecutor.compile(trained).run({ inputs: { x }, parameters: [arena], gradients: [gradients] })
      expect(Math.max(...results.view('all').map(Math.abs))).toBeLessThanOrEqual(1)
      expect(firstNonFinite(gradients)).toBeNull()
    }
  })

  test('exponentials and logarithms at the edge say so instead of hiding it', () => {
    expect(evaluate([1e4, -1e4], (g, x) => g.unary('exp', x)).value).toEqual([Infinity, 0])
    expect(evaluate([0, -1], (g, x) => g.unary('log', x)).value).toEqual([-Infinity, NaN])
    expect(evaluate([0], (g, x) => g.unary('abs', x))).toEqual({ value: [0], gradient: [0] })
  })

  test('a sum of a hundred thousand small numbers beside a large one loses none of them', () => {
    const many = Array.from({ length: 100_000 }, () => 0.01)
    const { value } = evaluate([1e4, ...many], (g, x) => g.sumLast(x))
    expect(value[0]! / 11_000).toBeCloseTo(1, 6)
  })

  test('where lets no NaN of the other branch through, in value or gradient', () => {
    const mask = Float32Array.from([1, 0])
    const build = (g: GraphBuilder, x: GraphNode): GraphNode => g.where(g.input('mask', [1, 2]), x, g.scale(x, 0.5))
    const result = evaluate([NaN, 4], build, { mask })
    expect(result.value).toEqual([NaN, 2])
    expect(result.gradient).toEqual([1, 1])
  })

  test('a NaN reaches the loss through relu, max and linear layers, so that it is noticed', () => {
    expect(evaluate([NaN, 1], (g, x) => g.relu(x)).value).toEqual([NaN, 1])
    expect(evaluate([1, NaN, 2], (g, x) => g.maxRows(g.reshape(x, [1, 3, 1]))).value).toEqual([NaN])
    const g = new GraphBuilder('diverged')
    g.output('y', g.linear(g.input('x', [1, 2]), g.parameter('w', [2, 1], { kind: 'constant', value: 1 }), null, 'relu'))
    const graph = g.build()
    const arena = createArena(graph.parameters)
    expect([
      ...plainExecutor
        .compile(graph)
        .run({ inputs: { x: Float32Array.from([NaN, 1]) }, parameters: [arena] })
        .view('y'),
    ]).toEqual([NaN])
  })
})
