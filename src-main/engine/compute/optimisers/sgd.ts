import type { Passes } from '../passes.types.ts'
import { plainMemory } from '../plain/plain-memory.ts'
import { plainPasses } from '../plain/plain-passes.ts'
import type { ExecutorMemory, ParameterArena } from '../types.ts'
import { createOptimiser } from './create-optimiser.ts'
import type { Optimiser, OptimiserOptions } from './optimiser.types.ts'

export interface SgdOptions extends OptimiserOptions {
  /** 0 to below 1; default 0. */
  readonly momentum?: number
}

/** Gradient descent with heavy-ball momentum (Polyak 1964) over the layout of `parameters`. */
export function createSgd(
  parameters: ParameterArena,
  options: SgdOptions,
  passes: Passes = plainPasses,
  memory: ExecutorMemory = plainMemory,
): Optimiser {
  const { learningRate, momentum = 0, l2 = 0 } = options
  const step = { momentum, l2, learningRate }
  return createOptimiser(
    parameters,
    {
      slots: ['velocity'],
      learningRate,
      move(w, g, { velocity }, rate) {
        step.learningRate = rate
        passes.sgd(w, g, velocity, step)
      },
    },
    memory,
  )
}
