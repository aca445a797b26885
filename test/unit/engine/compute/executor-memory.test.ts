import { describe, expect, test } from 'vitest'
import { createArena } from '../../../../src-main/engine/compute/arena.ts'
import { firstNonFinite } from '../../../../src-main/engine/compute/finite.ts'
import { createAdagrad } from '../../../../src-main/engine/compute/optimisers/adagrad.ts'
import { createAdam } from '../../../../src-main/engine/compute/optimisers/adam.ts'
import { clipGlobalNorm } from '../../../../src-main/engine/compute/optimisers/clipping.ts'
import { createRmsprop } from '../../../../src-main/engine/compute/optimisers/rmsprop.ts'
import { createSgd } from '../../../../src-main/engine/compute/optimisers/sgd.ts'
import { softUpdate } from '../../../../src-main/engine/compute/optimisers/soft-update.ts'
import type { Passes } from '../../../../src-main/engine/compute/passes.types.ts'
import { plainExecutor } from '../../../../src-main/engine/compute/plain/plain-executor.ts'
import { plainPasses } from '../../../../src-main/engine/compute/plain/plain-passes.ts'
import type {
  Bindings,
  Executor,
  ExecutorMemory,
  ParameterArena,
  ParameterSpec,
} from '../../../../src-main/engine/compute/types.ts'
import { Rng } from '../../../../src-main/engine/core/rng.ts'
import { encodeState } from '../../../../src-main/engine/core/state-codec.ts'
import { plainBase } from '../../../../src-main/engine/factorisation/linear-base.ts'
import { ActorSlots } from '../../../../src-main/engine/training/actor-critic/actor-slots.ts'
import { evaluationStarts } from '../../../../src-main/engine/training/actor-critic/episode-slots.ts'
import { Agent } from '../../../../src-main/engine/training/actor-critic/agent.ts'
import { RerankEnvironment, TrainingEpisodes } from '../../../../src-main/engine/training/actor-critic/environment.ts'
import { FeedbackLists } from '../../../../src-main/engine/training/actor-critic/feedback-lists.ts'
import { tablesOf } from '../../../../src-main/engine/training/actor-critic/networks.ts'
import { actorRollout, tinyAgent, tinyWorld } from '../../../support/tiny-agent.ts'
import { expectSameBits, randomValues } from './support/compare.ts'
import { sharedMemory } from './support/shared-memory.ts'

const specs: ParameterSpec[] = [
  { name: 'w', shape: [3, 4], initial: { kind: 'xavier-uniform' } },
  { name: 'b', shape: [4], initial: { kind: 'zeros' } },
]

function filled(seed: number): ParameterArena {
  const arena = createArena(specs)
  arena.values.set(randomValues(arena.values.length, Rng.stream(seed, 'values')))
  return arena
}

describe('an executor with memory of its own', () => {
  test('has parameters, clones, gradients and optimiser slots in it', () => {
    const memory = sharedMemory()
    const given: Float32Array[] = []
    const noting: ExecutorMemory = {
      ...memory,
      floats: (size) => {
        const values = memory.floats(size)
        given.push(values)
        return values
      },
    }
    const arena = createArena(specs, noting)
    const [clone, gradients] = [arena.clone('target.'), arena.zerosLike()]
    createAdam(arena, { learningRate: 0.01 }, plainPasses, noting)
    expect(given).toHaveLength(5)
    expect(given.slice(0, 3)).toEqual([arena.values, clone.values, gradients.values])
    for (const values of [arena.values, clone.values, gradients.values, arena.view('b'), clone.view('target.w')]) {
      expect(values.buffer).toBe(memory.block)
    }
  })

  test('gives the same bits as ordinary memory, and saves into ordinary memory', () => {
    const memory = sharedMemory()
    const ordinary = filled(8)
    const shared = createArena(specs, memory)
    shared.copyFrom(ordinary)
    const first = createAdam(ordinary, { learningRate: 0.01 })
    const second = createAdam(shared, { learningRate: 0.01 }, plainPasses, memory)
    for (let update = 0; update < 5; update++) {
      first.update(ordinary, filled(update))
      second.update(shared, filled(update))
    }
    expectSameBits(shared.values, ordinary.values, 'parameters')
    const saved = second.save()
    expect(saved.slots['mean']!.buffer).toBeInstanceOf(ArrayBuffer)
    expect(saved).toEqual(first.save())
    second.update(shared, filled(9))
    expect(saved).toEqual(first.save())
    // A checkpoint's bytes do not tell in which memory the values lay.
    expect(encodeState({ values: shared.values })).toEqual(encodeState({ values: shared.values.slice() }))
  })

  test('does the work of optimisers, clipping, soft updates and checks by its own passes', () => {
    const called: string[] = []
    const noting = Object.fromEntries(
      Object.entries(plainPasses).map(([name, pass]) => [
        name,
        (...given: unknown[]): unknown => {
          called.push(name)
          return Reflect.apply(pass, undefined, given)
        },
      ]),
    ) as unknown as Passes
    const [arena, gradients] = [filled(1), filled(2)]
    createAdam(arena, { learningRate: 0.01 }, noting).update(arena, gradients)
    createSgd(arena, { learningRate: 0.01 }, noting).update(arena, gradients)
    createAdagrad(arena, { learningRate: 0.01 }, noting).update(arena, gradients)
    createRmsprop(arena, { learningRate: 0.01 }, noting).update(arena, gradients)
    softUpdate(arena, gradients, 0.5, noting)
    clipGlobalNorm([gradients], 0.1, noting)
    firstNonFinite(arena, noting)
    expect(called).toEqual(['adam', 'sgd', 'adagrad', 'rmsprop', 'approach', 'sumOfSquares', 'scale', 'allFinite'])
  })
})

