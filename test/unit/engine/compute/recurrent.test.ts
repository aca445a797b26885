import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { differentiate } from '../../../../src-main/engine/compute/differentiate.ts'
import { GraphBuilder } from '../../../../src-main/engine/compute/graph-builder.ts'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import { gruCell, lstmCell, unrollGru, unrollLstm } from '../../../../src-main/engine/compute/recurrent.ts'
import type { Graph, InputValues, ParameterArena } from '../../../../src-main/engine/compute/types.ts'
import { sizeOf } from '../../../../src-main/engine/compute/types.ts'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import { expectClose, randomArena, randomValues } from './support/compare.ts'
import './support/tfjs-oracle.ts'

type Tensors = Record<string, tf.Tensor>

/** The equations as the papers write them, gate by gate, with weights cut out of ours; differentiated by TensorFlow.js. */
function gruByHand(p: Tensors, x: tf.Tensor, state: tf.Tensor): tf.Tensor {
  const h = state.shape[1]!
  const columns = (w: tf.Tensor, gate: number): tf.Tensor2D => tf.slice(w as tf.Tensor2D, [0, gate * h], [w.shape[0]!, h])
  const w = (gate: number): tf.Tensor2D => columns(p['cell.inputWeight']!, gate)
  const b = (gate: number): tf.Tensor => tf.slice(p['cell.bias']!, [gate * h], [h])
  const u = (gate: number): tf.Tensor2D => columns(p['cell.gateWeight']!, gate)
  const product = (a: tf.Tensor, m: tf.Tensor): tf.Tensor => tf.matMul(a as tf.Tensor2D, m as tf.Tensor2D)
  const z = tf.sigmoid(tf.add(tf.add(product(x, w(0)), product(state, u(0))), b(0)))
  const r = tf.sigmoid(tf.add(tf.add(product(x, w(1)), product(state, u(1))), b(1)))
  const c = tf.tanh(tf.add(tf.add(product(x, w(2)), product(tf.mul(r, state), p['cell.candidateWeight']!)), b(2)))
  return tf.add(tf.mul(z, state), tf.mul(tf.sub(1, z), c))
}

/** TensorFlow.js has an LSTM of its own, with the gates in the order i, c, f, o and one weight for [x, h]. */
function lstmByTfjs(p: Tensors, x: tf.Tensor, hidden: tf.Tensor, cell: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const h = hidden.shape[1]!
  const reordered = (w: tf.Tensor): tf.Tensor2D => {
    const [i, c, o, f] = tf.split(w, [h, h, h, h], 1)
    return tf.concat([i!, c!, f!, o!], 1) as tf.Tensor2D
  }
  const kernel = tf.concat([reordered(p['cell.inputWeight']!), reordered(p['cell.stateWeight']!)], 0) as tf.Tensor2D
  const [i, c, o] = tf.split(p['cell.bias']!, [h, h, h], 0)
  const bias = tf.concat([i!, c!, p['cell.forgetBias']!, o!], 0) as tf.Tensor1D
  const [newCell, newHidden] = tf.basicLSTMCell(0, kernel, bias, x as tf.Tensor2D, cell as tf.Tensor2D, hidden as tf.Tensor2D)
  return [newHidden, newCell]
}

/** Compares value and gradients of `graph` ("value", "loss" = sum of value * probe) with `byHand`, for every parameter and input. */
function expectSame(
  graph: Graph,
  inputs: Record<string, InputValues>,
  targets: readonly string[],
  byHand: (given: Tensors) => tf.Tensor,
): void {
  const arena: ParameterArena = randomArena(graph, 5)
  const names = [...arena.entries.map((entry) => entry.name), ...targets]
  const results = plainExecutor.compile(differentiate(graph, 'loss', names)).run({ inputs, parameters: [arena] })
  tf.engine().startScope()
  try {
    const bound: Tensors = {}
    for (const entry of arena.entries) bound[entry.name] = tf.tensor(arena.view(entry.name), [...entry.shape])
    for (const [name, node] of graph.inputs) bound[name] = tf.tensor(inputs[name]!, [...node.shape])
    expectClose(results.view('value'), byHand(bound).dataSync(), 'value')
    const gradients = tf.grads((...given: tf.Tensor[]) => {
      const changed = { ...bound, ...Object.fromEntries(names.map((name, index) => [name, given[index]!])) }
      return tf.sum(tf.mul(byHand(changed), bound['probe']!))
    })(names.map((name) => bound[name]!))
    names.forEach((name, index) => expectClose(results.gradient(name), gradients[index]!.dataSync(), `gradient of ${name}`))
  } finally {
    tf.engine().endScope()
  }
}

