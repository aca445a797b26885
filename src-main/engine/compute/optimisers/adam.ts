import type { Passes } from '../passes.types.ts'
import { plainMemory } from '../plain/plain-memory.ts'
import { plainPasses } from '../plain/plain-passes.ts'
import type { ExecutorMemory, ParameterArena } from '../types.ts'
import { createOptimiser } from './create-optimiser.ts'
import type { Optimiser, OptimiserOptions } from './optimiser.types.ts'

export interface AdamOptions extends OptimiserOptions {
  /** Decay of the mean, 0 to below 1; default 0.9. */
  readonly beta1?: number
  /** Decay of the mean square, 0 to below 1; default 0.999. */
  readonly beta2?: number
  /** Default 1e-8. */
  readonly epsilon?: number
}

/** Adam (Kingma and Ba 2015, algorithm 1, with bias correction) over the layout of `parameters`. */
export function createAdam(
  parameters: ParameterArena,
  options: AdamOptions,
  passes: Passes = plainPasses,
  memory: ExecutorMemory = plainMemory,
): Optimiser {
  const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, l2 = 0 } = options
  // One object for all updates: a new one each time would be garbage on the hot path.
  const step = { beta1, beta2, epsilon, l2, stepSize: 0, squareCorrection: 1 }
  return createOptimiser(
    parameters,
    {
      slots: ['mean', 'meanSquare'],
      learningRate,
      move(w, g, { mean, meanSquare }, rate, update) {
        step.stepSize = rate / (1 - beta1 ** update)
        step.squareCorrection = 1 / (1 - beta2 ** update)
        passes.adam(w, g, mean, meanSquare, step)
      },
    },
    memory,
  )
}
