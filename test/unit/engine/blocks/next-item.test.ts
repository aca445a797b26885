import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createArena } from '../../../../src-main/engine/compute/arena.ts'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import { lossGraph } from '../../../../src-main/engine/blocks/next-item-network.ts'
import { eventsOf, NegativeSampler, windowBatches, windowsOf } from '../../../../src-main/engine/blocks/next-item-windows.ts'
import { fitted } from '../../../support/fit-lab.ts'
import { chiSquare, errorOf, tableOf } from '../../../support/worlds.ts'

/** User 0: items 4, 2, 0, 3 in order of time; user 1: nothing that counts; user 2: 1, 2. */
const table = tableOf([
  [0, 2, 5, 20],
  [0, 4, 4, 10],
  [2, 1, 5, 1],
  [0, 3, 5, 40],
  [1, 0, 1, 5],
  [0, 0, 4, 30],
  [2, 2, 5, 2],
])
const events = eventsOf(table, (row) => table.rating[row]! >= 4)

describe('histories', () => {
  it('are the items of events in order of time', () => {
    expect([[...events.items], [...events.start]]).toEqual([
      [4, 2, 0, 3, 1, 2],
      [0, 4, 4, 6],
    ])
  })

  it('are cut from their end, so that every event but the first is predicted once', () => {
    expect(windowsOf(events, 2)).toEqual({ start: Int32Array.of(1, 0, 4), end: Int32Array.of(4, 2, 6) })
    const lengths = fc.array(fc.nat(30), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 7 }), (counts, steps) => {
        const start = Int32Array.from([0, ...counts]).map((_, user) => counts.slice(0, user).reduce((a, b) => a + b, 0))
        const windows = windowsOf({ items: new Int32Array(start.at(-1)!), start }, steps)
        const predicted = [...windows.start].flatMap((from, window) =>
          Array.from({ length: windows.end[window]! - from - 1 }, (_, step) => from + step + 1),
        )
        const expected = counts.flatMap((count, user) =>
          Array.from({ length: Math.max(0, count - 1) }, (_, i) => start[user]! + i + 1),
        )
        expect(predicted.sort((a, b) => a - b)).toEqual(expected)
      }),
    )
  })

  it('fill a batch with what precedes and what follows, and weigh nothing else', () => {
    const sampler = new NegativeSampler(events, 5, 1, Rng.stream(1, 'negatives'))
    const batches = windowBatches(
      events,
      windowsOf(events, 2),
      { batch: 2, steps: 2, negatives: 3 },
      sampler,
      plainExecutor.memory,
    )
    batches.fill(Int32Array.of(0, 1, 2), 0, 2)
    const { ids, targets, mask, weights, negatives, collisions } = batches.inputs
    expect([[...ids!.subarray(0, 3)], [...targets!.subarray(0, 3)], [...mask!]]).toEqual([
      [2, 0, 4],
      [0, 3, 2],
      [1, 1, 1, 0],
    ])
    // Three windows hold four predictions.
    expect([...weights!]).toEqual([0.75, 0.75, 0.75, 0])
    for (let n = 0; n < 3; n++) expect(collisions![n]! < 0).toBe(negatives![n] === targets![0])
  })
})

it('draws negatives by popularity to the power asked for, and never what has no event', () => {
  const many = { items: Int32Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 3), start: Int32Array.of(0, 14) }
  const sampler = new NegativeSampler(many, 5, 0.5, Rng.stream(5, 'negatives'))
  const counts = new Array<number>(5).fill(0)
  for (let draw = 0; draw < 6000; draw++) counts[sampler.draw()]!++
  expect([counts[1], counts[4]]).toEqual([0, 0])
  // Roots 3, 2, 1; .999 quantile at 2 degrees of freedom.
  expect(chiSquare([counts[0]!, counts[2]!, counts[3]!], [3000, 2000, 1000])).toBeLessThan(13.82)
})

describe('the loss', () => {
  const sizes = { batch: 1, steps: 2, negatives: 2 }
  const lossOf = (loss: 'cross-entropy' | 'bpr') => {
    const network = { historyLength: 2, size: 1, hidden: 1, dropout: 0, loss }
    const graph = lossGraph(network, 3, sizes)
    // All weights 0 but the biases of the items: scores are 1, 2, 4 whatever was read.
    const arena = createArena(graph.parameters)
    arena.view('outputBias').set([1, 2, 4])
    const inputs = {
      ids: Int32Array.of(0, 0),
      mask: Float32Array.of(1, 1),
      targets: Int32Array.of(1, 0),
      weights: Float32Array.of(1, 0.5),
      negatives: Int32Array.of(2, 0),
      collisions: Float32Array.of(0, 0, 0, -1e4),
    }
    return plainExecutor
      .compile(graph)
      .run({ inputs, parameters: [arena] })
      .scalar('loss')
  }

  it('is the cross-entropy of the target among the negatives; a negative that is the target does not count', () => {
    const first = -Math.log(Math.exp(2) / (Math.exp(2) + Math.exp(4) + Math.exp(1)))
    const second = -Math.log(Math.exp(1) / (Math.exp(1) + Math.exp(4)))
    expect(lossOf('cross-entropy')).toBeCloseTo(first + 0.5 * second, 5)
  })

  it('or the mean over the negatives of -log sigmoid of the difference', () => {
    const softplus = (x: number) => Math.log(1 + Math.exp(x))
    expect(lossOf('bpr')).toBeCloseTo((softplus(2) + softplus(-1)) / 2 + (0.5 * softplus(3)) / 2, 5)
  })
})

describe('gru4rec refuses', () => {
  it('ratings without times', () => {
    const error = errorOf(() => fitted('gru4rec', {}, { ...table, timeKind: 'file-order' }))
    expect([error.code, error.details]).toEqual(['DATA_UNSUITABLE', { reason: 'no times' }])
    expect(error.message).toMatch(/the order of a file is not the order of events\. Choose a data set with times/)
  })

  it('histories of one event', () => {
    const error = errorOf(() =>
      fitted(
        'gru4rec',
        {},
        tableOf([
          [0, 0, 5],
          [1, 1, 5],
          [1, 0, 1],
        ]),
      ),
    )
    expect([error.code, error.details]).toEqual(['DATA_UNSUITABLE', { reason: 'no sequences' }])
  })
})
