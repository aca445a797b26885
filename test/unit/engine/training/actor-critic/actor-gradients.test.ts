import { describe, expect, it } from 'vitest'
import { plainExecutor } from '../../../../../src-main/engine/compute/plain/plain-executor.ts'
import type { InputValues } from '../../../../../src-main/engine/compute/types.ts'
import { actGraph, actorGraph, criticGraph, StateBatch } from '../../../../../src-main/engine/training/actor-critic/networks.ts'
import { MdrrAttByHand, dot, softmax } from '../../../../support/mdrr-att-by-hand.ts'
import { graphInputsOf, stirredAgent, transitionsOf, type PlainTransition } from '../../../../support/tiny-agent.ts'
import { expectClose } from '../../compute/support/compare.ts'
import { askOracle } from '../../compute/support/tfjs-oracle.ts'

describe.each([
  { critic: 'action', residual: false, pooling: 'sum' },
  { critic: 'action', residual: true, pooling: 'mean' },
  { critic: 'item', residual: false, pooling: 'mean' },
  { critic: 'item', residual: true, pooling: 'sum' },
])('the gradients of %o', (change) => {
  const tiny = stirredAgent({ ...change, batchSize: 12 })
  const { actor, critic } = tiny.agent.networks
  const inputs = graphInputsOf(tiny, transitionsOf(tiny))

  it('of the actors’ loss are those of TensorFlow.js, in every actor parameter and in no other', () => {
    const graph = actorGraph(tiny.plan)
    const names = actor.entries.map((entry) => entry.name)
    expect([...graph.gradients.keys()].sort()).toEqual([...names].sort())
    const gradients = actor.zerosLike()
    const outputs = plainExecutor.compile(graph).run({ inputs, parameters: [actor, critic], gradients: [gradients] })
    const oracle = askOracle(graph, 'loss', names, inputs, [actor, critic])
    expectClose([outputs.scalar('loss')], oracle.outputs.get('loss')!, 'loss')
    for (const name of names) expectClose(gradients.view(name), oracle.gradients.get(name)!, `gradient of ${name}`)
    for (const side of ['positive', 'negative']) {
      for (const part of ['w1', 'w3', 'encoder.itemWeight', 'encoder.scoreWeight', 'encoder.emptyItem']) {
        expect(Math.max(...gradients.view(`actor.${side}.${part}`).map(Math.abs)), `${side} ${part}`).toBeGreaterThan(0)
      }
    }
  })

  it('of the critic’s loss are those of TensorFlow.js, in every critic parameter and in no other', () => {
    const graph = criticGraph(tiny.plan)
    const names = critic.entries.map((entry) => entry.name)
    expect([...graph.gradients.keys()].sort()).toEqual([...names].sort())
    const gradients = critic.zerosLike()
    plainExecutor.compile(graph).run({ inputs, parameters: [actor, critic], gradients: [gradients] })
    const oracle = askOracle(graph, 'loss', names, inputs, [actor, critic])
    for (const name of names) expectClose(gradients.view(name), oracle.gradients.get(name)!, `gradient of ${name}`)
  })

  it('do not know the action that was stored: the actors’ graph has no such input', () => {
    expect([...actorGraph(tiny.plan).inputs.keys()]).not.toEqual(expect.arrayContaining([expect.stringMatching(/^executed/)]))
  })
})

