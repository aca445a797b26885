import { describe, expect, test } from 'vitest'
import { differentiate } from '../../src-main/engine/compute/differentiate.ts'
import { probeBackend } from '../../src-main/services/compute/probe-backend.ts'
import type { ProbeResult } from '../../src-main/services/compute/probe-backend.ts'
import { loadTfjsNodeGpu } from '../../src-main/services/compute/tfjs-node-gpu.ts'
import {
  attentionActorCritic,
  attentionInputs,
  isActor,
  isCritic,
} from '../unit/engine/compute/support/attention-actor-critic.ts'
import { randomArena } from '../unit/engine/compute/support/compare.ts'
import { opCases } from '../unit/engine/compute/support/graph-cases.ts'
import { expectPlainNumbers, graphOfCase } from '../unit/engine/compute/support/same-numbers.ts'

function whyNot(probe: ProbeResult): string | null {
  switch (probe.state) {
    case 'works':
      return null
    case 'not-installed':
      return `${probe.packageName} is not installed`
    case 'fails':
      return probe.reason
  }
}

const missing = whyNot(await probeBackend('tfjs-node-gpu', 60_000))
const title = 'TensorFlow.js on CUDA'

// Products on recent NVIDIA GPUs may be rounded to TF32, with ten bits of mantissa.
const tolerance = 5e-3

describe.skipIf(missing !== null)(missing === null ? title : `${title}: skipped, as ${missing}`, () => {
  test('a whole attention actor-critic has the outputs and gradients of the plain executor', async () => {
    const { executor, close } = await loadTfjsNodeGpu()
    const sizes = { B: 16, n: 10, k: 24, h: 32 }
    const graph = differentiate(differentiate(attentionActorCritic(sizes), 'criticLoss', isCritic), 'actorLoss', isActor)
    expectPlainNumbers(executor, graph, attentionInputs(sizes, 3), randomArena(graph, 5), tolerance)
    await close()
  })

  test('each op and its gradient give the numbers of the plain executor', async () => {
    const { executor, close } = await loadTfjsNodeGpu()
    expect(executor.device).toContain('CUDA')
    for (const [name, build] of Object.entries(opCases)) {
      const { graph, inputs, arena } = graphOfCase(name, build, { B: 3, n: 4, k: 5, h: 6 }, 7)
      expectPlainNumbers(executor, graph, inputs, arena, tolerance)
    }
    await close()
  })
})
