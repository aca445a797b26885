import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createArena } from '../../../../src-main/engine/compute/arena.ts'
import { differentiate } from '../../../../src-main/engine/compute/differentiate.ts'
import { GraphBuilder } from '../../../../src-main/engine/compute/graph-builder.ts'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import type { Graph } from '../../../../src-main/engine/compute/types.ts'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import { attentionActorCritic, attentionInputs, isActor, isCritic } from './support/attention-actor-critic.ts'
import { expectAgreement, expectClose, expectSameBits, randomArena } from './support/compare.ts'
import { askOracle } from './support/tfjs-oracle.ts'

const sizes = { B: 6, n: 5, k: 7, h: 11 }
const inputs = attentionInputs(sizes, 3)

function names(graph: Graph, keep: (name: string) => boolean): string[] {
  return graph.parameters.map((spec) => spec.name).filter(keep)
}

describe('a whole attention actor-critic', () => {
  const graph = attentionActorCritic(sizes)
  const arena = randomArena(graph, 5)

  test('has the critic gradient that TensorFlow.js finds', () => {
    expectAgreement(graph, 'criticLoss', names(graph, isCritic), inputs, arena)
  })

  test('has the actor gradient, through the critic and the attention, that TensorFlow.js finds', () => {
    expectAgreement(graph, 'actorLoss', names(graph, isActor), inputs, arena)
  })

  test('has the gradient with respect to an input that TensorFlow.js finds', () => {
    expectAgreement(graph, 'actorLoss', ['users', 'positive.items'], inputs, arena)
  })

  test('has the gradients that TensorFlow.js finds, at every size', () => {
    const size = fc.integer({ min: 1, max: 7 })
    fc.assert(
      fc.property(fc.record({ B: size, n: size, k: size, h: size }), fc.nat(1_000_000), (drawn, seed) => {
        const model = attentionActorCritic(drawn)
        const values = attentionInputs(drawn, seed)
        expectAgreement(model, 'criticLoss', names(model, isCritic), values, randomArena(model, seed))
        expectAgreement(model, 'actorLoss', names(model, isActor), values, randomArena(model, seed + 1))
      }),
      { numRuns: 20, seed: 20_240_501 },
    )
  })

  test('gives both gradients in one run, each as if computed alone', () => {
    const both = differentiate(differentiate(graph, 'criticLoss', isCritic), 'actorLoss', isActor)
    const results = plainExecutor.compile(both).run({ inputs, parameters: [arena] })
    for (const [loss, keep] of [
      ['criticLoss', isCritic],
      ['actorLoss', isActor],
    ] as const) {
      const { gradients } = askOracle(graph, loss, names(graph, keep), inputs, [arena])
      for (const [name, expected] of gradients) expectClose(results.gradient(name), expected, name)
    }
  })

  test('computes no gradient that nobody asked for', () => {
    const actorOnly = differentiate(graph, 'actorLoss', isActor)
    expect([...actorOnly.gradients.keys()]).toEqual(names(graph, isActor))
    const everything = differentiate(graph, 'actorLoss', () => true)
    expect(actorOnly.flops).toBeLessThan(everything.flops)
    const transposedProducts = actorOnly.describe().filter((node) => node.op === 'matmul').length
    // Two per linear layer of encoder and actor less one per first layer (no gradient of inputs), one per critic layer.
    expect(transposedProducts).toBeLessThan(everything.describe().filter((node) => node.op === 'matmul').length)
  })

  test('takes parameters from several arenas and writes gradients into several', () => {
    const critic = createArena(graph.parameters.filter((spec) => isCritic(spec.name)))
    const actors = createArena(graph.parameters.filter((spec) => isActor(spec.name)))
    for (const part of [critic, actors]) for (const entry of part.entries) part.view(entry.name).set(arena.view(entry.name))
    const program = plainExecutor.compile(differentiate(graph, 'actorLoss', () => true))
    const whole = arena.zerosLike()
    program.run({ inputs, parameters: [arena], gradients: [whole] })
    const [criticGradients, actorGradients] = [critic.zerosLike(), actors.zerosLike()]
    program.run({ inputs, parameters: [critic, actors], gradients: [criticGradients, actorGradients] })
    for (const part of [criticGradients, actorGradients]) {
      for (const entry of part.entries) expectSameBits(part.view(entry.name), whole.view(entry.name), entry.name)
    }
  })

  test('gives the same bits for the same seed, run after run and program after program', () => {
    const once = (): Float32Array => {
      const drawn = createArena(graph.parameters)
      drawn.initialise(Rng.stream(42, 'init'))
      const gradients = drawn.zerosLike()
      const program = plainExecutor.compile(differentiate(graph, 'actorLoss', isActor))
      program.run({ inputs: attentionInputs(sizes, 9), parameters: [drawn], gradients: [gradients] })
      program.run({ inputs, parameters: [drawn], gradients: [gradients] })
      return gradients.values
    }
    expectSameBits(once(), once(), 'the gradient')
    expect(once().some((value) => value !== 0)).toBe(true)
  })
})

describe('what a graph says about itself', () => {
  test('reports parameters that nothing depends on, and those without gradient', () => {
    const g = new GraphBuilder('report')
    const x = g.input('x', [2, 3])
    g.parameter('forgotten', [4])
    g.output('other', g.mul(x, g.parameter('elsewhere', [3])))
    g.output('loss', g.mean(g.linear(x, g.parameter('used', [3, 2]), null)))
    const graph = g.build()
    expect(graph.unusedParameters).toEqual(['forgotten'])
    const trained = differentiate(graph, 'loss', () => true)
    expect([...trained.gradients.keys()]).toEqual(['used'])
    expect(trained.withoutGradient).toEqual(['forgotten', 'elsewhere'])
  })

  test('counts parameters and operations and describes each node', () => {
    const g = new GraphBuilder('small')
    const x = g.input('x', [2, 3])
    g.output('y', g.linear(x, g.parameter('w', [3, 5]), g.parameter('b', [5]), 'relu'))
    const graph = g.build()
    expect(graph.parameterCount).toBe(20)
    // 2 x 5 results of 3 multiply-adds, one bias and one relu each.
    expect(graph.flops).toBe(10 * (2 * 3 + 1 + 1))
    expect(graph.describe()).toEqual([
      { id: 0, op: 'input', name: 'x', shape: [2, 3], dtype: 'float32', inputs: [], flops: 0 },
      { id: 1, op: 'parameter', name: 'w', shape: [3, 5], dtype: 'float32', inputs: [], flops: 0 },
      { id: 2, op: 'parameter', name: 'b', shape: [5], dtype: 'float32', inputs: [], flops: 0 },
      { id: 3, op: 'linear', name: 'y', shape: [2, 5], dtype: 'float32', inputs: [0, 1, 2], flops: 80 },
    ])
  })

  test('counts only what a run computes', () => {
    const g = new GraphBuilder('lazy')
    const x = g.input('x', [4])
    g.square(g.tanh(x))
    g.output('y', g.scale(x, 2))
    const graph = g.build()
    expect(graph.flops).toBe(4)
    expect(graph.describe().map((node) => node.op)).toEqual(['input', 'scale'])
  })
})
