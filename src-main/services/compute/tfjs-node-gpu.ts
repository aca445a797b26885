import { createRequire } from 'node:module'
import { requireTfNamespace } from '../../engine/compute/tfjs/namespace.ts'
import { createTfjsExecutor } from '../../engine/compute/tfjs/tfjs-executor.ts'
import { backendUnavailable, packageVersion, reasonOf } from './loaded-backend.ts'
import type { LoadedBackend } from './loaded-backend.ts'
import { supplyNodeUtil } from './node-util-shim.ts'

const id = 'tfjs-node-gpu'
const packageName = '@tensorflow/tfjs-node-gpu'

export const nodeGpuAdvice =
  'Training on the CPU needs nothing of this. For an NVIDIA GPU run "npm install @tensorflow/tfjs-node-gpu" with network access (it fetches libtensorflow) and install the CUDA libraries that TensorFlow wants.'

/**
 * TensorFlow on CUDA, an optional package with native code. Its binding may crash the process where the CUDA libraries do
 * not fit: `probeBackend` tries it in another process first. Not inside Electron, which forbids the buffers that it makes.
 * @throws PalateError BACKEND_UNAVAILABLE, also if it loads and finds no GPU: whoever wants the CPU has faster ones
 */
export function loadTfjsNodeGpu(): Promise<LoadedBackend> {
  return Promise.resolve().then(load)
}

function load(): LoadedBackend {
  const version = packageVersion(packageName)
  if (version === null) throw backendUnavailable(id, `the package ${packageName} is not installed`, nodeGpuAdvice)
  if (process.versions['electron'])
    throw backendUnavailable(id, 'Electron cannot run it', 'Train in a process of plain Node, as Palate does by itself.')
  const { tf, usesGpu, tensorflow } = requireBinding()
  if (!usesGpu) throw backendUnavailable(id, `TensorFlow ${tensorflow} loads, but finds no CUDA device`, nodeGpuAdvice)
  const executor = createTfjsExecutor(requireTfNamespace(tf), { id, device: `TensorFlow ${tensorflow} on CUDA` })
  return {
    executor,
    versions: { [packageName]: version, tensorflow },
    close: () => Promise.resolve(executor.dispose()),
  }
}

function requireBinding(): { tf: object; usesGpu: boolean; tensorflow: string } {
  const require = createRequire(import.meta.url)
  try {
    const util: unknown = require('node:util')
    supplyNodeUtil(util as object)
    const tf = require(packageName) as {
      backend(): { isUsingGpuDevice?: boolean }
      version: Record<string, string>
      enableProdMode(): void
    }
    tf.enableProdMode()
    return { tf, usesGpu: tf.backend().isUsingGpuDevice === true, tensorflow: tf.version['tensorflow'] ?? 'of unknown version' }
  } catch (error) {
    throw backendUnavailable(id, `${packageName} does not load (${reasonOf(error)})`, nodeGpuAdvice, error)
  }
}
