import { describe, expect, it } from 'vitest'
import type { ParamValues } from '../../../../src-main/contract/params.ts'
import { defaultParams } from '../../../../src-main/contract/params.ts'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import type { AnyModel } from '../../../../src-main/engine/core/model.ts'
import { models } from '../../../../src-main/engine/models/catalogue.gen.ts'
import custom from '../../../../src-main/engine/models/custom.ts'
import { actGraph, actorGraph, criticGraph } from '../../../../src-main/engine/training/actor-critic/networks.ts'
import { graphInputsOf, stirredAgent, transitionsOf, type PlainTransition, type TinyAgent } from '../../../support/tiny-agent.ts'
import { expectClose } from '../compute/support/compare.ts'
import { askOracle } from '../compute/support/tfjs-oracle.ts'

const actorCritics: AnyModel[] = models.filter((model) => model.create(defaultParams(model.params)).kind === 'actor-critic')
const modelOf = (id: string): AnyModel => actorCritics.find((model) => model.id === id)!

/** The blocks of each model, as algorithms.md section 5 has them: what the custom model must be told to be that model. */
const blocks: Readonly<Record<string, ParamValues>> = {
  'mdrr-att': { encoder: 'attention', feedback: 'both', actors: 'dual', historyRule: 'preference' },
  mdrr: { encoder: 'average', feedback: 'both', actors: 'dual', historyRule: 'preference' },
  'mdrr-p': { encoder: 'attention', feedback: 'positive', historyRule: 'preference' },
  'mdrr-n': { encoder: 'attention', feedback: 'negative', historyRule: 'preference' },
  'drr-ave': { encoder: 'average', feedback: 'positive', historyRule: 'latest' },
  'drr-p': { encoder: 'pairwise', feedback: 'positive', historyRule: 'latest' },
  'drr-u': { encoder: 'user-pairwise', feedback: 'positive', historyRule: 'latest' },
  'drr-att': { encoder: 'attention', feedback: 'positive', historyRule: 'latest' },
  'drr-max': { encoder: 'max', feedback: 'positive', historyRule: 'latest' },
  'drr-gru': { encoder: 'gru-attention', feedback: 'positive', historyRule: 'latest' },
  ddpg: { encoder: 'concat', feedback: 'positive', historyRule: 'latest' },
}

/** [model, its parameters]: every model with both critics, and what only the custom model can be. */
const graphs: [id: string, change: ParamValues][] = [
  ...Object.keys(blocks).flatMap((id): [string, ParamValues][] => [
    [id, { critic: 'action', residual: false }],
    [id, { critic: 'item', residual: true }],
  ]),
  ['custom', { critic: 'action', residual: true, encoder: 'gru-attention', feedback: 'both', actors: 'dual' }],
  ['custom', { critic: 'item', residual: false, encoder: 'pairwise', feedback: 'both', actors: 'single' }],
  ['custom', { critic: 'action', residual: false, encoder: 'max', feedback: 'negative', actors: 'dual', pooling: 'mean' }],
]

describe.each(graphs)('%s with %o', (id, change) => {
  const tiny = stirredAgent({ ...change, actorHidden: 8, criticHidden: 8, batchSize: 24 }, modelOf(id))
  const { actor, critic } = tiny.agent.networks
  const inputs = graphInputsOf(tiny, transitionsOf(tiny))

  it.each([
    ['actor', actorGraph(tiny.plan), actor],
    ['critic', criticGraph(tiny.plan), critic],
  ] as const)('has the gradient of TensorFlow.js in every parameter of the %s and in no other', (_which, graph, arena) => {
    const names = arena.entries.map((entry) => entry.name)
    expect([...graph.gradients.keys()].sort()).toEqual([...names].sort())
    const gradients = arena.zerosLike()
    const outputs = plainExecutor.compile(graph).run({ inputs, parameters: [actor, critic], gradients: [gradients] })
    const oracle = askOracle(graph, 'loss', names, inputs, [actor, critic])
    expectClose([outputs.scalar('loss')], oracle.outputs.get('loss')!, 'loss')
    for (const name of names) {
      expectClose(gradients.view(name), oracle.gradients.get(name)!, `gradient of ${name}`)
      // Nothing is left untrained: neither an encoder nor its vector of the empty list.
      expect(Math.max(...gradients.view(name).map(Math.abs)), name).toBeGreaterThan(0)
    }
  })
})

function actionsOf(tiny: TinyAgent, transitions: readonly PlainTransition[]): number[] {
  const program = plainExecutor.compile(actGraph(tiny.plan, transitions.length))
  return [...program.run({ inputs: graphInputsOf(tiny, transitions), parameters: [tiny.agent.networks.actor] }).view('action')]
}

describe.each(Object.entries(blocks))('%s', (id, told) => {
  it('is what the custom model gives for its blocks, to the bit', () => {
    const own = stirredAgent({}, modelOf(id))
    const built = stirredAgent(told, custom)
    expect(own.recipe.historyRule).toBe(told['historyRule'])
    expect(built.recipe.historyRule).toBe(told['historyRule'])
    expect(own.agent.networks.actor.entries).toEqual(built.agent.networks.actor.entries)
    const transitions = transitionsOf(own)
    expect(actionsOf(own, transitions)).toEqual(actionsOf(built, transitions))
  })

  it('hears of the sides that it says, and of no other', () => {
    const tiny = stirredAgent({}, modelOf(id))
    const transitions = transitionsOf(tiny)
    const actions = actionsOf(tiny, transitions)
    const hears = (side: 'positive' | 'negative') => {
      const others = transitions.map((t) => ({ ...t, [side]: t[side].map((_, i) => (i === 0 ? (t.item + 5) % 14 : -1)) }))
      return JSON.stringify(actionsOf(tiny, others)) !== JSON.stringify(actions)
    }
    expect({ positive: hears('positive'), negative: hears('negative') }).toEqual({
      positive: told['feedback'] !== 'negative',
      negative: told['feedback'] !== 'positive',
    })
  })

  it('has an actor for each side, or one', () => {
    const names = stirredAgent({}, modelOf(id)).agent.networks.actor.entries.map(({ name }) => name)
    const lastLayers = names.filter((name) => name.endsWith('.w3'))
    expect(lastLayers).toEqual(
      told['feedback'] === 'both' ? ['actor.positive.w3', 'actor.negative.w3'] : [`actor.${String(told['feedback'])}.w3`],
    )
  })
})

it('every actor-critic of the catalogue is named here', () => {
  expect(actorCritics.map((model) => model.id).sort()).toEqual([...Object.keys(blocks), 'custom'].sort())
})

it('one actor for both sides sees both at once', () => {
  const names = stirredAgent({ feedback: 'both', actors: 'single' }, custom).agent.networks.actor.entries.map(({ name }) => name)
  expect(names.filter((name) => name.endsWith('.w3'))).toEqual(['actor.joint.w3'])
})
