import type { Passes } from '../passes.types.ts'
import { plainMemory } from '../plain/plain-memory.ts'
import { plainPasses } from '../plain/plain-passes.ts'
import type { ExecutorMemory, ParameterArena } from '../types.ts'
import { createOptimiser } from './create-optimiser.ts'
import type { Optimiser, OptimiserOptions } from './optimiser.types.ts'

export interface AdagradOptions extends OptimiserOptions {
  /** Default 1e-8. */
  readonly epsilon?: number
}

/** Adagrad (Duchi, Hazan and Singer 2011, the diagonal form) over the layout of `parameters`; the sums of squares start at 0. */
export function createAdagrad(
  parameters: ParameterArena,
  options: AdagradOptions,
  passes: Passes = plainPasses,
  memory: ExecutorMemory = plainMemory,
): Optimiser {
  const { learningRate, epsilon = 1e-8, l2 = 0 } = options
  const step = { epsilon, l2, learningRate }
  return createOptimiser(
    parameters,
    {
      slots: ['sumOfSquares'],
      learningRate,
      move(w, g, { sumOfSquares }, rate) {
        step.learningRate = rate
        passes.adagrad(w, g, sumOfSquares, step)
      },
    },
    memory,
  )
}
