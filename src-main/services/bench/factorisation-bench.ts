import type { MfProblem } from '../../engine/compute/factorisation.types.ts'
import type { Executor, ExecutorMemory } from '../../engine/compute/types.ts'
import { Rng } from '../../engine/core/rng.ts'

/** As many users and items as MovieLens-1M has. */
const shape = { users: 6040, items: 3706, ratings: 1_000_000, k: 100 } as const
/** Epochs that are timed: the least counts, as others may compute on the machine too. */
const REPETITIONS = 7

export interface FactorisationClock {
  nowMs(): number
  /** Of all threads of this process, since it began. */
  cpuSeconds(): number
}

export interface EpochTimes {
  readonly cpuSeconds: number
  readonly seconds: number
}

/** An epoch of PMF over random ratings in random order, so that no row is found where the last one was. */
export const pmfEpochBenchmark = {
  name: `PMF epoch, ${shape.ratings.toLocaleString('en-US')} ratings, k = ${shape.k}`,
  unit: 'CPU seconds',
  run: (executor: Executor, clock: FactorisationClock): number => measurePmfEpoch(executor, clock).cpuSeconds,
}

/** @returns the least of several epochs, each of both times by itself */
export function measurePmfEpoch(executor: Executor, clock: FactorisationClock): EpochTimes {
  const problem = randomProblem(executor.memory)
  let cpuSeconds = Infinity
  let seconds = Infinity
  // The first one is not counted: it waits for memory and for the compiler.
  for (let repetition = 0; repetition <= REPETITIONS; repetition++) {
    const [cpu, now] = [clock.cpuSeconds(), clock.nowMs()]
    executor.factorisation.mfEpoch(problem)
    if (repetition === 0) continue
    cpuSeconds = Math.min(cpuSeconds, clock.cpuSeconds() - cpu)
    seconds = Math.min(seconds, (clock.nowMs() - now) / 1000)
  }
  return { cpuSeconds, seconds }
}

function randomProblem(memory: ExecutorMemory): MfProblem {
  const rng = Rng.stream(1, 'pmf-epoch-bench')
  const { k } = shape
  const problem = {
    size: k,
    users: memory.floats(shape.users * k),
    items: memory.floats(shape.items * k),
    userBias: null,
    itemBias: null,
    userIds: memory.ints(shape.ratings),
    itemIds: memory.ints(shape.ratings),
    ratings: memory.floats(shape.ratings),
    mean: 3,
    learningRate: 0.005,
    lambda: 0.02,
  }
  for (const factors of [problem.users, problem.items]) {
    for (let index = 0; index < factors.length; index++) factors[index] = 0.2 * (rng.uniform() - 0.5)
  }
  for (let at = 0; at < shape.ratings; at++) {
    problem.userIds[at] = rng.below(shape.users)
    problem.itemIds[at] = rng.below(shape.items)
    problem.ratings[at] = 1 + rng.below(5)
  }
  return problem
}
