import { PerformanceObserver } from 'node:perf_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ParamValues } from '../../src-main/contract/params.ts'
import { createKernelExecutor } from '../../src-main/engine/compute/kernels/kernel-executor.ts'
import { plainExecutor } from '../../src-main/engine/compute/plain/plain-executor.ts'
import { TrainingEpisodes } from '../../src-main/engine/training/actor-critic/environment.ts'
import { learningParts } from '../../src-main/engine/training/actor-critic/learning-parts.ts'
import { tablesOf } from '../../src-main/engine/training/actor-critic/networks.ts'
import { findModel } from '../../src-main/engine/training/find-model.ts'
import { fitEmbedding } from '../../src-main/engine/factorisation/embedding.ts'
import { plainBase } from '../../src-main/engine/factorisation/linear-base.ts'
import { guardedExecutor } from '../../src-main/services/compute/guarded-executor.ts'
import { createKernelRuntime } from '../../src-main/services/compute/kernel-runtime.ts'
import { withAttributes } from './supervised-lab.ts'
import { replayRecipeOf } from './tiny-agent.ts'
import { drain, starWorld } from './worlds.ts'

/**
 * Measures what a step allocates, in a process of its own: nothing else may allocate or collect meanwhile.
 *
 *   node --no-concurrent-recompilation measure-allocation.ts plain|kernels '{"model":"mdrr-att","critic":"action"}'
 *
 * One line: bytes that an update, a step of all environments, and an update with one small object more add to the heap.
 */
const STEPS = 2000
const [backend, change] = process.argv.slice(2)
const executor = guardedExecutor(backend === 'plain' ? plainExecutor : createKernelExecutor(createKernelRuntime()))

function start({ model, ...params }: ParamValues) {
  const world = withAttributes(starWorld({ users: 40, items: 60, perUser: 30 }))
  const recipe = replayRecipeOf(params, findModel(String(model ?? 'mdrr-att')))
  const embedding = drain(fitEmbedding(world, recipe.embedding, 1))
  const episodes = new TrainingEpisodes(world, embedding)
  const keys = episodes.keys(Array.from({ length: world.userCount }, (_, user) => user))
  const tables = tablesOf(embedding, plainBase(embedding), executor.memory)
  return learningParts(recipe, { episodes, keys, tables, executor, seed: 1, world: undefined })
}

const collections: number[] = []
new PerformanceObserver((list) => {
  for (const { startTime } of list.getEntries()) collections.push(startTime)
}).observe({ entryTypes: ['gc'] })

/**
 * Bytes per step: the least of some rounds. What a step allocates it allocates in each of them, what the compiler keeps about the
 * step it allocates now and then, in the first rounds most, and later on a busy machine. Rounds in which garbage was collected tell nothing.
 */
async function bytesPerStep(step: () => void): Promise<number> {
  const measured: number[] = []
  for (let round = 0; round < 24; round++) {
    const began = performance.now()
    const before = process.memoryUsage().heapUsed
    for (let i = 0; i < STEPS; i++) step()
    const bytes = (process.memoryUsage().heapUsed - before) / STEPS
    const ended = performance.now()
    // Collections are told of in a later turn.
    await nextTurn()
    await nextTurn()
    const collected = bytes < 0 || collections.some((at) => at >= began && at <= ended)
    if (round >= 8 && !collected) measured.push(bytes)
  }
  return Math.min(Infinity, ...measured)
}

const { agent, rollout } = start(JSON.parse(change ?? '{}') as ParamValues)
for (let i = 0; i < 5000; i++) {
  rollout.step(0.5)
  if (i >= 100) agent.update(0.5)
}
/** Keeps the control's objects from being optimised away. */
const latest: { object: { readonly update: number } | null } = { object: null }
const update = await bytesPerStep(() => void agent.update(0.5))
const step = await bytesPerStep(() => rollout.step(0.5))
const control = await bytesPerStep(() => {
  agent.update(0.5)
  latest.object = { update: agent.updates }
})
console.log(JSON.stringify({ update, step, control }))
process.exit(0)
