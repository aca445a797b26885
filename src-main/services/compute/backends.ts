import { backendTitles, type BackendId } from '../../contract/dto/system.ts'
import { createKernelExecutor } from '../../engine/compute/kernels/kernel-executor.ts'
import { plainExecutor } from '../../engine/compute/plain/plain-executor.ts'
import { guardedExecutor } from './guarded-executor.ts'
import { createKernelRuntime, type WebAssemblyRuntime } from './kernel-runtime.ts'
import { backendUnavailable, type LoadedBackend } from './loaded-backend.ts'

/** A backend that computes itself: all but "auto". */
export type ComputeBackend = Exclude<BackendId, 'auto'>

export interface BackendEntry {
  readonly title: string
  /** What it needs of the machine, for people. */
  readonly needs: string
  /** More threads can make it faster. */
  readonly threaded: boolean
  /** Code of other makers' or our own in C computes there: a fault in it ends the whole process. */
  readonly canCrash: boolean
  /** What goes on in its place on the CPU, where that is allowed; null for the last resort. */
  readonly fallback: ComputeBackend | null
  /** How exact its products are, relatively; for the self-test. Single precision where it says nothing. */
  readonly tolerance?: number
  open(threads: number): Promise<LoadedBackend>
}

/** Every backend there is, the likely fastest first. What is large or optional is imported when it is opened. */
export const backends: Readonly<Record<ComputeBackend, BackendEntry>> = {
  'tfjs-node-gpu': {
    title: backendTitles['tfjs-node-gpu'],
    needs: 'an NVIDIA GPU with CUDA and the package @tensorflow/tfjs-node-gpu',
    threaded: false,
    canCrash: true,
    fallback: 'kernels',
    // TensorFlow multiplies in TF32 on GPUs that have it: 10 bits of mantissa.
    tolerance: 5e-3,
    open: async () => (await import('./tfjs-node-gpu.ts')).loadTfjsNodeGpu(),
  },
  native: {
    title: backendTitles.native,
    needs: 'Linux on x64 with AVX2, and a C compiler when Palate was built',
    threaded: true,
    canCrash: true,
    fallback: 'kernels',
    open: openNative,
  },
  kernels: {
    title: backendTitles.kernels,
    needs: 'a Node with WebAssembly SIMD, as Palate brings it',
    threaded: true,
    canCrash: false,
    fallback: 'plain',
    open: (threads) => openRuntime(createKernelRuntime({ threads }), {}),
  },
  plain: {
    title: backendTitles.plain,
    needs: 'nothing',
    threaded: false,
    canCrash: false,
    fallback: null,
    open: () => Promise.resolve({ executor: plainExecutor, versions: ownVersions(), close: () => Promise.resolve() }),
  },
  'tfjs-webgpu': {
    title: backendTitles['tfjs-webgpu'],
    needs: 'a GPU with a Vulkan, Metal or D3D12 driver',
    threaded: false,
    canCrash: true,
    fallback: 'kernels',
    // Shader languages allow their exp and tanh some units in the last place.
    tolerance: 2e-4,
    open: async () => (await import('./tfjs-webgpu.ts')).loadTfjsWebGpu(),
  },
  'tfjs-cpu': {
    title: backendTitles['tfjs-cpu'],
    needs: 'nothing; it is slow, and there to compare with',
    threaded: false,
    canCrash: false,
    fallback: 'plain',
    open: async () => (await import('./tfjs-cpu.ts')).loadTfjsCpu(),
  },
}

export const backendNames = Object.keys(backends) as ComputeBackend[]

export function isComputeBackend(name: string): name is ComputeBackend {
  return Object.hasOwn(backends, name)
}

/**
 * Opens what computes. Whatever breaks in it later is a BACKEND_LOST.
 *
 * @param name of `backends`; another one (of a run that a newer Palate made) is not available
 * @param options `threads` for those that can use them, the caller's own included
 * @throws PalateError BACKEND_UNAVAILABLE: nothing is taken in its place
 */
export async function openBackend(name: string, options: { readonly threads: number }): Promise<LoadedBackend> {
  if (!isComputeBackend(name)) {
    throw backendUnavailable(name, 'this Palate has none of that name', `Choose one of ${backendNames.join(', ')}.`)
  }
  const loaded = await backends[name].open(options.threads)
  return { ...loaded, executor: guardedExecutor(loaded.executor) }
}

/** How a person gets on without a backend. */
export const anotherBackend = 'Choose another one; the self-test of the backends tells what can be used here.'

async function openNative(threads: number): Promise<LoadedBackend> {
  const [{ loadNativeAddon }, { createNativeRuntime }] = await Promise.all([
    import('./native-addon.ts'),
    import('./native-runtime.ts'),
  ])
  const addon = loadNativeAddon()
  if ('reason' in addon) throw backendUnavailable('native', addon.reason, anotherBackend)
  return openRuntime(createNativeRuntime(addon.kernels, { threads }), { native: addon.kernels.features })
}

async function openRuntime(runtime: WebAssemblyRuntime, versions: Record<string, string>): Promise<LoadedBackend> {
  await runtime.helpersReady
  return {
    executor: createKernelExecutor(runtime),
    versions: { ...versions, kernels: runtime.features, ...ownVersions() },
    close: () => runtime.close(),
  }
}

function ownVersions(): Record<string, string> {
  return { v8: process.versions.v8 }
}
