import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { differentiate } from '../../../../src-main/engine/compute/differentiate.ts'
import { fillDropoutMask } from '../../../../src-main/engine/compute/dropout-mask.ts'
import { GraphBuilder } from '../../../../src-main/engine/compute/graph-builder.ts'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import type { GraphNode, InputValues } from '../../../../src-main/engine/compute/types.ts'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import { expectClose, randomValues } from './support/compare.ts'
import './support/tfjs-oracle.ts'

/** Value of `build(g, input)` and its gradient with respect to the first input. */
function lossOf(inputs: Record<string, InputValues>, build: (g: GraphBuilder, input: (name: string) => GraphNode) => GraphNode) {
  const g = new GraphBuilder('loss')
  g.output(
    'loss',
    build(g, (name) => g.input(name, [inputs[name]!.length])),
  )
  const results = plainExecutor.compile(differentiate(g.build(), 'loss', [Object.keys(inputs)[0]!])).run({ inputs })
  return { value: results.scalar('loss'), gradient: results.gradient(Object.keys(inputs)[0]!) }
}

describe('losses', () => {
  const rng = Rng.stream(1, 'losses')
  const p = randomValues(40, rng)
  const t = randomValues(40, rng)

  test('Huber is the Huber loss of TensorFlow.js, in value and gradient, for every delta', () => {
    for (const delta of [0.1, 1, 3, 100]) {
      const ours = lossOf({ p, t }, (g, input) => g.huber(input('p'), input('t'), delta))
      const theirs = (x: tf.Tensor) => tf.losses.huberLoss(t, x, undefined, delta, tf.Reduction.MEAN)
      expectClose([ours.value], theirs(tf.tensor1d(p)).dataSync(), `value at ${delta}`)
      expectClose(
        ours.gradient,
        tf
          .grad((x) => theirs(x))(tf.tensor1d(p))
          .dataSync(),
        `gradient at ${delta}`,
      )
    }
  })

  test('Huber is half the squared error within delta, and a line of slope delta beyond, on both sides', () => {
    const one = (e: number) =>
      lossOf({ p: Float32Array.of(e), t: Float32Array.of(0) }, (g, input) => g.huber(input('p'), input('t'), 2))
    expect(one(1.5).value).toBeCloseTo(1.125, 6)
    expect(one(-2).value).toBeCloseTo(2, 6)
    expect(one(10).value).toBeCloseTo(2 * (10 - 1), 5)
    expect(one(-10).value).toBeCloseTo(2 * (10 - 1), 5)
    expect([0, 1.5, -1.5, 2, 10, -10].map((e) => one(e).gradient[0])).toEqual([0, 1.5, -1.5, 2, 2, -2])
  })

  test('Huber wants a delta above 0', () => {
    const g = new GraphBuilder('model')
    const x = g.input('x', [2])
    expect(() => g.huber(x, x, 0)).toThrow('Graph "model": huber wants a delta above 0, not 0.')
    expect(() => g.scope('head', () => g.huber(x, x, NaN))).toThrow(
      'Graph "model", block "head": huber wants a delta above 0, not NaN.',
    )
  })

  test('cross-entropy of equal logits is the logarithm of the number of classes', () => {
    const g = new GraphBuilder('loss')
    g.output('loss', g.crossEntropy(g.input('logits', [2, 5]), g.inputInt('ids', [2])))
    const inputs = { logits: new Float32Array(10).fill(3), ids: Int32Array.of(0, 4) }
    expect(plainExecutor.compile(g.build()).run({ inputs }).scalar('loss')).toBeCloseTo(Math.log(5), 6)
  })

  test('BPR is minus the mean log of sigmoid(positive - negative)', () => {
    const { value, gradient } = lossOf({ p, t }, (g, input) => g.bpr(input('p'), input('t')))
    const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
    const mean = (f: (i: number) => number) => p.reduce((sum, _, i) => sum + f(i), 0) / p.length
    expect(value).toBeCloseTo(
      mean((i) => -Math.log(sigmoid(p[i]! - t[i]!))),
      5,
    )
    expectClose(
      gradient,
      p.map((x, i) => -sigmoid(t[i]! - x) / p.length),
      'gradient',
    )
  })
})

describe('dropout', () => {
  test('lets through what its input says, in value and gradient', () => {
    const g = new GraphBuilder('model')
    const kept = g.dropout(g.input('x', [4]), 'drop', 0.5)
    g.output('kept', kept)
    g.output('loss', g.sum(g.square(kept)))
    const inputs = { x: Float32Array.of(1, 2, 3, 4), drop: Float32Array.of(0, 2, 0, 2) }
    const results = plainExecutor.compile(differentiate(g.build(), 'loss', ['x'])).run({ inputs })
    expect([...results.view('kept')]).toEqual([0, 4, 0, 8])
    expect([...results.gradient('x')]).toEqual([0, 16, 0, 32])
  })

  test('declares one input of the shape of what it drops', () => {
    const g = new GraphBuilder('model')
    g.output('y', g.dropout(g.input('x', [3, 4]), 'hidden.dropout', 0.2))
    expect(g.build().inputs.get('hidden.dropout')).toMatchObject({ shape: [3, 4], dtype: 'float32' })
  })

  test('at rate 0 is nothing at all', () => {
    const g = new GraphBuilder('model')
    const x = g.input('x', [3, 4])
    expect(g.dropout(x, 'drop', 0)).toBe(x)
  })

  test.each([1, -0.1, NaN])('refuses the rate %d', (rate) => {
    const g = new GraphBuilder('model')
    const message = `wants a rate from 0 to below 1, not ${rate}.`
    expect(() => g.dropout(g.input('x', [2]), 'drop', rate)).toThrow(`Graph "model": dropout "drop" ${message}`)
    expect(() => fillDropoutMask(new Float32Array(2), rate, Rng.stream(1, 'dropout'))).toThrow(`A dropout mask ${message}`)
  })

  test('a mask holds 0 and 1 / (1 - rate) only, drops the stated share and keeps the mean', () => {
    const mask = new Float32Array(50_000)
    fillDropoutMask(mask, 0.3, Rng.stream(1, 'dropout'))
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / 0.7)]))
    // Three standard errors of a share of 50,000 draws.
    expect(Math.abs(mask.filter((x) => x === 0).length / mask.length - 0.3)).toBeLessThan(
      3 * Math.sqrt((0.3 * 0.7) / mask.length),
    )
    expect(mask.reduce((sum, x) => sum + x, 0) / mask.length).toBeCloseTo(1, 1)
  })

  test('a mask takes two draws per element at every rate, so that the rate shifts nobody else’s numbers', () => {
    const after = (rate: number): number => {
      const rng = Rng.stream(1, 'dropout')
      fillDropoutMask(new Float32Array(7), rate, rng)
      return rng.uint32()
    }
    const skipped = Rng.stream(1, 'dropout')
    for (let draw = 0; draw < 14; draw++) skipped.uint32()
    const next = skipped.uint32()
    expect([after(0), after(0.5), after(0.9)]).toEqual([next, next, next])
  })
})
