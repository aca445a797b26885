import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { builtFile } from './kernel-files.ts'

/**
 * Matrix products in C (src-main/engine/compute/native), for the instructions that the WebAssembly kernels carry out too. Each worker or
 * main thread that loads the addon has one memory and one set of threads of its own.
 */
export interface NativeKernels {
  /** The widest vectors that this processor has; they are used unless `choose` says otherwise. */
  readonly features: NativeFeatures
  /**
   * Names the memory in which instructions and arrays lie; kept alive until the next call. To be called again after the
   * memory has grown: what lies beyond the bytes that were given last counts as outside.
   * @param bytes all of a shared WebAssembly.Memory
   * @throws {Error} when the bytes are not of a shared memory
   */
  attach(bytes: Uint8Array): void
  /**
   * Carries out `count` instructions with OP_GEMM from byte `address` on, and returns when they are finished. What an element
   * comes out as depends neither on strips, nor on threads, nor on the kernels chosen.
   * @throws {Error} at the first that is no such instruction or touches anything outside the memory; those before it have been
   * carried out
   */
  run(address: number, count: number): void
  /** Lets so many threads compute, the calling one among them. @returns how many do: at most 256, or what the system gives */
  start(threads: number): number
  /** Ends all helping threads. */
  stop(): void
  /** @throws {Error} when the processor cannot do it */
  choose(features: NativeFeatures): void
}

export type NativeFeatures = 'avx512' | 'avx2'

export type NativeAddon = { readonly kernels: NativeKernels } | { readonly reason: string }

const FUNCTIONS = ['attach', 'run', 'start', 'stop', 'choose'] as const

/**
 * Loads the native kernels, which build/scripts/build-native.mjs makes where it can.
 * @param file the addon; only tests name another one
 * @returns the kernels, or in words why there are none
 */
export function loadNativeAddon(file: string = builtFile('native', 'palate-kernels.node')): NativeAddon {
  // Electron's own process keeps array buffers in a cage of its own; computing is done by a plain Node in any case.
  if (process.versions['electron'] !== undefined) return { reason: 'they are loaded by a plain Node only, not within Electron' }
  if (!existsSync(file)) return { reason: 'they are not built here (Linux on x64 with a C compiler only)' }
  let loaded: unknown
  try {
    loaded = createRequire(import.meta.url)(file)
  } catch (error) {
    return { reason: `they do not load: ${error instanceof Error ? error.message : String(error)}` }
  }
  if (featuresOf(loaded) === 'none') return { reason: 'this processor has neither AVX2 nor AVX-512' }
  return isNativeKernels(loaded) ? { kernels: loaded } : { reason: 'they are of another version of the program' }
}

function featuresOf(loaded: unknown): unknown {
  return typeof loaded === 'object' && loaded !== null && 'features' in loaded ? loaded.features : undefined
}

function isNativeKernels(loaded: unknown): loaded is NativeKernels {
  if (typeof loaded !== 'object' || loaded === null) return false
  const features = featuresOf(loaded)
  const named: Record<string, unknown> = { ...loaded }
  return (features === 'avx512' || features === 'avx2') && FUNCTIONS.every((name) => typeof named[name] === 'function')
}
