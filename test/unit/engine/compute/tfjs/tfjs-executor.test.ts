import { describe, expect, test } from 'vitest'
import { createArena } from '../../../../../src-main/engine/compute/arena.ts'
import { differentiate } from '../../../../../src-main/engine/compute/differentiate.ts'
import { GraphBuilder } from '../../../../../src-main/engine/compute/graph-builder.ts'
import { plainExecutor } from '../../../../../src-main/engine/compute/plain/plain-executor.ts'
import { requireTfNamespace } from '../../../../../src-main/engine/compute/tfjs/namespace.ts'
import type { TfNamespace } from '../../../../../src-main/engine/compute/tfjs/tf.types.ts'
import { createTfjsExecutor } from '../../../../../src-main/engine/compute/tfjs/tfjs-executor.ts'
import type { Bindings, Executor, Graph } from '../../../../../src-main/engine/compute/types.ts'
import { attentionActorCritic, attentionInputs, isActor, isCritic } from '../support/attention-actor-critic.ts'
import { randomArena } from '../support/compare.ts'
import { expectPlainNumbers } from '../support/same-numbers.ts'
import { tensorsAlive, tf, tfjsOnCpu } from '../support/tfjs-on-cpu.ts'

const sizes = { B: 6, n: 5, k: 7, h: 11 }

function actorCritic(): Graph {
  return differentiate(differentiate(attentionActorCritic(sizes), 'criticLoss', isCritic), 'actorLoss', isActor)
}

/** Reads rows of a table by ids. */
function lookup(): Graph {
  const g = new GraphBuilder('lookup')
  const rows = g.gather(g.input('table', [3, 2]), g.inputInt('ids', [2]))
  g.output('rows', g.mul(rows, g.parameter('weight', [2])))
  return g.build()
}

const table = Float32Array.of(1, 2, 3, 4, 5, 6)
const ids = Int32Array.of(2, 0)

function unitWeights(graph: Graph) {
  const arena = createArena(graph.parameters)
  arena.values.fill(1)
  return arena
}

test('a whole attention actor-critic has the outputs and gradients of the plain executor', () => {
  const graph = actorCritic()
  expectPlainNumbers(tfjsOnCpu, graph, attentionInputs(sizes, 3), randomArena(graph, 5))
})

test('a program hands out the same arrays in each run', () => {
  const graph = lookup()
  const program = tfjsOnCpu.compile(graph)
  const bindings = { inputs: { table, ids }, parameters: [unitWeights(graph)] }
  const first = program.run(bindings).view('rows')
  expect(Array.from(first)).toEqual([5, 6, 1, 2])
  const again = program.run({ ...bindings, inputs: { table, ids: Int32Array.of(1, 1) } }).view('rows')
  expect(again).toBe(first)
  expect(Array.from(first)).toEqual([3, 4, 3, 4])
  expect(program.memoryBytes).toBe(4 * 4)
})

describe('nothing is left on the device', () => {
  test('by any number of runs', () => {
    const graph = actorCritic()
    const program = tfjsOnCpu.compile(graph)
    const bindings = { inputs: attentionInputs(sizes, 3), parameters: [randomArena(graph, 5)] }
    program.run(bindings)
    const before = tensorsAlive()
    for (let run = 0; run < 5; run++) program.run(bindings)
    expect(tensorsAlive()).toBe(before)
  })

  test('by a run that fails half-way', () => {
    const graph = lookup()
    const program = tfjsOnCpu.compile(graph)
    const bindings = { inputs: { table, ids }, parameters: [unitWeights(graph)] }
    program.run(bindings)
    const before = tensorsAlive()
    const broken = createTfjsExecutor({ ...tf, mul: fails }, { id: 'broken', device: 'nothing' })
    expect(() => broken.compile(graph).run(bindings)).toThrow('out of memory')
    expect(tensorsAlive()).toBe(before)
  })

  test('by an executor that was disposed of', () => {
    const before = tensorsAlive()
    const executor = createTfjsExecutor(tf, { id: 'tfjs-cpu', device: 'for this test' })
    const graph = actorCritic()
    executor.compile(graph).run({ tables: attentionInputs(sizes, 3), parameters: [randomArena(graph, 5)] })
    expect(tensorsAlive()).toBeGreaterThan(before)
    executor.dispose()
    expect(tensorsAlive()).toBe(before)
  })
})

function fails(): never {
  throw new Error('out of memory')
}

