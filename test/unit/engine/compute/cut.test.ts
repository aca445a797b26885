import { describe, expect, test } from 'vitest'
import { compileInParts, cutGraph } from '../../../../src-main/engine/compute/cut.ts'
import { differentiate } from '../../../../src-main/engine/compute/differentiate.ts'
import { GraphBuilder } from '../../../../src-main/engine/compute/graph-builder.ts'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import type { Graph } from '../../../../src-main/engine/compute/types.ts'
import { attentionActorCritic, attentionInputs, isActor } from './support/attention-actor-critic.ts'
import { expectSameBits, randomArena } from './support/compare.ts'

const sizes = { B: 6, n: 5, k: 7, h: 11 }
const inputs = attentionInputs(sizes, 3)

/** The actor's loss of the whole model with its gradients; the critic's loss stands beside it. */
function whole(): Graph {
  return differentiate(attentionActorCritic(sizes), 'actorLoss', isActor)
}

/** y = relu(x w), loss = sum of y^2: y is wanted early. */
function small(): Graph {
  const g = new GraphBuilder('small')
  const y = g.linear(g.input('x', [2, 3]), g.parameter('w', [3, 2]), null, 'relu')
  g.output('y', y)
  g.output('loss', g.sum(g.square(y)))
  return differentiate(g.build(), 'loss', ['w'])
}

describe('a graph cut behind an output', () => {
  test('gives the bits of the whole graph, outputs and gradients', () => {
    const graph = whole()
    const arena = randomArena(graph, 5)
    const [first, second] = [arena.zerosLike(), arena.zerosLike()]
    const expected = plainExecutor.compile(graph).run({ inputs, parameters: [arena], gradients: [first] })
    const parts = compileInParts(plainExecutor, cutGraph(graph, ['criticLoss']), {
      inputs,
      parameters: [arena],
      gradients: [second],
    })
    const early = parts.early.run({ inputs, parameters: [arena] })
    const late = parts.late.run(parts.lateBindings)
    expect(early.scalar('criticLoss')).toBe(expected.scalar('criticLoss'))
    expect(late.scalar('actorLoss')).toBe(expected.scalar('actorLoss'))
    expectSameBits(second.values, first.values, 'all gradients')
  })

  test('computes nothing twice: both parts together do the work of the whole', () => {
    const { early, late, crossing } = cutGraph(small(), ['y'])
    expect(early.flops + late.flops).toBe(small().flops)
    expect(crossing).toHaveLength(1)
    expect([...late.inputs.keys()]).toEqual([...crossing, 'x'])
    expect(late.parameters).toEqual([])
    expect([...late.outputs.keys()]).toEqual(['loss'])
  })

  test('goes on from the early part as it was, whatever happens to its weights in between', () => {
    const graph = small()
    const arena = randomArena(graph, 1)
    const x = Float32Array.of(1, 2, 3, 4, 5, 6)
    const bindings = { inputs: { x }, parameters: [arena] }
    const expected = plainExecutor.compile(graph).run(bindings).scalar('loss')
    const parts = compileInParts(plainExecutor, cutGraph(graph, ['y']), bindings)
    parts.early.run(bindings)
    arena.values.fill(100)
    expect(parts.late.run(parts.lateBindings).scalar('loss')).toBe(expected)
  })

  test('keeps the blocks of its nodes', () => {
    const g = new GraphBuilder('blocks')
    const y = g.scope('encoder', () => g.relu(g.input('x', [2])))
    g.output('y', y)
    g.output(
      'z',
      g.scope('head', () => g.square(y)),
    )
    const { early, late } = cutGraph(g.build(), ['y'])
    expect(early.describe().find(({ op }) => op === 'unary')?.block).toBe('encoder')
    expect(late.describe().find(({ op }) => op === 'unary')?.block).toBe('head')
  })

  test('is refused for an output that is not there, and where nothing would be left', () => {
    expect(() => cutGraph(small(), ['state'])).toThrow('Graph "small" has no output "state". It has y, loss.')
    const g = new GraphBuilder('short')
    g.output('y', g.relu(g.input('x', [2])))
    expect(() => cutGraph(g.build(), ['y'])).toThrow('Graph "short": behind y nothing is left to cut off.')
  })
})
