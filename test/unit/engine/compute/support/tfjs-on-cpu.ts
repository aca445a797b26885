import * as tfjs from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { requireTfNamespace } from '../../../../../src-main/engine/compute/tfjs/namespace.ts'
import { createTfjsExecutor } from '../../../../../src-main/engine/compute/tfjs/tfjs-executor.ts'

// Without this the backend greets everybody on the console, and a test fails on unexpected output.
tfjs.env().set('IS_TEST', true)
await tfjs.setBackend('cpu')

export const tf = requireTfNamespace(tfjs)
export const tensorsAlive = (): number => tfjs.memory().numTensors
export const tfjsOnCpu = createTfjsExecutor(tf, { id: 'tfjs-cpu', device: 'TensorFlow.js in JavaScript' })
