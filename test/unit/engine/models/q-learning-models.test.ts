import { describe, expect, it } from 'vitest'
import type { ParamValues } from '../../../../src-main/contract/params.ts'
import { defaultParams } from '../../../../src-main/contract/params.ts'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import type { InputValues } from '../../../../src-main/engine/compute/types.ts'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import deers from '../../../../src-main/engine/models/deers.ts'
import dqn from '../../../../src-main/engine/models/dqn.ts'
import { models } from '../../../../src-main/engine/models/catalogue.gen.ts'
import { StateBatch } from '../../../../src-main/engine/training/actor-critic/networks.ts'
import { lossGraph } from '../../../../src-main/engine/training/q-learning/q-networks.ts'
import { tinyWorld } from '../../../support/tiny-agent.ts'
import { tinyQ, type TinyQ } from '../../../support/tiny-q.ts'
import { expectClose } from '../compute/support/compare.ts'
import { askOracle } from '../compute/support/tfjs-oracle.ts'

type Lists = Readonly<Record<'positive' | 'negative', Int32Array>>

/** Lists of every length, the empty one included. */
function listsOf({ recipe }: TinyQ): Lists {
  const rng = Rng.stream(3, 'lists')
  const side = () =>
    Int32Array.from(
      Array.from({ length: recipe.batchSize }, (_, i) => {
        const items = rng.shuffle(Array.from({ length: tinyWorld.itemCount }, (_, item) => item))
        return items.slice(0, recipe.historyLength).fill(-1, i % (recipe.historyLength + 1))
      }).flat(),
    )
  return { positive: side(), negative: side() }
}

function inputsOf(tiny: TinyQ, lists: Lists = listsOf(tiny)): Record<string, InputValues> {
  const { batchSize: size, historyLength, pairwise } = tiny.recipe
  const rng = Rng.stream(4, 'inputs')
  const batch = new StateBatch(size, historyLength, tiny.embedding)
  for (let i = 0; i < size; i++) batch.set(i, i % tinyWorld.userCount, lists.positive, lists.negative, i * historyLength)
  return {
    ...tiny.tables,
    ...batch.inputs,
    executedRows: Int32Array.from({ length: size * (pairwise ? 2 : 1) }, () => rng.below(tinyWorld.itemCount)),
    target: Float32Array.from({ length: size }, () => rng.normal()),
    weights: Float32Array.from({ length: size }, () => rng.uniform()),
    sign: Float32Array.from({ length: size }, (_, i) => (i % 3) - 1),
  }
}

const graphs: [model: typeof dqn, change: ParamValues][] = [
  [dqn, { residual: false }],
  [dqn, { residual: true, layers: 5 }],
  [dqn, { residual: false, layers: 2 }],
  [deers, { residual: false, margin: 3 }],
  [deers, { residual: true, pairwise: 'squared', layers: 4 }],
  [deers, { residual: true, pairwiseWeight: 0, layers: 2 }],
]

describe.each(graphs)('$id with %o', (model, change) => {
  const tiny = tinyQ({ batchSize: 16, hidden: 8, ...change }, model)
  const { network } = tiny.agent

  it('has the gradient of TensorFlow.js in every parameter, and leaves none untrained', () => {
    const graph = lossGraph(tiny.plan)
    const inputs = inputsOf(tiny)
    const names = network.entries.map((entry) => entry.name)
    expect([...graph.gradients.keys()].sort()).toEqual([...names].sort())
    const gradients = network.zerosLike()
    const outputs = plainExecutor.compile(graph).run({ inputs, parameters: [network], gradients: [gradients] })
    const oracle = askOracle(graph, 'loss', names, inputs, [network])
    expectClose([outputs.scalar('loss')], oracle.outputs.get('loss')!, 'loss')
    for (const name of names) {
      expectClose(gradients.view(name), oracle.gradients.get(name)!, `gradient of ${name}`)
      expect(Math.max(...gradients.view(name).map(Math.abs)), name).toBeGreaterThan(0)
    }
  })
})

describe.each([
  [dqn, { positive: true, negative: false }],
  [deers, { positive: true, negative: true }],
] as const)('$id', (model, heard) => {
  const tiny = tinyQ({ batchSize: 16 }, model)
  const program = plainExecutor.compile(lossGraph(tiny.plan))
  const errors = (lists: Lists) =>
    [...program.run({ inputs: inputsOf(tiny, lists), parameters: [tiny.agent.network] }).view('tdError')].join(' ')

  it.each(['positive', 'negative'] as const)('hears of the %s side, or not, as it says', (side) => {
    const lists = listsOf(tiny)
    const others = { ...lists, [side]: lists[side].map((item) => (item < 0 ? item : (item + 5) % tinyWorld.itemCount)) }
    expect(errors(others) !== errors(lists)).toBe(heard[side])
  })

  it('tells the order of its likes', () => {
    const lists = listsOf(tiny)
    const n = tiny.recipe.historyLength
    const turned = lists.positive.slice()
    for (let from = 0; from < turned.length; from += n) {
      const length = turned.subarray(from, from + n).filter((item) => item >= 0).length
      turned.subarray(from, from + length).reverse()
    }
    expect(errors({ ...lists, positive: turned })).not.toBe(errors(lists))
  })
})

it('every Q-learner of the catalogue is named here', () => {
  const ids = models.filter((model) => model.create(defaultParams(model.params)).kind === 'q-learning').map(({ id }) => id)
  expect(ids.sort()).toEqual(['deers', 'dqn'])
})
