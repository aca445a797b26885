import { requireTfNamespace } from '../../engine/compute/tfjs/namespace.ts'
import type { TfNamespace } from '../../engine/compute/tfjs/tf.types.ts'
import { packageVersion } from './loaded-backend.ts'
import type { WebGpuGreeting } from './tfjs-webgpu.types.ts'

/** A device that TensorFlow.js computes on. */
export interface OpenDevice {
  readonly tf: TfNamespace
  readonly about: WebGpuGreeting
  /** Resolves with the reason when the device is gone; there is no way back. */
  readonly lost: Promise<string>
  /** The first thing that the device has complained about since the last call; its results are then worth nothing. */
  takeComplaint(): string | null
  /** Ends the device, as a driver's reset would. */
  destroy(): void
}

/** The part of WebGPU's types that is used here. */
interface Adapter {
  readonly info: { readonly vendor: string; readonly architecture: string; readonly description: string }
}
interface Gpu {
  requestAdapter(options: { powerPreference: 'high-performance' }): Promise<Adapter | null>
}
interface Device {
  readonly lost: Promise<{ readonly message: string }>
  addEventListener(type: 'uncapturederror', listener: (event: { readonly error: { readonly message: string } }) => void): void
  destroy(): void
}

/**
 * Starts Dawn, the WebGPU of Chromium, and TensorFlow.js on it. Changes the globals of this thread: Dawn has no other way to
 * be found by TensorFlow.js, which looks for `navigator.gpu` when it is imported.
 * @throws Error if Dawn is not installed or finds no adapter
 */
export async function openWebGpu(): Promise<OpenDevice> {
  const dawn = await import('webgpu')
  Object.assign(globalThis, dawn.globals)
  const gpu = dawn.create([]) as unknown as Gpu
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true })
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) throw new Error('no adapter was found: there is no GPU, or no Vulkan driver for it')
  const tf = await import('@tensorflow/tfjs-core')
  tf.enableProdMode()
  await import('@tensorflow/tfjs-backend-webgpu')
  // Else small tensors are computed in JavaScript, by rules that depend on where a value came from.
  tf.env().set('WEBGPU_CPU_FORWARD', false)
  if (!(await tf.setBackend('webgpu'))) throw new Error('TensorFlow.js cannot use the adapter')
  const { device } = tf.backend() as unknown as { device: Device }
  let complaint: string | null = null
  device.addEventListener('uncapturederror', ({ error }) => (complaint ??= error.message))
  return {
    tf: requireTfNamespace(tf),
    about: { device: describe(adapter), versions: { tfjs: tf.version_core, webgpu: packageVersion('webgpu') ?? 'unknown' } },
    lost: device.lost.then(({ message }) => message),
    takeComplaint() {
      const taken = complaint
      complaint = null
      return taken
    },
    destroy: () => device.destroy(),
  }
}

function describe({ info }: Adapter): string {
  return [info.vendor, info.architecture, info.description].filter((part) => part !== '').join(' ') || 'an unnamed adapter'
}
