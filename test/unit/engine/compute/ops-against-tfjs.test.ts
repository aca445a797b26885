import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GraphBuilder } from '../../../../src-main/engine/compute/graph-builder.ts'
import type { GraphNode } from '../../../../src-main/engine/compute/types.ts'
import { opTable } from '../../../../src-main/engine/compute/ops/index.ts'
import { sizeOf } from '../../../../src-main/engine/compute/types.ts'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import { expectAgreement, randomArena, randomValues } from './support/compare.ts'
import { Leaves, opCases, opDims } from './support/graph-cases.ts'

describe('each op and its gradient agree with TensorFlow.js', () => {
  for (const [name, build] of Object.entries(opCases)) {
    test(name, () => {
      fc.assert(
        fc.property(opDims, fc.nat(1_000_000), (sizes, seed) => {
          const g = new GraphBuilder(name)
          const leaves = new Leaves(g, Rng.stream(seed, name))
          const node = build(g, leaves, sizes)
          // Random weights of the elements, so that a gradient in the wrong place cannot hide behind a plain sum.
          leaves.inputs['probe'] = randomValues(sizeOf(node.shape), leaves.rng)
          g.output('value', node)
          g.output('loss', g.sum(g.mul(node, g.input('probe', node.shape))))
          const graph = g.build()
          expectAgreement(graph, 'loss', leaves.targets, leaves.inputs, randomArena(graph, seed))
        }),
        { numRuns: 15, seed: 20_240_501 },
      )
    })
  }
})

describe('no op goes untested', () => {
  const computed = new Set<string>()
  const differentiated = new Set<string>()
  for (const [name, build] of Object.entries(opCases)) {
    const g = new GraphBuilder(name)
    const leaves = new Leaves(g, Rng.stream(1, name))
    g.output('value', build(g, leaves, { B: 2, n: 3, k: 4, h: 5 }))
    const behindTarget = new Set<GraphNode>()
    for (const node of g.build().nodes) {
      computed.add(node.op)
      const isTarget = leaves.targets.includes(node.attributes.name ?? '')
      if (!isTarget && !node.inputs.some((input) => behindTarget.has(input))) continue
      behindTarget.add(node)
      differentiated.add(node.op)
    }
  }

  test.each(Object.keys(opTable))('%s is computed, and differentiated if it can be, in one of the cases above', (op) => {
    expect(computed).toContain(op)
    if (opTable[op]!.gradient) expect(differentiated).toContain(op)
  })
})
