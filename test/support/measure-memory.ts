import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { defaultParams, type ParamValues } from '../../src-main/contract/params.ts'
import { createKernelExecutor } from '../../src-main/engine/compute/kernels/kernel-executor.ts'
import type { Executor } from '../../src-main/engine/compute/types.ts'
import { isReplayRecipe } from '../../src-main/engine/core/q-learning-recipe.ts'
import { models } from '../../src-main/engine/models/catalogue.gen.ts'
import { createTrainingJob } from '../../src-main/engine/training/create-job.ts'
import { createKernelRuntime } from '../../src-main/services/compute/kernel-runtime.ts'
import { smallAgent, specOf } from './job-lab.ts'
import { withAttributes } from './supervised-lab.ts'
import { starWorld } from './worlds.ts'

/**
 * Measures what learners keep, in a process of its own: nothing else may fill the heap meanwhile.
 *
 *   node measure-memory.ts                       every model of the catalogue that learns in steps
 *   node measure-memory.ts dqn object|memory     one, with something that is kept of every slice
 *
 * A line per model: how many gradient updates were watched; bytes that an update leaves on the heap and in arrays; bytes that
 * the executor handed out of its memory, and programs that it compiled, after the start.
 */
const [only, leak] = process.argv.slice(2)
const world = withAttributes(starWorld({ users: 12, items: 20, perUser: 14 }))
/** Watched one after the other; the second least counts. What an update keeps it keeps in each of them, what the compiler keeps now and then. */
const WINDOWS = 5

/** Learners that make an update per step. Checks on held-out users are part of what is watched. */
const agent: ParamValues = {
  ...smallAgent,
  updates: 100_000,
  size: 2,
  embeddingEpochs: 1,
  historyLength: 2,
  attentionHidden: 3,
  actorHidden: 3,
  criticHidden: 3,
  hidden: 3,
  stateHidden: 3,
  batchSize: 2,
  candidateSample: 2,
  learningStart: 20,
  replayCapacity: 64,
  validateEvery: 1000,
  exploration: 'noise',
}
/** Learners that make passes of mini-batches or of single ratings. So slow a learner does not stop before it is told. */
const fit: ParamValues = { size: 2, hidden: 3, attention: 3, negatives: 4, historyLength: 3, learningRate: 1e-6, patience: 1000 }

interface Trial {
  readonly id: string
  readonly params: ParamValues
  /** Units of progress before the watch, and in one window. */
  readonly warmUp: number
  readonly window: number
  /** Gradient updates that a unit of progress makes, at least. */
  readonly updatesPerUnit: number
}

function trialOf(model: (typeof models)[number]): Trial | null {
  const known = (params: ParamValues) =>
    Object.fromEntries(Object.entries(params).filter(([name]) => Object.hasOwn(model.params, name)))
  const { id } = model
  if (isReplayRecipe(model.create(defaultParams(model.params))))
    return { id, params: known(agent), warmUp: 4000, window: 2000, updatesPerUnit: 1 }
  if (!('learningRate' in model.params)) return null
  // Twelve users are twelve windows of gru4rec, of which validation takes two; ratings are more.
  const params = known({ ...fit, epochs: 10_000, refit: false, batchSize: id === 'gru4rec' ? 1 : 8 })
  return { id, params, warmUp: 140, window: 170, updatesPerUnit: 12 }
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

function kept(): number {
  collect()
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** Everything that a leaking slice would keep. */
const hoard: unknown[] = []

function watch({ id, params, warmUp, window, updatesPerUnit }: Trial): void {
  const runtime = createKernelRuntime()
  const inner = createKernelExecutor(runtime)
  let compiled = 0
  const executor: Executor = {
    ...inner,
    compile(graph) {
      compiled++
      return inner.compile(graph)
    },
  }
  const job = createTrainingJob(specOf(id, params), world, { executor })
  const advanceTo = (units: number) => {
    while (job.progress.updatesDone < units) {
      job.advance()
      job.takePoints()
      job.takeEmbeddings()
      if (leak === 'object') for (let i = 0; i < 50; i++) hoard.push({ update: job.progress.updatesDone })
      if (leak === 'memory') executor.memory.floats(1)
      if (job.progress.stage === 'evaluating') throw new Error(`${id} stopped after ${job.progress.updatesDone} units.`)
    }
  }
  advanceTo(warmUp)
  const compiledBefore = compiled
  // Pieces lie one behind the other: how far apart two of them are tells what was handed out in between.
  const before = executor.memory.floats(1)
  const perUpdate: number[] = []
  for (let done = 0, last = kept(); done < WINDOWS; done++) {
    advanceTo(warmUp + (done + 1) * window)
    const now = kept()
    perUpdate.push((now - last) / (window * updatesPerUnit))
    last = now
  }
  const handedOut = executor.memory.floats(1).byteOffset - before.byteOffset - 64
  const heap = perUpdate.sort((a, b) => a - b)[Math.floor(WINDOWS / 4)]!
  const updates = WINDOWS * window * updatesPerUnit
  console.log(JSON.stringify({ id, updates, heap, handedOut, compiled: compiled - compiledBefore }))
}

for (const model of models) {
  const trial = trialOf(model)
  if (trial && (only === undefined || only === model.id)) watch(trial)
}
