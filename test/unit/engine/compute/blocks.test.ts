import { describe, expect, test } from 'vitest'
import { differentiate } from '../../../../src-main/engine/compute/differentiate.ts'
import { GraphBuilder } from '../../../../src-main/engine/compute/graph-builder.ts'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import { GraphError } from '../../../../src-main/engine/compute/types.ts'
import { requireAllParametersUsed } from '../../../../src-main/engine/compute/graph.ts'
import { attentionEncoder } from '../../../../src-main/engine/blocks/attention-encoder.ts'
import { perceptronActor } from '../../../../src-main/engine/blocks/perceptron-actor.ts'
import { perceptronCritic } from '../../../../src-main/engine/blocks/perceptron-critic.ts'
import type { ActorCriticRecipe, SideInputs } from '../../../../src-main/engine/core/actor-critic-recipe.ts'
import { buildNetworks, NetworkPlan } from '../../../../src-main/engine/training/actor-critic/networks.ts'
import { tinyAgent } from '../../../support/tiny-agent.ts'
import { fiveStars } from '../../../support/worlds.ts'

/** The exact message with which `act` fails; it must be a GraphError. */
function messageOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    expect(error).toBeInstanceOf(GraphError)
    return (error as GraphError).message
  }
  throw new Error('nothing was thrown')
}

describe('a mistake within a block names the block', () => {
  const side = (g: GraphBuilder): SideInputs => ({
    items: g.input('items', [2, 3, 4]),
    mask: g.input('mask', [2, 3]),
    empty: g.input('empty', [2, 3]),
  })

  test('of an encoder', () => {
    const g = new GraphBuilder('actor-critic.act')
    const user = g.input('user', [2, 5])
    const act = () => attentionEncoder({ hidden: 6, pooling: 'sum' })(g, 'actor.positive.encoder', user, side(g))
    expect(messageOf(act)).toBe(
      'Graph "actor-critic.act", block "actor.positive.encoder": linear("user" [2, 5], "actor.positive.encoder.userWeight" [4, 6], "actor.positive.encoder.hiddenBias" [6]) is not possible: x [2, 5] has 5 columns but the weight [4, 6] takes 4.',
    )
  })

  test('of an actor and a critic whose names are taken with other shapes', () => {
    const g = new GraphBuilder('toy')
    g.parameter('actor.w2', [1, 1])
    g.parameter('critic.b1', [1])
    expect(messageOf(() => perceptronActor(g, 'actor', g.input('state', [2, 3]), 4, 5, 1))).toBe(
      'Graph "toy", block "actor": parameter "actor.w2" was declared with shape [1, 1] and is asked for with [5, 5]. Use one shape, or another name.',
    )
    expect(messageOf(() => perceptronCritic(g, 'critic', g.input('s', [2, 3]), g.input('x', [2, 1, 4]), [6, 5, 4]))).toBe(
      'Graph "toy", block "critic": parameter "critic.b1" was declared with shape [1] and is asked for with [6]. Use one shape, or another name.',
    )
  })

  test('the innermost one, and none once its building has ended, even by an error', () => {
    const g = new GraphBuilder('toy')
    const x = g.input('x', [4, 3])
    const wrong = () => g.reshape(x, [5])
    g.scope('outer', () => {
      expect(messageOf(() => g.scope('outer.inner', wrong))).toMatch(/^Graph "toy", block "outer\.inner": reshape/)
      expect(messageOf(wrong)).toMatch(/^Graph "toy", block "outer": reshape/)
    })
    expect(messageOf(wrong)).toMatch(/^Graph "toy": reshape/)
  })

  test('an op without gradient within a block', () => {
    const g = new GraphBuilder('toy')
    const w = g.parameter('w', [2, 3])
    g.output(
      'loss',
      g.scope('head', () => g.sum(g.apply('unaryGrad', [w, w], { kind: 'square' }))),
    )
    expect(messageOf(() => differentiate(g.build(), 'loss', ['w']))).toBe(
      'Graph "toy", block "head": unaryGrad#1 has no gradient rule. Stop the gradient before it.',
    )
  })

  test('nodes and their gradients say to which block they belong', () => {
    const g = new GraphBuilder('toy')
    const hidden = g.scope('encoder', () => g.linear(g.input('x', [2, 3]), g.parameter('w', [3, 4]), null, 'tanh'))
    g.output('loss', g.mean(hidden))
    const described = differentiate(g.build(), 'loss', ['w']).describe()
    expect(described.find((node) => node.op === 'linear')).toMatchObject({ block: 'encoder' })
    expect(described.find((node) => node.name === 'gradient of w')).toMatchObject({ op: 'matmul', block: 'encoder' })
    expect(described.find((node) => node.name === 'loss')).not.toHaveProperty('block')
  })
})

describe('a parameter that nothing depends on', () => {
  const g = new GraphBuilder('toy')
  g.parameter('actor.forgotten', [2])
  g.parameter('critic.forgotten', [2])
  g.parameter('critic.idle', [2])
  g.output('y', g.mul(g.input('x', [3, 2]), g.parameter('actor.used', [2])))
  const graph = g.build()

  test('is named where all are to be trained', () => {
    expect(messageOf(() => requireAllParametersUsed(graph))).toBe(
      'Graph "toy": nothing depends on "actor.forgotten", "critic.forgotten", "critic.idle". Connect each parameter to an output, or do not declare it.',
    )
    expect(messageOf(() => requireAllParametersUsed(graph, (name) => name.startsWith('actor.')))).toContain(
      'nothing depends on "actor.forgotten".',
    )
  })

  test('is no mistake where it is not of concern', () => {
    expect(() => requireAllParametersUsed(graph, (name) => name === 'actor.used')).not.toThrow()
  })

  test('of a recipe is found when its networks are built', () => {
    const { plan } = tinyAgent()
    const wasteful: ActorCriticRecipe = {
      ...plan.recipe,
      critic(builder, state, items) {
        builder.parameter('critic.forgotten', [7])
        return plan.recipe.critic(builder, state, items)
      },
    }
    const act = () => buildNetworks(new NetworkPlan(wasteful, plan.embedding, fiveStars), plainExecutor)
    expect(messageOf(act)).toContain('nothing depends on "critic.forgotten".')
  })
})
