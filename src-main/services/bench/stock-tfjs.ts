import { enableProdMode, fill, matMul, setBackend, version_core } from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-wasm'
import type { ReferenceOptions } from '../../engine/training/reference-step/reference-step.ts'
import { backendUnavailable } from '../compute/loaded-backend.ts'
import type { Running } from './contender.types.ts'
import { productSize } from './product.ts'
import { createStockStep } from './stock-tfjs-step.ts'
import { registerTfjsGradients } from './tfjs-gradients.ts'

/**
 * TensorFlow.js with its own WebAssembly backend, as both come from npm. It takes the build with SIMD; its build with
 * threads works in browsers only.
 * @throws PalateError BACKEND_UNAVAILABLE
 */
export async function openStockTfjs(work: ReferenceOptions): Promise<Running> {
  enableProdMode()
  await registerTfjsGradients()
  if (!(await setBackend('wasm')))
    throw backendUnavailable('tfjs-wasm', 'its WebAssembly module does not start', 'Run "npm ci" again.')
  const stock = createStockStep(work)
  const a = fill([productSize, productSize], 0.5)
  const b = fill([productSize, productSize], 0.5)
  return {
    device: `TensorFlow.js ${version_core} as it comes, WebAssembly with SIMD, 1 thread`,
    step: () => stock.step(),
    // This backend computes at once; nothing has to be read for the product to be done.
    multiply: () => matMul(a, b).dispose(),
    close() {
      for (const tensor of [a, b]) tensor.dispose()
      stock.dispose()
      return Promise.resolve()
    },
  }
}