describe('the actors’ loss', () => {
  it('is minus the value of the actors’ present action, computed by hand', () => {
    const tiny = stirredAgent({ critic: 'action', batchSize: 5 })
    const { actor, critic } = tiny.agent.networks
    const net = new MdrrAttByHand(tiny.embedding, actor, critic)
    const transitions = transitionsOf(tiny)
    const expected = -transitions.reduce((sum, t) => sum + net.critic(t, net.action(t)), 0) / 5
    const outputs = plainExecutor
      .compile(actorGraph(tiny.plan))
      .run({ inputs: graphInputsOf(tiny, transitions), parameters: [actor, critic] })
    expect(outputs.scalar('loss')).toBeCloseTo(expected, 4)
  })

  it('is minus the value of a softmax choice among the candidates for the item critic, computed by hand', () => {
    const tiny = stirredAgent({ critic: 'item', batchSize: 5 })
    const { actor, critic } = tiny.agent.networks
    const net = new MdrrAttByHand(tiny.embedding, actor, critic)
    const transitions = transitionsOf(tiny)
    const value = (t: PlainTransition) => {
      const items = t.candidates.filter((item) => item >= 0).map((item) => net.item(t.userRow, item))
      const weights = softmax(items.map((item) => dot(net.action(t), item) / tiny.recipe.temperature))
      return items.reduce((sum, item, i) => sum + weights[i]! * net.critic(t, item), 0)
    }
    const expected = -transitions.reduce((sum, t) => sum + value(t), 0) / 5
    const outputs = plainExecutor
      .compile(actorGraph(tiny.plan))
      .run({ inputs: graphInputsOf(tiny, transitions), parameters: [actor, critic] })
    expect(outputs.scalar('loss')).toBeCloseTo(expected, 4)
  })

  it('lets actors change whom they prefer, not how good a state looks: no preference, no gradient (item critic)', () => {
    const tiny = stirredAgent({ critic: 'item', batchSize: 8 })
    const { actor, critic } = tiny.agent.networks
    const gradientsOf = () => {
      const gradients = actor.zerosLike()
      plainExecutor
        .compile(actorGraph(tiny.plan))
        .run({ inputs: graphInputsOf(tiny, transitionsOf(tiny)), parameters: [actor, critic], gradients: [gradients] })
      return Math.max(...gradients.values.map(Math.abs))
    }
    expect(gradientsOf()).toBeGreaterThan(1e-3)
    // A critic that sees the state but not the item values all candidates alike.
    critic.view('critic.w2vector').fill(0)
    expect(gradientsOf()).toBeLessThan(1e-6)
  })

  it('sends the same dQ/da into both actors', () => {
    const tiny = stirredAgent({ critic: 'action', batchSize: 1 })
    const { actor, critic } = tiny.agent.networks
    const net = new MdrrAttByHand(tiny.embedding, actor, critic)
    // States in which the critic's last units are all shut have no gradient at all and show nothing.
    let alive = 0
    for (let seed = 0; seed < 10; seed++) {
      const [t] = transitionsOf(tiny, seed)
      const gradients = actor.zerosLike()
      plainExecutor
        .compile(actorGraph(tiny.plan))
        .run({ inputs: graphInputsOf(tiny, [t!]), parameters: [actor, critic], gradients: [gradients] })
      // d loss / d b3 = dQ/da (1 - tanh^2): times the slope of the other actor's tanh, the two must agree.
      const slope = (side: 'positive' | 'negative') => net.actor(side, t!).map((x) => 1 - x * x)
      const liked = [...gradients.view('actor.positive.b3')].map((x, c) => x * slope('negative')[c]!)
      const disliked = [...gradients.view('actor.negative.b3')].map((x, c) => x * slope('positive')[c]!)
      expectClose(liked, disliked, 'dQ/da', 1e-3)
      if (liked.some((x) => Math.abs(x) > 1e-3)) alive++
    }
    expect(alive).toBeGreaterThan(3)
  })
})

