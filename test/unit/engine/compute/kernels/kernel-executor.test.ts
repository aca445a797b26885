import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createArena } from '../../../../../src-main/engine/compute/arena.ts'
import { differentiate } from '../../../../../src-main/engine/compute/differentiate.ts'
import { GraphBuilder } from '../../../../../src-main/engine/compute/graph-builder.ts'
import { createKernelExecutor } from '../../../../../src-main/engine/compute/kernels/kernel-executor.ts'
import type { KernelRuntime } from '../../../../../src-main/engine/compute/kernels/runtime.types.ts'
import { createAdam } from '../../../../../src-main/engine/compute/optimisers/adam.ts'
import { plainExecutor } from '../../../../../src-main/engine/compute/plain/plain-executor.ts'
import type { Executor, Graph, ParameterArena } from '../../../../../src-main/engine/compute/types.ts'
import { createKernelRuntime, type WebAssemblyRuntime } from '../../../../../src-main/services/compute/kernel-runtime.ts'
import { attentionActorCritic, attentionInputs, isActor, isCritic } from '../support/attention-actor-critic.ts'
import { expectClose, expectSameBits, randomArena } from '../support/compare.ts'
import { opCases, opDims } from '../support/graph-cases.ts'
import { expectPlainNumbers, graphOfCase } from '../support/same-numbers.ts'

const runtimes: WebAssemblyRuntime[] = []
function open(options: Parameters<typeof createKernelRuntime>[0]): { executor: Executor; runtime: WebAssemblyRuntime } {
  const runtime = createKernelRuntime(options)
  runtimes.push(runtime)
  return { executor: createKernelExecutor(runtime), runtime }
}
afterAll(() => Promise.all(runtimes.map((runtime) => runtime.close())))

const sizes = { B: 6, n: 5, k: 7, h: 11 }
/** Large enough that work is shared among threads. */
const largeSizes = { B: 64, n: 10, k: 100, h: 256 }

function actorCritic(of = sizes): Graph {
  return differentiate(differentiate(attentionActorCritic(of), 'criticLoss', isCritic), 'actorLoss', isActor)
}

/** A copy of the arena's values in another executor's memory. */
function movedTo(executor: Executor, arena: ParameterArena): ParameterArena {
  const moved = createArena(arena.entries, executor.memory)
  moved.values.set(arena.values)
  return moved
}

describe.each(['relaxed SIMD of 256 bits', 'relaxed SIMD', 'SIMD'] as const)('the kernels with %s', (features) => {
  let executor: Executor
  beforeAll(() => {
    executor = open({ features }).executor
  })

  test.each(Object.keys(opCases))('compute %s and its gradient as the plain executor does, at every size', (name) => {
    fc.assert(
      fc.property(opDims, fc.nat(1_000_000), (drawn, seed) => {
        const { graph, inputs, arena } = graphOfCase(name, opCases[name]!, drawn, seed)
        expectPlainNumbers(executor, graph, inputs, arena)
      }),
      { numRuns: 15, seed: 20_240_501 },
    )
  })

  test('compute a whole attention actor-critic as the plain executor does', () => {
    expectPlainNumbers(executor, actorCritic(), attentionInputs(sizes, 3), randomArena(actorCritic(), 5))
  })

  test('compute products with more rows, columns and inner steps than a block holds', () => {
    const g = new GraphBuilder('large')
    g.output('y', g.linear(g.input('x', [13, 1100]), g.parameter('w', [1100, 413]), g.parameter('b', [413]), 'relu'))
    const graph = differentiate(withLoss(g), 'loss', ['x', 'w', 'b'])
    const arena = randomArena(graph, 7)
    const x = randomArena(graph, 8).values.slice(0, 13 * 1100)
    expectPlainNumbers(executor, graph, { x }, arena)
  })
})

function withLoss(g: GraphBuilder): Graph {
  const y = g.build().outputs.get('y')!
  g.output('loss', g.mean(g.square(y)))
  return g.build()
}

/** The weights of an attention actor-critic after 20 updates. */
async function trained(options: Parameters<typeof open>[0], start: ParameterArena): Promise<Float32Array> {
  const graph = actorCritic(largeSizes)
  const inputs = attentionInputs(largeSizes, 3)
  const { executor, runtime } = open(options)
  await runtime.helpersReady
  const parameters = movedTo(executor, start)
  const gradients = parameters.zerosLike()
  const adam = createAdam(parameters, { learningRate: 0.01 }, executor.passes, executor.memory)
  const program = executor.compile(graph)
  for (let update = 0; update < 20; update++) {
    program.run({ inputs, parameters: [parameters], gradients: [gradients] })
    adam.update(parameters, gradients)
  }
  return parameters.values
}

