import { createReferenceStep } from '../../engine/training/reference-step/reference-step.ts'
import { backends, openBackend } from '../compute/backends.ts'
import type { ComputeBackend } from '../compute/backends.ts'
import type { Contender } from './contender.types.ts'
import { squareProduct } from './product.ts'

/** What a process has once: the native addon knows one memory, TensorFlow.js one backend. */
const groups: Readonly<Partial<Record<ComputeBackend, string>>> = {
  native: 'native',
  'tfjs-cpu': 'tfjs',
  'tfjs-node-gpu': 'tfjs',
}

/** @param threads for backends that can use several; for others it is 1 */
export function backendContender(backend: ComputeBackend, threads: number): Contender {
  return {
    executor: backend,
    threads: backends[backend].threaded ? threads : 1,
    backend,
    group: groups[backend] ?? null,
    async open(work) {
      const { executor, close } = await openBackend(backend, { threads })
      const reference = createReferenceStep(executor, work)
      return {
        device: executor.device,
        step: reference.step,
        multiply: squareProduct(executor),
        close,
      }
    },
  }
}

/** The yardstick. Loaded when it is opened: it is large. */
export const stockContender: Contender = {
  executor: 'tfjs-wasm',
  threads: 1,
  backend: null,
  group: 'tfjs',
  open: async (work) => (await import('./stock-tfjs.ts')).openStockTfjs(work),
}
