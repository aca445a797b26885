import type { Executor } from '../../engine/compute/types.ts'
import { createReferenceStep } from '../../engine/training/reference-step/reference-step.ts'
import type { StepSizes } from './compute-request.ts'

const measureMs = 300

/**
 * How fast training steps are here: the reference step, a dual attention actor-critic with its backward passes and optimisers,
 * at the sizes of the model in question. The median of single steps: what else the machine does counts, a hiccup does not.
 * @returns floating-point operations per second
 */
export function measureSteps(executor: Executor, { width, batch }: StepSizes): number {
  const reference = createReferenceStep(executor, { k: width, batch, seed: 1 })
  for (let warmUp = 0; warmUp < 3; warmUp++) reference.step()
  const times: number[] = []
  const end = performance.now() + measureMs
  do {
    const start = performance.now()
    reference.step()
    times.push(performance.now() - start)
  } while (performance.now() < end)
  times.sort((a, b) => a - b)
  // A clock that is coarse may show no time at all for a small step.
  const median = Math.max(times[times.length >> 1]!, 1e-3)
  return (reference.flops * 1000) / median
}
