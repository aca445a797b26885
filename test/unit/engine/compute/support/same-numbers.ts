import { differentiate } from '../../../../../src-main/engine/compute/differentiate.ts'
import { GraphBuilder } from '../../../../../src-main/engine/compute/graph-builder.ts'
import { plainExecutor } from '../../../../../src-main/engine/compute/plain/plain-executor.ts'
import type { Executor, Graph, InputValues, ParameterArena } from '../../../../../src-main/engine/compute/types.ts'
import { sizeOf } from '../../../../../src-main/engine/compute/types.ts'
import { Rng } from '../../../../../src-main/engine/core/rng.ts'
import { expectClose, expectSameBits, randomArena, randomValues } from './compare.ts'
import { Leaves } from './graph-cases.ts'
import type { Case, Dims } from './graph-cases.ts'

/** The graph of one case with a loss whose gradient is taken with respect to all targets, and values to run it with. */
export function graphOfCase(name: string, build: Case, sizes: Dims, seed: number) {
  const g = new GraphBuilder(name)
  const leaves = new Leaves(g, Rng.stream(seed, name))
  const node = build(g, leaves, sizes)
  // Random weights of the elements, so that a gradient in the wrong place cannot hide behind a plain sum.
  leaves.inputs['probe'] = randomValues(sizeOf(node.shape), leaves.rng)
  g.output('value', node)
  g.output('loss', g.sum(g.mul(node, g.input('probe', node.shape))))
  const graph = differentiate(g.build(), 'loss', leaves.targets)
  return { graph, inputs: leaves.inputs, arena: randomArena(graph, seed) }
}

/** Expects all outputs and gradients of the plain executor from another one, and the gradients in the arena too. */
export function expectPlainNumbers(
  executor: Executor,
  graph: Graph,
  inputs: Readonly<Record<string, InputValues>>,
  arena: ParameterArena,
  tolerance = 1e-4,
): void {
  const gradients = arena.zerosLike()
  const expected = plainExecutor.compile(graph).run({ inputs, parameters: [arena] })
  const actual = executor.compile(graph).run({ inputs, parameters: [arena], gradients: [gradients] })
  for (const name of graph.outputs.keys()) expectClose(actual.view(name), expected.view(name), `output ${name}`, tolerance)
  for (const name of graph.gradients.keys()) {
    expectClose(actual.gradient(name), expected.gradient(name), `gradient of ${name}`, tolerance)
    if (gradients.has(name)) expectSameBits(gradients.view(name), actual.gradient(name), `gradient of ${name} in the arena`)
  }
}
