import type { Passes } from '../passes.types.ts'
import { plainMemory } from '../plain/plain-memory.ts'
import { plainPasses } from '../plain/plain-passes.ts'
import type { ExecutorMemory, ParameterArena } from '../types.ts'
import { createOptimiser } from './create-optimiser.ts'
import type { Optimiser, OptimiserOptions } from './optimiser.types.ts'

export interface RmspropOptions extends OptimiserOptions {
  /** Decay of the mean square, 0 to below 1; default 0.9. */
  readonly decay?: number
  /** Default 1e-8. */
  readonly epsilon?: number
}

/** RMSProp (Tieleman and Hinton 2012, lecture 6.5), without momentum, over the layout of `parameters`. */
export function createRmsprop(
  parameters: ParameterArena,
  options: RmspropOptions,
  passes: Passes = plainPasses,
  memory: ExecutorMemory = plainMemory,
): Optimiser {
  const { learningRate, decay = 0.9, epsilon = 1e-8, l2 = 0 } = options
  const step = { decay, epsilon, l2, learningRate }
  return createOptimiser(
    parameters,
    {
      slots: ['meanSquare'],
      learningRate,
      move(w, g, { meanSquare }, rate) {
        step.learningRate = rate
        passes.rmsprop(w, g, meanSquare, step)
      },
    },
    memory,
  )
}