test('vectors of 256 bits give the same bits as vectors of 128', async () => {
  const start = randomArena(actorCritic(largeSizes), 5)
  const wide = await trained({ features: 'relaxed SIMD of 256 bits' }, start)
  expectSameBits(wide, await trained({ features: 'relaxed SIMD' }, start), 'the weights after 20 updates')
  expect(wide).not.toEqual(start.values)
})

describe('helping threads', () => {
  test('leave no trace in the numbers: one thread and three give the same bits', async () => {
    const start = randomArena(actorCritic(largeSizes), 5)
    const [alone, shared] = await Promise.all([1, 3].map((threads) => trained({ threads }, start)))
    expectSameBits(shared!, alone!, 'the weights after 20 updates')
    expect(alone).not.toEqual(start.values)
  })

  test('are not waited for: work is done also when none of them ever comes', () => {
    // Helpers need a turn of the event loop to start; this test never yields one.
    const { executor } = open({ threads: 4 })
    const graph = actorCritic(largeSizes)
    const inputs = attentionInputs(largeSizes, 3)
    const arena = movedTo(executor, randomArena(graph, 5))
    const loss = (each: Executor) =>
      each
        .compile(graph)
        .run({ inputs, parameters: [arena] })
        .scalar('criticLoss')
    expect(loss(executor) / loss(plainExecutor)).toBeCloseTo(1, 5)
  })

  test('see memory that has grown since they came', async () => {
    const { executor, runtime } = open({ threads: 2 })
    await runtime.helpersReady
    const size = 1_000_000
    const source = executor.memory.floats(size).fill(2)
    for (let round = 0; round < 60; round++) {
      const target = executor.memory.floats(size)
      // At rate 1 a copy, in strips; each target lies beyond what was there in the round before.
      executor.passes.approach(target, source, 1)
      expect(target.every((value) => value === 2)).toBe(true)
    }
  })

  test('that break end the run with an error instead of leaving it waiting', async () => {
    const { runtime } = open({ threads: 2 })
    await runtime.helpersReady
    const words = new Int32Array(runtime.buffer())
    // An instruction that does not exist, in many strips: it breaks whoever takes one of them.
    words.set([9999, 200, 200, 1], runtime.firstFree / 4)
    expect(() => runtime.run(runtime.firstFree, 1)).toThrow()
    // The caller broke at its first strip; the helper takes another one as soon as it wakes up.
    await vi.waitFor(() =>
      expect(() => runtime.run(runtime.firstFree, 0)).toThrow(
        'The compute backend "kernels" broke while it computed: a helper thread ended with an error.',
      ),
    )
  })

  test('go home when the runtime is closed, also while they sleep', async () => {
    const runtime = createKernelRuntime({ threads: 3 })
    await runtime.helpersReady
    await new Promise((resolve) => setTimeout(resolve, 50))
    await runtime.close()
  })
})

