import { describe, expect, it } from 'vitest'
import { createArena } from '../../../../src-main/engine/compute/arena.ts'
import { GraphBuilder } from '../../../../src-main/engine/compute/graph-builder.ts'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import type { Executor } from '../../../../src-main/engine/compute/types.ts'
import { pairwiseProducts } from '../../../../src-main/engine/blocks/factorisation-machine.ts'
import { RatingFields } from '../../../../src-main/engine/blocks/rating-fields.ts'
import { networkGraph, type RatingNetwork } from '../../../../src-main/engine/blocks/rating-network.ts'
import { withAttributes } from '../../../support/supervised-lab.ts'
import { fitted } from '../../../support/fit-lab.ts'
import { errorOf, starWorld, tableOf } from '../../../support/worlds.ts'
import { expectClose } from '../compute/support/compare.ts'
import { askOracle } from '../compute/support/tfjs-oracle.ts'

const world = withAttributes(starWorld({ users: 8, items: 12, perUser: 6 }))

/** An executor that compares every update's loss and gradients with those of TensorFlow.js on the same weights. */
function auditing(compared: string[]): Executor {
  return {
    ...plainExecutor,
    compile(graph) {
      const program = plainExecutor.compile(graph)
      if (graph.gradients.size === 0) return program
      return {
        graph,
        memoryBytes: program.memoryBytes,
        outputs: program.outputs,
        run(bindings) {
          const targets = [...graph.gradients.keys()]
          const answer = askOracle(graph, 'loss', targets, bindings.inputs ?? {}, bindings.parameters ?? [])
          const outputs = program.run(bindings)
          expectClose([outputs.scalar('loss')], [...answer.outputs.get('loss')!], 'loss')
          for (const name of targets) expectClose(outputs.gradient(name), answer.gradients.get(name)!, name)
          compared.push(...targets)
          return outputs
        },
      }
    },
  }
}

describe('the gradients of an epoch are those of TensorFlow.js', () => {
  it.each([
    ['fm', { size: 3 }, ['bias', 'factors.user', 'factors.item.genres', 'weights.user.group']],
    ['deepfm', { size: 3, hidden: 5, layers: 2, dropout: 0.4 }, ['deep.weight1', 'deep.bias2', 'deep.output', 'factors.item']],
    ['afm', { size: 3, attention: 4, dropout: 0.3 }, ['attention.weight', 'attention.bias', 'attention.score', 'output']],
  ])('%s', (id, params, expected) => {
    const compared: string[] = []
    fitted(id, { ...params, deviation: 0.6, batchSize: 16, epochs: 1, refit: false }, world, auditing(compared))
    expect(compared).toEqual(expect.arrayContaining(expected))
  })
})

describe('hand-worked', () => {
  it('pairs of (1, 2), (3, -1), (.5, 4) have products 1, 8.5 and -2.5: 7 in all', () => {
    const g = new GraphBuilder('pairs')
    const vectors = g.input('vectors', [1, 3, 2])
    g.output('sum', pairwiseProducts(g, { vectors, linear: vectors, fields: 3 }))
    const inputs = { vectors: Float32Array.of(1, 2, 3, -1, 0.5, 4) }
    expect(plainExecutor.compile(g.build()).run({ inputs }).view('sum')[0]).toBeCloseTo(7, 6)
  })

  it('a field is read as the mean of its values, "unknown" where there are none, and weights add up', () => {
    const table = {
      ...tableOf([[0, 0, 3]], { users: 1, items: 2 }),
      features: {
        users: [],
        items: [{ name: 'genres', values: ['a', 'b', 'c'], start: Int32Array.of(0, 2, 2), ids: Int32Array.of(0, 2) }],
      },
    }
    const fields = new RatingFields(table, 'FM')
    const network: RatingNetwork = {
      title: 'probe',
      size: 1,
      deviation: 0.1,
      optimiser: 'adam',
      learningRate: 0.1,
      batchSize: 2,
      dropout: 0,
      epochs: 1,
      patience: 1,
      refit: false,
      validationShare: 0.1,
      l2: () => 0,
      draw: (g, { vectors, linear }) => g.add(linear, g.sumLast(g.reshape(vectors, [2, 3]))),
    }
    const graph = networkGraph(network, fields.fields, 2, false)
    const arena = createArena(graph.parameters)
    arena.view('factors.item.genres').set([10, 20, 40, 7])
    arena.view('weights.item.genres').set([1, 2, 3, 0.5])
    arena.view('weights.user').set([100, 0])
    arena.view('bias').set([0.25])
    const inputs = fields.inputs(2, plainExecutor.memory)
    fields.fill(inputs, 0, 0, 0)
    fields.fill(inputs, 1, 0, 1)
    const score = plainExecutor
      .compile(graph)
      .run({ inputs, parameters: [arena] })
      .view('score')
    // (10 + 40) / 2 + (1 + 3) / 2 + 100 + .25 and 7 + .5 + 100 + .25.
    expect([...score]).toEqual([127.25, 107.75])
  })
})

it.each(['fm', 'deepfm', 'afm'])('%s refuses a data set without attributes, and says what to do', (id) => {
  const error = errorOf(() => fitted(id, {}, starWorld({ users: 8, items: 12, perUser: 6 })))
  expect([error.code, error.details]).toEqual(['DATA_UNSUITABLE', { reason: 'no side features' }])
  expect(error.message).toMatch(
    /has none: no gender, age, occupation or genres\. Choose a data set with attributes, or train biased-mf/,
  )
})