const sizes = fc.record({
  B: fc.integer({ min: 1, max: 4 }),
  n: fc.integer({ min: 1, max: 4 }),
  k: fc.integer({ min: 1, max: 5 }),
  h: fc.integer({ min: 1, max: 5 }),
  seed: fc.nat(1_000_000),
})
const settings = { numRuns: 12, seed: 20_240_501 }

/** Random values for all inputs of a graph; every row of a mask is real steps and then padding, from none to all. */
function randomInputs(graph: Graph, seed: number): Record<string, InputValues> {
  const rng = Rng.stream(seed, 'inputs')
  return Object.fromEntries(
    [...graph.inputs].map(([name, node]) => {
      if (name !== 'mask') return [name, randomValues(sizeOf(node.shape), rng)]
      const n = node.shape[1]!
      const lengths = Array.from({ length: node.shape[0]! }, () => rng.below(n + 1))
      return [name, Float32Array.from({ length: sizeOf(node.shape) }, (_, i) => (i % n < lengths[Math.floor(i / n)]! ? 1 : 0))]
    }),
  )
}

function probed(g: GraphBuilder, value: ReturnType<GraphBuilder['input']>): Graph {
  g.output('value', value)
  g.output('loss', g.sum(g.mul(value, g.input('probe', value.shape))))
  return g.build()
}

describe('a gated recurrent unit', () => {
  test('computes one step, with all gradients, as the equations of Cho et al. do', () => {
    fc.assert(
      fc.property(sizes, ({ B, k, h, seed }) => {
        const g = new GraphBuilder('gru')
        const graph = probed(g, gruCell(g, 'cell', g.input('x', [B, k]), g.input('state', [B, h])))
        expectSame(graph, randomInputs(graph, seed), ['x', 'state'], (given) => gruByHand(given, given['x']!, given['state']!))
      }),
      settings,
    )
  })

  test.each([{ padded: false }, { padded: true }])('over a sequence is the step again and again (%o)', ({ padded }) => {
    fc.assert(
      fc.property(sizes, ({ B, n, k, h, seed }) => {
        const g = new GraphBuilder('gru')
        const x = g.input('x', [B, n, k])
        const { all, last } = unrollGru(g, 'cell', x, h, padded ? g.input('mask', [B, n]) : undefined)
        const graph = probed(g, g.concat([g.reshape(all, [B, n * h]), last]))
        expectSame(graph, randomInputs(graph, seed), ['x'], (given) => {
          let state: tf.Tensor = tf.zeros([B, h])
          const states: tf.Tensor[] = []
          for (let step = 0; step < n; step++) {
            const next = gruByHand(given, tf.reshape(tf.slice(given['x']!, [0, step, 0], [B, 1, k]), [B, k]), state)
            const real = padded ? tf.slice(given['mask']!, [0, step], [B, 1]) : tf.ones([B, 1])
            state = tf.add(tf.mul(real, next), tf.mul(tf.sub(1, real), state))
            states.push(state)
          }
          return tf.concat([...states, state], 1)
        })
      }),
      settings,
    )
  })

  test('an update gate of 1 keeps the state, one of 0 forgets it', () => {
    const g = new GraphBuilder('gates')
    g.output('next', gruCell(g, 'cell', g.input('x', [1, 1]), g.input('state', [1, 1])))
    const graph = g.build()
    const program = plainExecutor.compile(graph)
    const inputs = { x: Float32Array.of(0), state: Float32Array.of(0.75) }
    const stateAfter = (updateBias: number): number => {
      const arena = randomArena(graph, 1)
      arena.values.fill(0)
      arena.view('cell.bias').set([updateBias, 0, 5])
      return program.run({ inputs, parameters: [arena] }).view('next')[0]!
    }
    expect(stateAfter(1e4)).toBeCloseTo(0.75, 6)
    expect(stateAfter(-1e4)).toBeCloseTo(Math.tanh(5), 6)
  })
})

