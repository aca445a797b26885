import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createArena } from '../../src-main/engine/compute/arena.ts'
import { differentiate } from '../../src-main/engine/compute/differentiate.ts'
import { GraphBuilder } from '../../src-main/engine/compute/graph-builder.ts'
import { plainExecutor } from '../../src-main/engine/compute/plain/plain-executor.ts'
import type { Executor, Graph } from '../../src-main/engine/compute/types.ts'
import type { LoadedBackend } from '../../src-main/services/compute/loaded-backend.ts'
import { loadTfjsWebGpu } from '../../src-main/services/compute/tfjs-webgpu.ts'
import { useSoftwareVulkan } from '../support/software-vulkan.ts'
import {
  attentionActorCritic,
  attentionInputs,
  isActor,
  isCritic,
} from '../unit/engine/compute/support/attention-actor-critic.ts'
import { randomArena } from '../unit/engine/compute/support/compare.ts'
import { opCases } from '../unit/engine/compute/support/graph-cases.ts'
import { expectPlainNumbers, graphOfCase } from '../unit/engine/compute/support/same-numbers.ts'

/** Not in a hook: titles must be able to say why there is nothing to run. */
const missing = await useSoftwareVulkan()
const title = 'TensorFlow.js on WebGPU, on a GPU in software'

/** Rows of a table by ids, times a weight. */
function lookup(): Graph {
  const g = new GraphBuilder('lookup')
  const rows = g.gather(g.input('table', [3, 2]), g.inputInt('ids', [2]))
  g.output('rows', g.mul(rows, g.parameter('weight', [2])))
  return g.build()
}

function bindingsOf(graph: Graph) {
  const arena = createArena(graph.parameters)
  arena.values.fill(1)
  return { inputs: { ids: Int32Array.of(2, 0) }, tables: { table: Float32Array.of(1, 2, 3, 4, 5, 6) }, parameters: [arena] }
}

describe.skipIf(missing !== null)(missing === null ? title : `${title}: skipped, as ${missing}`, () => {
  let backend: LoadedBackend
  let executor: Executor

  beforeAll(async () => {
    backend = await loadTfjsWebGpu()
    executor = backend.executor
  })
  afterAll(() => backend.close())

  test('says what it computes on', () => {
    expect(executor.id).toBe('tfjs-webgpu')
    expect(executor.device).toContain('SwiftShader')
    expect(backend.versions).toEqual({ tfjs: '4.22.0', webgpu: '0.6.2' })
  })

  test('a whole attention actor-critic has the outputs and gradients of the plain executor', () => {
    const sizes = { B: 16, n: 10, k: 24, h: 32 }
    const graph = differentiate(differentiate(attentionActorCritic(sizes), 'criticLoss', isCritic), 'actorLoss', isActor)
    expectPlainNumbers(executor, graph, attentionInputs(sizes, 3), randomArena(graph, 5), 1e-4)
  })

  test.each(Object.entries(opCases))('%s and its gradient give the numbers of the plain executor', (name, build) => {
    for (const sizes of [
      { B: 3, n: 4, k: 5, h: 6 },
      { B: 1, n: 1, k: 1, h: 1 },
    ]) {
      const { graph, inputs, arena } = graphOfCase(name, build, sizes, 7)
      expectPlainNumbers(executor, graph, inputs, arena)
    }
  })

  test('what is not a number or infinite does not get through a mask', () => {
    const g = new GraphBuilder('edges')
    const mask = g.input('mask', [1, 3])
    g.output('weights', g.maskedSoftmax(g.input('logits', [1, 3]), mask))
    g.output('chosen', g.where(mask, g.input('a', [1, 3]), g.constant(7, [1, 3])))
    g.output('largest', g.maxRows(g.reshape(g.input('rows', [1, 3]), [1, 3, 1]), mask))
    g.output('noticed', g.relu(g.input('bad', [3])))
    const program = executor.compile(g.build())
    const results = program.run({
      inputs: {
        mask: Float32Array.of(1, 0, 1),
        logits: Float32Array.of(2, NaN, 2),
        a: Float32Array.of(1, NaN, 3),
        rows: Float32Array.of(-5, Infinity, -6),
        bad: Float32Array.of(NaN, -1, 1),
      },
    })
    expect(Array.from(results.view('weights'))).toEqual([0.5, 0, 0.5])
    expect(Array.from(results.view('chosen'))).toEqual([1, 7, 3])
    expect(Array.from(results.view('largest'))).toEqual([-5])
    expect(Array.from(results.view('noticed'))).toEqual([NaN, 0, 1])
  })

  test('runs follow one another with new inputs, a table stays', () => {
    const graph = lookup()
    const program = executor.compile(graph)
    const bindings = bindingsOf(graph)
    const rows = program.run(bindings).view('rows')
    for (let run = 0; run < 20; run++) {
      bindings.inputs.ids.set([run % 3, (run + 1) % 3])
      expect(program.run(bindings).view('rows')).toBe(rows)
      const row = (index: number) => [1 + 2 * (index % 3), 2 + 2 * (index % 3)]
      expect(Array.from(rows)).toEqual([...row(run), ...row(run + 1)])
    }
    const other = { ...bindings, tables: { table: Float32Array.of(9, 9, 9, 9, 9, 9) } }
    expect(Array.from(program.run(other).view('rows'))).toEqual([9, 9, 9, 9])
  })

  test('mistakes in what is bound read as everywhere', () => {
    const graph = lookup()
    const wrong = { ...bindingsOf(graph), inputs: { ids: Int32Array.of(0, 3) } }
    const refusal = (each: Executor): unknown => {
      try {
        return each.compile(graph).run(wrong)
      } catch (error) {
        return error
      }
    }
    expect(refusal(executor)).toEqual(refusal(plainExecutor))
    expect(refusal(executor)).toMatchObject({ name: 'GraphError' })
  })

  test('a device that is lost in the middle of a run ends that run and all later ones with a reason', async () => {
    const entry = path.resolve(import.meta.dirname, '../support/webgpu-thread-losing-its-device.ts')
    const { executor: frail, close } = await loadTfjsWebGpu({ entry })
    const graph = lookup()
    const program = frail.compile(graph)
    expect(Array.from(program.run(bindingsOf(graph)).view('rows'))).toEqual([5, 6, 1, 2])
    for (let run = 0; run < 2; run++) {
      expect(() => program.run(bindingsOf(graph))).toThrow(
        expect.objectContaining({
          code: 'BACKEND_UNAVAILABLE',
          details: { backend: 'tfjs-webgpu', reason: expect.stringContaining('the device was lost') },
        }),
      )
    }
    await close()
  })
  test('results that the device has complained about are not handed out', async () => {
    const entry = path.resolve(import.meta.dirname, '../support/webgpu-thread-complaining.ts')
    const { executor: small, close } = await loadTfjsWebGpu({ entry })
    const graph = lookup()
    const program = small.compile(graph)
    expect(() => program.run(bindingsOf(graph))).toThrow(
      expect.objectContaining({
        code: 'BACKEND_UNAVAILABLE',
        details: {
          backend: 'tfjs-webgpu',
          reason: 'it cannot run the graph "lookup": the device refused a part of the work: out of memory',
        },
      }),
    )
    expect(Array.from(program.run(bindingsOf(graph)).view('rows'))).toEqual([5, 6, 1, 2])
    await close()
  })
})