describe('memory', () => {
  const { executor } = open({ threads: 1 })
  const graph = actorCritic()
  const inputs = attentionInputs(sizes, 3)

  test('a gradient is written straight into an arena of the executor, and read from there', () => {
    const arena = movedTo(executor, randomArena(graph, 5))
    const gradients = arena.zerosLike()
    const outputs = executor.compile(graph).run({ inputs, parameters: [arena], gradients: [gradients] })
    for (const { name } of gradients.entries) expect(outputs.gradient(name)).toBe(gradients.view(name))
  })

  test('gradients follow from arena to arena and home again', () => {
    const arena = movedTo(executor, randomArena(graph, 5))
    const [first, second] = [arena.zerosLike(), arena.zerosLike()]
    const program = executor.compile(graph)
    program.run({ inputs, parameters: [arena], gradients: [first] })
    first.values.fill(7)
    program.run({ inputs, parameters: [arena], gradients: [second] })
    expect(new Set(first.values)).toEqual(new Set([7]))
    const kept = second.values.slice()
    second.values.fill(7)
    const outputs = program.run({ inputs, parameters: [arena] })
    expect(new Set(second.values)).toEqual(new Set([7]))
    for (const { name, offset, size } of second.entries) {
      expectSameBits(outputs.gradient(name), kept.subarray(offset, offset + size), name)
    }
  })

  test('arrays from anywhere give the same bits as arrays of the executor', () => {
    const start = randomArena(graph, 5)
    const inside = movedTo(executor, start)
    const program = executor.compile(graph)
    const elsewhere = start.zerosLike()
    program.run({ inputs, parameters: [start], gradients: [elsewhere] })
    const within = inside.zerosLike()
    const moved = Object.fromEntries(
      Object.entries(inputs).map(([name, values]) => {
        const copy = values instanceof Int32Array ? executor.memory.ints(values.length) : executor.memory.floats(values.length)
        copy.set(values)
        return [name, copy]
      }),
    )
    program.run({ inputs: moved, parameters: [inside], gradients: [within] })
    expectSameBits(within.values, elsewhere.values, 'all gradients')
    // And back: what was bound last time must not linger.
    start.values.fill(0)
    program.run({ inputs, parameters: [start], gradients: [elsewhere] })
    expect(elsewhere.values).not.toEqual(within.values)
  })

  test('an input that changes in place is read anew; a table is kept while it is the same array', () => {
    const g = new GraphBuilder('twice')
    g.output('y', g.scale(g.input('x', [2]), 2))
    const program = executor.compile(g.build())
    const x = Float32Array.of(1, 2)
    expect([...program.run({ inputs: { x } }).view('y')]).toEqual([2, 4])
    x[0] = 5
    expect([...program.run({ inputs: { x } }).view('y')]).toEqual([10, 4])
    expect([...program.run({ tables: { x: Float32Array.of(3, 3) } }).view('y')]).toEqual([6, 6])
    expect([...program.run({ inputs: { x } }).view('y')]).toEqual([10, 4])
  })

  test('arrays made before the memory grew are still those that programs read', () => {
    const { executor: growing, runtime } = open({ threads: 1 })
    const g = new GraphBuilder('grown')
    g.output('y', g.addScalar(g.input('x', [3]), 1))
    const program = growing.compile(g.build())
    const x = growing.memory.floats(3)
    const before = runtime.buffer()
    growing.memory.floats(30 * 2 ** 20)
    expect(runtime.buffer()).not.toBe(before)
    x.set([1, 2, 3])
    expect([...program.run({ inputs: { x } }).view('y')]).toEqual([2, 3, 4])
  })

  test('arrays are known also after another memory has grown, which gives all memories new buffer objects', () => {
    const g = new GraphBuilder('known')
    g.output('y', g.addScalar(g.input('x', [3]), 1))
    const x = executor.memory.floats(3)
    open({ threads: 1 }).executor.memory.floats(30 * 2 ** 20)
    x.set([1, 2, 3])
    expect([...executor.compile(g.build()).run({ inputs: { x } }).view('y')]).toEqual([2, 3, 4])
  })

  test('what does not fit is refused in words', () => {
    const runtime: KernelRuntime = { ...open({ threads: 1 }).runtime, grow: () => false }
    const full = createKernelExecutor(runtime)
    expect(() => full.memory.floats(10 * 2 ** 20)).toThrow(
      /^There is no room for 41943040 bytes more beside the \d+ in use: WebAssembly can address 4 GiB at most\. Use smaller networks, a smaller batch, or fewer items\.$/,
    )
  })

  test('every array is zeros at first and begins at a cache line', () => {
    for (const size of [1, 3, 17]) {
      const values = executor.memory.floats(size)
      expect(values.byteOffset % 64).toBe(0)
      expect(values.every((value) => value === 0)).toBe(true)
    }
  })
})

test('the message for a wrong binding is the one of the plain executor', () => {
  const { executor } = open({ threads: 1 })
  const graph = actorCritic()
  const arena = randomArena(graph, 1)
  const messages = [plainExecutor, executor].map((each) => {
    try {
      each.compile(graph).run({ inputs: {}, parameters: [arena] })
      return 'nothing'
    } catch (error) {
      return String(error)
    }
  })
  expect(messages[0]).toMatch(/no value was bound to the input/)
  expect(messages[1]).toBe(messages[0])
})

test('the passes agree with those in plain JavaScript, wherever the arrays lie', () => {
  const { executor } = open({ threads: 2 })
  const graph = actorCritic(largeSizes)
  const start = randomArena(graph, 2)
  const gradients = randomArena(graph, 3)
  const results = ([executor, plainExecutor] as const).map((each) => {
    const parameters = movedTo(each, start)
    const adam = createAdam(parameters, { learningRate: 0.01, l2: 0.001 }, each.passes, each.memory)
    const followed = movedTo(each, gradients)
    for (let update = 0; update < 5; update++) {
      adam.update(parameters, movedTo(each, gradients))
      each.passes.approach(followed.values, parameters.values, 0.1)
    }
    return { weights: parameters.values, followed: followed.values, squares: each.passes.sumOfSquares(parameters.values) }
  })
  expectClose(results[0]!.weights, results[1]!.weights, 'weights', 1e-5)
  expectClose(results[0]!.followed, results[1]!.followed, 'followed', 1e-5)
  expect(results[0]!.squares / results[1]!.squares).toBeCloseTo(1, 6)
  const outside = start.values.slice()
  expect(executor.passes.allFinite(outside)).toBe(true)
  outside[outside.length - 1] = NaN
  expect(executor.passes.allFinite(outside)).toBe(false)
})