describe('a long short-term memory', () => {
  test('computes one step, with all gradients, as that of TensorFlow.js does', () => {
    fc.assert(
      fc.property(sizes, ({ B, k, h, seed }) => {
        const g = new GraphBuilder('lstm')
        const state = { hidden: g.input('hidden', [B, h]), cell: g.input('memory', [B, h]) }
        const next = lstmCell(g, 'cell', g.input('x', [B, k]), state)
        const graph = probed(g, g.concat([next.hidden, next.cell]))
        expectSame(graph, randomInputs(graph, seed), ['x', 'hidden', 'memory'], (given) =>
          tf.concat(lstmByTfjs(given, given['x']!, given['hidden']!, given['memory']!), 1),
        )
      }),
      settings,
    )
  })

  test.each([{ padded: false }, { padded: true }])('over a sequence is the step again and again (%o)', ({ padded }) => {
    fc.assert(
      fc.property(sizes, ({ B, n, k, h, seed }) => {
        const g = new GraphBuilder('lstm')
        const x = g.input('x', [B, n, k])
        const { all, last } = unrollLstm(g, 'cell', x, h, padded ? g.input('mask', [B, n]) : undefined)
        const graph = probed(g, g.concat([g.reshape(all, [B, n * h]), last]))
        expectSame(graph, randomInputs(graph, seed), ['x'], (given) => {
          let state: [tf.Tensor, tf.Tensor] = [tf.zeros([B, h]), tf.zeros([B, h])]
          const states: tf.Tensor[] = []
          for (let step = 0; step < n; step++) {
            const next = lstmByTfjs(given, tf.reshape(tf.slice(given['x']!, [0, step, 0], [B, 1, k]), [B, k]), ...state)
            const real = padded ? tf.slice(given['mask']!, [0, step], [B, 1]) : tf.ones([B, 1])
            const kept = (index: 0 | 1): tf.Tensor => tf.add(tf.mul(real, next[index]), tf.mul(tf.sub(1, real), state[index]))
            state = [kept(0), kept(1)]
            states.push(state[0])
          }
          return tf.concat([...states, state[0]], 1)
        })
      }),
      settings,
    )
  })

  test('starts with a forget gate that remembers', () => {
    const g = new GraphBuilder('lstm')
    const zeros = g.constant(0, [1, 3])
    g.output('cell', lstmCell(g, 'cell', g.input('x', [1, 2]), { hidden: zeros, cell: zeros }).cell)
    const spec = g.build().parameters.find(({ name }) => name === 'cell.forgetBias')
    expect(spec).toEqual({ name: 'cell.forgetBias', shape: [3], initial: { kind: 'constant', value: 1 } })
  })
})

describe.each([
  ['GRU', unrollGru],
  ['LSTM', unrollLstm],
] as const)('padding of a sequence (%s)', (_name, unroll) => {
  const build = (n: number): Graph => {
    const g = new GraphBuilder('padding')
    const { all, last } = unroll(g, 'cell', g.input('x', [1, n, 2]), 3, g.input('mask', [1, n]))
    g.output('last', last)
    g.output('all', all)
    g.output('loss', g.mean(last))
    return differentiate(g.build(), 'loss', ['x', 'cell.inputWeight'])
  }
  const x = randomValues(4, Rng.stream(3, 'x'))
  const graph = build(2)
  const arena = randomArena(graph, 3)
  const short = plainExecutor.compile(graph).run({ inputs: { x, mask: Float32Array.of(1, 1) }, parameters: [arena] })

  test.each([
    ['zeros', 0],
    ['large numbers', 1e4],
    ['NaN', NaN],
  ])('carries the state on unchanged, whatever stands there: %s', (_what, filler) => {
    const padded = plainExecutor.compile(build(4)).run({
      inputs: { x: Float32Array.of(...x, filler, filler, filler, filler), mask: Float32Array.of(1, 1, 0, 0) },
      parameters: [arena],
    })
    expect([...padded.view('last')]).toEqual([...short.view('last')])
    const all = [...padded.view('all')]
    expect(all.slice(0, 6)).toEqual([...short.view('all')])
    expect(all.slice(6, 9)).toEqual(all.slice(3, 6))
    expect(all.slice(9, 12)).toEqual(all.slice(3, 6))
    expect([...padded.gradient('x')].slice(0, 4)).toEqual([...short.gradient('x')])
  })

  test('gives zeros for a sequence of nothing but padding', () => {
    const run = plainExecutor.compile(graph).run({ inputs: { x, mask: Float32Array.of(0, 0) }, parameters: [arena] })
    expect([...run.view('all')]).toEqual(new Array(6).fill(0))
  })

  test('names the block in its errors', () => {
    const g = new GraphBuilder('model')
    expect(() => unroll(g, 'session.encoder', g.input('x', [2, 3, 4]), 5, g.input('mask', [2, 2]))).toThrow(
      /^Graph "model", block "session\.encoder": where\(expandLast#2 \[2, 2, 4\], "x" \[2, 3, 4\], .*\) is not possible/,
    )
  })
})
