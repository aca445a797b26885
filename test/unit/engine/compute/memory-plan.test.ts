import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { differentiate } from '../../../../src-main/engine/compute/differentiate.ts'
import { GraphBuilder } from '../../../../src-main/engine/compute/graph-builder.ts'
import { createAdam } from '../../../../src-main/engine/compute/optimisers/adam.ts'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import type { Graph } from '../../../../src-main/engine/compute/types.ts'
import { planMemory } from '../../../../src-main/engine/compute/memory-plan.ts'
import { sizeOf } from '../../../../src-main/engine/compute/types.ts'
import { attentionActorCritic, attentionInputs, isActor, isCritic } from './support/attention-actor-critic.ts'
import { expectAgreement, expectSameBits, randomArena } from './support/compare.ts'

const sizes = { B: 6, n: 5, k: 7, h: 11 }
const inputs = attentionInputs(sizes, 3)

function trainedGraph(): Graph {
  return differentiate(differentiate(attentionActorCritic(sizes), 'criticLoss', isCritic), 'actorLoss', isActor)
}

/** The same graph with every node an output, so that no memory is handed on or taken over. */
function withoutReuse(graph: Graph): Graph {
  const builder = GraphBuilder.continue(graph)
  for (const node of graph.nodes) if (node.dtype === 'float32') builder.output(`node ${node.id}`, node)
  return builder.build()
}

describe('the memory plan', () => {
  test('changes no bit of any result', () => {
    const graph = trainedGraph()
    const arena = randomArena(graph, 5)
    const planned = plainExecutor.compile(graph).run({ inputs, parameters: [arena] })
    const spacious = plainExecutor.compile(withoutReuse(graph)).run({ inputs, parameters: [arena] })
    for (const name of graph.outputs.keys()) expectSameBits(planned.view(name), spacious.view(name), name)
    for (const name of graph.gradients.keys()) expectSameBits(planned.gradient(name), spacious.gradient(name), name)
  })

  test('needs less than half the memory of a buffer per value', () => {
    const graph = trainedGraph()
    const plan = planMemory(graph)
    const results = [...graph.outputs.values(), ...graph.gradients.values()].reduce(
      (total, node) => total + sizeOf(node.shape),
      0,
    )
    const all = plan.steps.reduce((total, node) => total + sizeOf(node.shape), 0)
    const placed = plan.slotSizes.reduce((total, size) => total + size, 0)
    expect(placed - results).toBeLessThan((all - results) / 2)
  })

  test('never gives two living values the same slot', () => {
    const graph = trainedGraph()
    const plan = planMemory(graph)
    const kept = new Set([...graph.outputs.values(), ...graph.gradients.values()].map((node) => plan.origin(node)))
    const owner = new Map<number, number>()
    for (const step of plan.steps) {
      for (const input of step.inputs) {
        const origin = plan.origin(input)
        const slot = plan.slotOf[origin.id]!
        if (slot !== -1) expect(owner.get(slot), `${step.op} ${step.id} reads ${origin.op} ${origin.id}`).toBe(origin.id)
      }
      owner.set(plan.slotOf[step.id]!, step.id)
    }
    for (const node of kept) expect(owner.get(plan.slotOf[node.id]!)).toBe(node.id)
  })

  test('keeps a gradient that later gradients are computed from', () => {
    const g = new GraphBuilder('passed on')
    const x = g.tanh(g.parameter('a', [2, 3]))
    // The gradient of b is the very node from which the one of a is computed, element by element.
    const sum = g.add(x, g.parameter('b', [2, 3]))
    g.output('loss', g.sum(g.square(sum)))
    const graph = g.build()
    expectAgreement(graph, 'loss', ['a', 'b'], {}, randomArena(graph, 8))
  })

  test('hands out the same arrays each run', () => {
    const graph = trainedGraph()
    const arena = randomArena(graph, 5)
    const program = plainExecutor.compile(graph)
    const first = program.run({ inputs, parameters: [arena] })
    const [loss, gradient] = [first.view('actorLoss'), first.gradient('critic.1')]
    const second = program.run({ inputs: attentionInputs(sizes, 4), parameters: [arena] })
    expect(second.view('actorLoss')).toBe(loss)
    expect(second.gradient('critic.1')).toBe(gradient)
  })
})

test('a training step allocates nothing', () => {
  const graph = trainedGraph()
  const arena = randomArena(graph, 5)
  const gradients = arena.zerosLike()
  const program = plainExecutor.compile(graph)
  const adam = createAdam(arena, { learningRate: 1e-4 })
  const bindings = { inputs, parameters: [arena], gradients: [gradients] }
  const steps = (count: number): void => {
    for (let step = 0; step < count; step++) {
      program.run(bindings)
      adam.update(arena, gradients)
    }
  }
  steps(1000)
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const before = getHeapStatistics()
  steps(1000)
  const after = getHeapStatistics()
  // Nothing is collected in between, so that garbage counts too. Some objects come from the optimising compiler and the
  // Adam step's constants; a single buffer of this model per step would be 10 MB.
  expect(after.used_heap_size - before.used_heap_size).toBeLessThan(1_000_000)
  expect(after.external_memory - before.external_memory).toBeLessThanOrEqual(0)
})