describe('a table', () => {
  /** An executor that counts uploads by their size. */
  function counting(): { executor: Executor; uploads: number[] } {
    const uploads: number[] = []
    const tensor: TfNamespace['tensor'] = (values, shape, dtype) => {
      uploads.push(values.length)
      return tf.tensor(values, shape, dtype)
    }
    return { executor: createTfjsExecutor({ ...tf, tensor }, { id: 'counting', device: 'for this test' }), uploads }
  }

  test('is uploaded once for all runs and all programs, an input in each run', () => {
    const { executor, uploads } = counting()
    const graph = lookup()
    const bindings: Bindings = { inputs: { ids }, tables: { table }, parameters: [unitWeights(graph)] }
    const programs = [executor.compile(graph), executor.compile(graph)]
    for (const program of [...programs, ...programs]) expect(Array.from(program.run(bindings).view('rows'))).toEqual([5, 6, 1, 2])
    expect(uploads.filter((size) => size === 6)).toHaveLength(1)
    programs[0]!.run({ ...bindings, inputs: { ids, table }, tables: {} })
    programs[0]!.run({ ...bindings, inputs: { ids, table }, tables: {} })
    expect(uploads.filter((size) => size === 6)).toHaveLength(3)
  })

  test('in another array is uploaded anew, and the old one is freed with its last reader', () => {
    const executor = createTfjsExecutor(tf, { id: 'tfjs-cpu', device: 'for this test' })
    const graph = lookup()
    const bindings: Bindings = { inputs: { ids }, tables: { table }, parameters: [unitWeights(graph)] }
    const [first, second] = [executor.compile(graph), executor.compile(graph)]
    first.run(bindings)
    second.run(bindings)
    const before = tensorsAlive()
    const other: Bindings = { ...bindings, tables: { table: table.map((value) => -value) } }
    expect(Array.from(first.run(other).view('rows'))).toEqual([-5, -6, -1, -2])
    expect(tensorsAlive()).toBe(before + 1)
    expect(Array.from(second.run(bindings).view('rows'))).toEqual([5, 6, 1, 2])
    second.run(other)
    expect(tensorsAlive()).toBe(before)
    executor.dispose()
  })
})

describe('what is bound wrongly is refused in the words of the plain executor', () => {
  const graph = lookup()
  const arena = unitWeights(graph)
  const wrong: Record<string, Bindings> = {
    'a missing input': { inputs: { ids }, parameters: [arena] },
    'an input of the wrong length': { inputs: { ids, table: new Float32Array(5) }, parameters: [arena] },
    'ids as floats': { inputs: { ids: new Float32Array(2), table }, parameters: [arena] },
    'a table of the wrong length': { inputs: { ids }, tables: { table: new Float32Array(5) }, parameters: [arena] },
    'a missing parameter': { inputs: { ids, table } },
    'a parameter of the wrong length': {
      inputs: { ids, table },
      parameters: [createArena([{ name: 'weight', shape: [3], initial: { kind: 'zeros' } }])],
    },
    'an id beyond the table': { inputs: { ids: Int32Array.of(0, 3), table }, parameters: [arena] },
    'a negative id': { inputs: { ids: Int32Array.of(-1, 0), table }, parameters: [arena] },
    'an id beyond the table, bound as a table': { inputs: { table }, tables: { ids: Int32Array.of(0, 3) }, parameters: [arena] },
  }

  function refusal(executor: Executor, bindings: Bindings): unknown {
    try {
      executor.compile(graph).run(bindings)
    } catch (error) {
      return error
    }
    return null
  }

  test.each(Object.keys(wrong))('%s', (name) => {
    const expected = refusal(plainExecutor, wrong[name]!)
    expect(expected).toMatchObject({ name: 'GraphError' })
    expect(refusal(tfjsOnCpu, wrong[name]!)).toEqual(expected)
  })

  test('a name that is no output, a scalar that is none, a gradient that was not asked for', () => {
    const results = tfjsOnCpu.compile(graph).run({ inputs: { ids, table }, parameters: [arena] })
    expect(() => results.view('row')).toThrow('Graph "lookup" has no output "row". It has rows.')
    expect(() => results.scalar('rows')).toThrow('Graph "lookup": output "rows" is no scalar; it has 4 elements.')
    expect(() => results.gradient('weight')).toThrow('Graph "lookup" has no gradient with respect to "weight".')
  })
})

test('a graph with an unknown op is refused when it is compiled', () => {
  const graph = lookup()
  const strange = { ...graph.outputs.get('rows')!, op: 'fold' }
  const nodes = graph.nodes.map((node) => (node.id === strange.id ? strange : node))
  const folded = { ...graph, nodes, outputs: new Map([['rows', strange]]) }
  expect(() => tfjsOnCpu.compile(folded)).toThrow('There is no op "fold".')
})

test('a backend that was exchanged after compiling is noticed', () => {
  const program = tfjsOnCpu.compile(lookup())
  let backend = 'cpu'
  const executor = createTfjsExecutor({ ...tf, getBackend: () => backend }, { id: 'tfjs-cpu', device: 'for this test' })
  const other = executor.compile(lookup())
  backend = 'webgpu'
  expect(() => other.run({})).toThrow('was compiled for the TensorFlow.js backend "cpu", but "webgpu" has been chosen since')
  expect(() => program.run({})).toThrow('no value was bound')
})

test('a namespace that lacks a function is refused with its name', () => {
  expect(() => requireTfNamespace({ ...tf, scatterND: undefined, tidy: 4 })).toThrow(
    'This is no TensorFlow.js that Palate can compute with: it lacks tidy, scatterND.',
  )
  expect(() => requireTfNamespace({ ...tf, fused: {} })).toThrow('it lacks fused.matMul')
})
