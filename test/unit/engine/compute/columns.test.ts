import { describe, expect, test } from 'vitest'
import { differentiate } from '../../../../src-main/engine/compute/differentiate.ts'
import { GraphBuilder } from '../../../../src-main/engine/compute/graph-builder.ts'
import { neededNodes } from '../../../../src-main/engine/compute/graph.ts'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import type { Graph, GraphNode, InputValues } from '../../../../src-main/engine/compute/types.ts'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import { actorGraph } from '../../../../src-main/engine/training/actor-critic/networks.ts'
import { tinyAgent } from '../../../support/tiny-agent.ts'
import { expectClose, randomArena, randomValues } from './support/compare.ts'

const B = 5
const k = 4
const h = 7

type Whole = (g: GraphBuilder, joined: GraphNode) => GraphNode

/** What keeps the gradient of `joined` from being recognised as a product: then all its columns are computed and cut. */
const asWhole: Whole = (g, joined) => g.scale(joined, 1)
const asParts: Whole = (_g, joined) => joined

/** state = [u, u * x, x] into two layers, as in an actor and a critic; u is a table without gradient. */
function twoReaders(through: Whole): Graph {
  const g = new GraphBuilder('two-readers')
  const u = g.input('u', [B, k])
  const x = g.linear(g.input('items', [B, k]), g.parameter('encoder', [k, k]), null, 'tanh')
  const state = through(g, g.concat([u, g.mul(u, x), x]))
  const first = g.linear(state, g.parameter('w1', [3 * k, h]), g.parameter('b1', [h]), 'relu')
  const second = g.linear(state, g.parameter('w2', [3 * k, h]), null, 'tanh')
  g.output('loss', g.mean(g.mul(first, second)))
  return differentiate(g.build(), 'loss', () => true)
}

/** A join within a join, both read: the inner one's gradient is a slice plus a product. */
function nested(through: Whole): Graph {
  const g = new GraphBuilder('nested')
  const u = g.input('u', [B, k])
  const x = g.linear(g.input('items', [B, k]), g.parameter('encoder', [k, k]), null, 'tanh')
  const inner = through(g, g.concat([u, x]))
  const own = g.linear(inner, g.parameter('w1', [2 * k, h]), null, 'relu')
  const outer = through(g, g.concat([g.mul(u, u), inner, own]))
  g.output('loss', g.mean(g.square(g.linear(outer, g.parameter('w2', [3 * k + h, h]), null, 'tanh'))))
  return differentiate(g.build(), 'loss', () => true)
}

function gradientsOf(graph: Graph): Map<string, Float32Array> {
  const rng = Rng.stream(7, 'inputs')
  const inputs: Record<string, InputValues> = { u: randomValues(B * k, rng), items: randomValues(B * k, rng) }
  const results = plainExecutor.compile(graph).run({ inputs, parameters: [randomArena(graph, 3)] })
  return new Map([...graph.gradients.keys()].map((name) => [name, results.gradient(name).slice()]))
}

/** Which rows of a weight, that is which columns of the layer's input, a gradient of inputs is computed for. */
function columnsComputed(graph: Graph, weight: string): [number, number][] {
  return neededNodes(graph).flatMap((node): [number, number][] => {
    if (node.inputs[1]?.attributes.name !== weight) return []
    const { start = 0, size = 0, transposeB } = node.attributes
    if (node.op === 'matmulPart') return [[start, start + size]]
    return node.op === 'matmul' && transposeB ? [[0, node.inputs[1].shape[0]!]] : []
  })
}

describe.each([
  ['a state that two layers read', twoReaders],
  ['a join within a join', nested],
])('the gradient of %s', (_name, build) => {
  const parts = build(asParts)
  const whole = build(asWhole)

  test('is the same, whether the columns are cut from a product or computed alone', () => {
    const expected = gradientsOf(whole)
    const actual = gradientsOf(parts)
    expect([...actual.keys()]).toEqual([...expected.keys()])
    for (const [name, values] of expected) expectClose(actual.get(name)!, values, name, 1e-6)
  })

  test('takes fewer operations', () => {
    expect(parts.flops).toBeLessThan(whole.flops)
  })
})

test('columns that nobody needs are not computed: the table’s part of the product is gone', () => {
  const graph = twoReaders(asParts)
  for (const weight of ['w1', 'w2']) {
    expect(columnsComputed(graph, weight)).toEqual([
      [k, 2 * k],
      [2 * k, 3 * k],
    ])
  }
  expect(columnsComputed(twoReaders(asWhole), 'w1')).toEqual([[0, 3 * k]])
  // Without the scaling by 1, both ways, on either side: the table's columns of two products.
  const scaling = 2 * B * 3 * k
  const saved = twoReaders(asWhole).flops - scaling - graph.flops
  // One sum of two gradients fewer columns wide, and 2 h operations for each element of the two products' first k columns.
  expect(saved).toBe(B * k + 2 * (2 * h) * B * k)
})

test('a product that something else needs as a whole stays', () => {
  const g = new GraphBuilder('shared')
  const u = g.input('u', [B, k])
  const x = g.parameter('x', [B, k])
  const skip = g.parameter('skip', [B, 2 * k])
  const sum = g.add(g.concat([u, x]), skip)
  g.output('loss', g.mean(g.linear(sum, g.parameter('w', [2 * k, h]), null, 'tanh')))
  const graph = differentiate(g.build(), 'loss', () => true)
  expect(columnsComputed(graph, 'w')).toContainEqual([0, 2 * k])
  const results = plainExecutor
    .compile(graph)
    .run({ inputs: { u: randomValues(B * k, Rng.stream(1, 'u')) }, parameters: [randomArena(graph, 1)] })
  const skipGradient = results.gradient('skip')
  const columns = Float32Array.from({ length: B * k }, (_, i) => skipGradient[Math.floor(i / k) * 2 * k + k + (i % k)]!)
  expectClose(results.gradient('x'), columns, 'gradient of x', 1e-6)
})

test('sums that double a value again and again are walked once each', () => {
  const g = new GraphBuilder('doubling')
  let state = g.concat([g.input('u', [B, k]), g.parameter('x', [B, k])])
  for (let i = 0; i < 60; i++) state = g.add(state, state)
  g.output('loss', g.mean(g.linear(state, g.parameter('w', [2 * k, h]), null)))
  const graph = differentiate(g.build(), 'loss', ['x'])
  expect(columnsComputed(graph, 'w')).toEqual([[k, 2 * k]])
  expect(graph.nodes.length).toBeLessThan(400)
})

test.each([{ critic: 'action' }, { critic: 'item' }])(
  'no actor of %o is asked for a gradient of the user’s columns',
  (change) => {
    const tiny = tinyAgent(change)
    const graph = actorGraph(tiny.plan)
    const { width } = tiny.embedding
    for (const side of ['positive', 'negative']) {
      const columns = columnsComputed(graph, `actor.${side}.w1`)
      expect(columns).not.toEqual([])
      for (const [start] of columns) expect(start).toBeGreaterThanOrEqual(width)
    }
    // The critic sees both sides' states side by side, each with the user in front.
    for (const [start, end] of columnsComputed(graph, 'critic.w1')) {
      const withinSide = start % (3 * width)
      expect(withinSide).toBeGreaterThanOrEqual(width)
      expect(withinSide + end - start).toBeLessThanOrEqual(3 * width)
    }
  },
)
