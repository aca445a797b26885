import { requireTfNamespace } from '../../engine/compute/tfjs/namespace.ts'
import { createTfjsExecutor } from '../../engine/compute/tfjs/tfjs-executor.ts'
import { backendUnavailable, reasonOf } from './loaded-backend.ts'
import type { LoadedBackend } from './loaded-backend.ts'

const id = 'tfjs-cpu'

/**
 * TensorFlow.js in plain JavaScript: no one's choice for speed, but it needs nothing of the machine. TensorFlow.js has one
 * backend per process: load only one.
 * @throws PalateError BACKEND_UNAVAILABLE
 */
export async function loadTfjsCpu(): Promise<LoadedBackend> {
  try {
    const tf = await import('@tensorflow/tfjs-core')
    // Otherwise the backend advises on the console to install another one.
    tf.enableProdMode()
    await import('@tensorflow/tfjs-backend-cpu')
    if (!(await tf.setBackend('cpu'))) throw new Error('its backend "cpu" does not start')
    const device = `TensorFlow.js ${tf.version_core} in plain JavaScript`
    const executor = createTfjsExecutor(requireTfNamespace(tf), { id, device })
    return { executor, versions: { tfjs: tf.version_core }, close: () => Promise.resolve(executor.dispose()) }
  } catch (error) {
    throw backendUnavailable(id, reasonOf(error), 'Run "npm ci" again, or choose another backend.', error)
  }
}