describe.each([{ critic: 'action' }, { critic: 'item' }])('a learner (%o) on an executor with memory of its own', (change) => {
  const memory = sharedMemory(1 << 24)

  /** The plain executor, with its memory elsewhere; notes what is bound outside that memory. */
  const foreign = new Set<string>()
  const watching: Executor = {
    ...plainExecutor,
    memory,
    compile(graph) {
      const program = plainExecutor.compile(graph)
      return {
        graph,
        memoryBytes: program.memoryBytes,
        outputs: program.outputs,
        run(bindings: Bindings) {
          const bound = { ...bindings.inputs, ...bindings.tables }
          for (const name of graph.inputs.keys()) {
            // What one program hands to the next lies where that program put it.
            const isHandedOn = name.startsWith('cut#')
            if (!isHandedOn && bound[name]?.buffer !== memory.block) foreign.add(name)
          }
          for (const arena of [...(bindings.parameters ?? []), ...(bindings.gradients ?? [])]) {
            if (arena.values.buffer !== memory.block) foreign.add('an arena')
          }
          for (const name of ['itemTable', 'userTable', 'baseTable', 'scaleTable']) {
            if (graph.inputs.has(name) && bindings.tables?.[name] === undefined) foreign.add(`${name} not bound as a table`)
          }
          return program.run(bindings)
        },
      }
    },
  }

  /** Plays 40 steps, makes 5 updates and acts once; everything that the learner keeps, as bytes. */
  function train(executor: Executor): Uint8Array {
    const tiny = tinyAgent({ ...change, residual: true })
    const tables = tablesOf(tiny.embedding, plainBase(tiny.embedding), executor.memory)
    const agent = new Agent(tiny.plan, executor, tables, 1)
    const episodes = new TrainingEpisodes(tinyWorld, tiny.embedding)
    const lists = (slots: number) => new FeedbackLists(slots, tiny.recipe.historyLength, tinyWorld.scale, tiny.recipe.historyRule)
    const keys = episodes.keys(Array.from({ length: tinyWorld.userCount }, (_, user) => user))
    const environment = new RerankEnvironment(episodes, keys, lists(1), Rng.stream(1, 'environment'), tiny.recipe)
    const rollout = actorRollout({ plan: tiny.plan, tables, agent }, [environment], { executor })
    for (let step = 0; step < 40; step++) rollout.step(0.5)
    for (let update = 0; update < 5; update++) agent.update(0.5)
    const starts = evaluationStarts(tinyWorld, (user) => episodes.rowsOf(user))
    const slots = new ActorSlots(tiny.plan, executor, tables, agent.evaluated, 3, lists(3), starts)
    slots.begin(1, 4)
    slots.act(Int32Array.of(1), 1)
    const scores = new Float32Array(tinyWorld.itemCount)
    slots.score(
      1,
      Int32Array.from({ length: tinyWorld.itemCount }, (_, item) => item),
      tinyWorld.itemCount,
      scores,
    )
    return encodeState({ agent: agent.save(), rollout: rollout.save(), scores })
  }

  test('gives it nothing to copy: all that is bound lies in that memory, the embedding as tables', () => {
    train(watching)
    expect([...foreign]).toEqual([])
  })

  test('learns the same, bit by bit, and saves the same bytes', () => {
    expect(train(watching)).toEqual(train(plainExecutor))
  })
})
