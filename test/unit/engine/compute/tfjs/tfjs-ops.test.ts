import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GraphBuilder } from '../../../../../src-main/engine/compute/graph-builder.ts'
import { opTable } from '../../../../../src-main/engine/compute/ops/index.ts'
import { plainExecutor } from '../../../../../src-main/engine/compute/plain/plain-executor.ts'
import { isTfjsOp } from '../../../../../src-main/engine/compute/tfjs/evaluation.ts'
import type { Executor, GraphNode } from '../../../../../src-main/engine/compute/types.ts'
import { opCases, opDims } from '../support/graph-cases.ts'
import { expectPlainNumbers, graphOfCase } from '../support/same-numbers.ts'
import { tfjsOnCpu } from '../support/tfjs-on-cpu.ts'

describe('each op and its gradient gives the numbers of the plain executor', () => {
  for (const [name, build] of Object.entries(opCases)) {
    test(name, () => {
      fc.assert(
        fc.property(opDims, fc.nat(1_000_000), (sizes, seed) => {
          const { graph, inputs, arena } = graphOfCase(name, build, sizes, seed)
          expectPlainNumbers(tfjsOnCpu, graph, inputs, arena)
        }),
        { numRuns: 10, seed: 20_240_502 },
      )
    })
  }

  test.each(Object.keys(opTable).filter((op) => !opTable[op]!.source))('%s is known', (op) => {
    expect(isTfjsOp(op)).toBe(true)
  })
})

/** The values that both executors give for one op on one input. */
function bothValues(values: readonly number[], build: (g: GraphBuilder, x: GraphNode) => GraphNode, mask?: readonly number[]) {
  const g = new GraphBuilder('edge')
  g.output('value', build(g, g.input('x', [values.length])))
  const graph = g.build()
  const inputs = { x: Float32Array.from(values), ...(mask && { mask: Float32Array.from(mask) }) }
  const run = (executor: Executor) => Array.from(executor.compile(graph).run({ inputs }).view('value'))
  return { plain: run(plainExecutor), tfjs: run(tfjsOnCpu) }
}

describe('numbers at the edge are those of the plain executor', () => {
  const list = (g: GraphBuilder, x: GraphNode): GraphNode => g.reshape(x, [1, x.shape[0]!, 1])

  test('a NaN of the branch that where does not take does not get through', () => {
    const { plain, tfjs } = bothValues([NaN, 4, NaN], (g, x) => g.where(g.input('mask', [3]), x, g.constant(7, [3])), [0, 1, 0])
    expect(tfjs).toEqual([7, 4, 7])
    expect(tfjs).toEqual(plain)
  })

  test('a mask of any value but 0 is open', () => {
    const { plain, tfjs } = bothValues([1, 2, 3], (g, x) => g.where(g.input('mask', [3]), x, g.constant(7, [3])), [-2, 0.1, 0])
    expect(tfjs).toEqual([1, 2, 7])
    expect(tfjs).toEqual(plain)
  })

  test('closed positions weigh 0 even if they hold the largest, an infinite or no number', () => {
    for (const closed of [1e30, Infinity, -Infinity, NaN]) {
      const { plain, tfjs } = bothValues([0, closed, 0], (g, x) => g.maskedSoftmax(x, g.input('mask', [3])), [1, 0, 1])
      expect(tfjs).toEqual([0.5, 0, 0.5])
      expect(tfjs).toEqual(plain)
    }
  })

  test('a row without an open position gets zeros', () => {
    const { plain, tfjs } = bothValues([1, 2, NaN], (g, x) => g.maskedSoftmax(x, g.input('mask', [3])), [0, 0, 0])
    expect(tfjs).toEqual([0, 0, 0])
    expect(tfjs).toEqual(plain)
    const rows = bothValues([1, -2, 3], (g, x) => g.maxRows(list(g, x), g.input('mask', [1, 3])), [0, 0, 0])
    expect(rows.tfjs).toEqual([0])
    expect(rows.tfjs).toEqual(rows.plain)
  })

  test('softmax of large logits stays finite', () => {
    const { plain, tfjs } = bothValues([1000, 999, -1000], (g, x) => g.softmax(x))
    for (const [index, weight] of tfjs.entries()) expect(weight).toBeCloseTo(plain[index]!, 6)
    const logarithm = bothValues([1000, 999, -1000], (g, x) => g.logSoftmax(x))
    for (const [index, value] of logarithm.tfjs.entries()) expect(value).toBeCloseTo(logarithm.plain[index]!, 3)
  })

  test('the first of equal maxima gets the whole gradient', () => {
    const build = (g: GraphBuilder, x: GraphNode) =>
      g.apply('maxRowsGrad', [g.constant(5, [1, 1]), list(g, x), g.input('mask', [1, 4])])
    const { plain, tfjs } = bothValues([3, 3, 3, 1], build, [0, 1, 1, 1])
    expect(tfjs).toEqual([0, 5, 0, 0])
    expect(tfjs).toEqual(plain)
    expect(bothValues([3, 3, 3, 1], build, [0, 0, 0, 0]).tfjs).toEqual([0, 0, 0, 0])
  })

  test('a NaN counts as the largest and gets the gradient', () => {
    const { plain, tfjs } = bothValues([1, NaN, 2, NaN], (g, x) => g.maxRows(list(g, x)))
    expect(tfjs).toEqual([NaN])
    expect(tfjs).toEqual(plain)
    const gradient = bothValues([1, NaN, 2, NaN], (g, x) => g.apply('maxRowsGrad', [g.constant(5, [1, 1]), list(g, x)]))
    expect(gradient.tfjs).toEqual([0, 5, 0, 0])
    expect(gradient.tfjs).toEqual(gradient.plain)
  })

  test('the limits of clip themselves pass the gradient, NaN does not', () => {
    const { plain, tfjs } = bothValues([-1, 1, 1.5, NaN], (g, x) =>
      g.apply('clipGrad', [g.constant(2, [4]), x], { min: -1, max: 1 }),
    )
    expect(tfjs).toEqual([2, 2, 0, 0])
    expect(tfjs).toEqual(plain)
  })

  test('a NaN stays one through relu, clip and a linear layer, so that it is noticed', () => {
    expect(bothValues([NaN, -1, 1], (g, x) => g.relu(x)).tfjs).toEqual([NaN, 0, 1])
    expect(bothValues([NaN, -2, 1], (g, x) => g.clip(x, -1, 1)).tfjs).toEqual([NaN, -1, 1])
    const layer = bothValues([NaN, 1], (g, x) => g.linear(g.reshape(x, [2, 1]), g.constant(1, [1, 1]), null, 'relu'))
    expect(layer.tfjs).toEqual([NaN, 1])
  })

  test('the derivative of |x| at 0 is 0', () => {
    const { plain, tfjs } = bothValues([0, -3, 3], (g, x) => g.apply('unaryGrad', [g.constant(2, [3]), x], { kind: 'abs' }))
    expect(tfjs.map(Math.abs)).toEqual([0, 2, 2])
    expect(tfjs[1]).toBe(plain[1])
  })
})