describe('the action', () => {
  const tiny = stirredAgent({ batchSize: 4, historyLength: 4 })
  const program = plainExecutor.compile(actGraph(tiny.plan, 1))
  const net = new MdrrAttByHand(tiny.embedding, tiny.agent.networks.actor)
  const actWith = (
    change: (inputs: Record<string, InputValues>) => void,
    positive: number[],
    negative: number[],
    userRow = 3,
  ) => {
    const batch = new StateBatch(1, 4, tiny.embedding)
    batch.set(0, userRow, Int32Array.from(positive), Int32Array.from(negative), 0)
    change(batch.inputs as Record<string, InputValues>)
    const outputs = program.run({ inputs: { ...tiny.tables, ...batch.inputs }, parameters: [tiny.agent.networks.actor] })
    return { action: [...outputs.view('action')], attention: [...outputs.view('positiveAttention')] }
  }
  const act = (positive: number[], negative: number[], userRow = 3) => actWith(() => undefined, positive, negative, userRow)

  it.each([
    [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ],
    [
      [1, 2, -1, -1],
      [5, -1, -1, -1],
    ],
    [
      [-1, -1, -1, -1],
      [5, 6, 7, -1],
    ],
    [
      [1, 2, 3, -1],
      [-1, -1, -1, -1],
    ],
    [
      [-1, -1, -1, -1],
      [-1, -1, -1, -1],
    ],
  ])('is what the equations say for the lists %j and %j', (positive, negative) => {
    for (const userRow of [0, 7, 12 * 3 + 5]) {
      expectClose(act(positive, negative, userRow).action, net.action({ userRow, positive, negative }), 'action')
    }
  })

  it('does not depend on the order within a list', () => {
    expectClose(act([4, 2, 1, 3], [8, 7, 6, 5]).action, act([1, 2, 3, 4], [5, 6, 7, 8]).action, 'action', 1e-5)
  })

  it('does depend on what stands in the lists, and on which side', () => {
    const { action } = act([1, 2, 3, 4], [5, 6, 7, 8])
    expect(act([1, 2, 3, 9], [5, 6, 7, 8]).action).not.toEqual(action)
    expect(act([5, 6, 7, 8], [1, 2, 3, 4]).action).not.toEqual(action)
  })

  it('does not depend on what stands behind a mask', () => {
    const { action } = act([1, 2, -1, -1], [5, -1, -1, -1])
    const other = actWith(
      (inputs) => {
        inputs['positiveIds']!.set([9, 11], 2)
        inputs['negativeIds']!.set([0, 1, 2], 1)
      },
      [1, 2, -1, -1],
      [5, -1, -1, -1],
    )
    expect(other.action).toEqual(action)
    expect(other.attention.slice(2)).toEqual([0, 0])
  })

  it('takes the learned empty vector for an empty list, and only then', () => {
    const { actor } = tiny.agent.networks
    const empty = actor.view('actor.negative.encoder.emptyItem')
    const kept = empty.slice()
    const before = { without: act([1, 2, 3, 4], [-1, -1, -1, -1]).action, one: act([1, 2, 3, 4], [5, -1, -1, -1]).action }
    empty.fill(2)
    expect(act([1, 2, 3, 4], [-1, -1, -1, -1]).action).not.toEqual(before.without)
    expect(act([1, 2, 3, 4], [5, -1, -1, -1]).action).toEqual(before.one)
    empty.set(kept)
  })

  it('is the user’s own: a batch does not mix rows', () => {
    const two = plainExecutor.compile(actGraph(tiny.plan, 2))
    const batch = new StateBatch(2, 4, tiny.embedding)
    batch.set(0, 3, Int32Array.of(1, 2, -1, -1), Int32Array.of(5, -1, -1, -1), 0)
    batch.set(1, 9, Int32Array.of(-1, -1, -1, -1), Int32Array.of(3, 4, 5, 6), 0)
    const actions = two
      .run({ inputs: { ...tiny.tables, ...batch.inputs }, parameters: [tiny.agent.networks.actor] })
      .view('action')
    const width = tiny.embedding.width
    expectClose(actions.subarray(0, width), act([1, 2, -1, -1], [5, -1, -1, -1], 3).action, 'first', 1e-6)
    expectClose(actions.subarray(width), act([-1, -1, -1, -1], [3, 4, 5, 6], 9).action, 'second', 1e-6)
  })
})
