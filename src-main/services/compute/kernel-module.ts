import { kernelBuilds, readKernels, wideBuild } from './kernel-files.ts'
import { backendUnavailable } from './loaded-backend.ts'
import { compileForWideVectors, hasWideVectors } from './wide-vectors.ts'

/** A build of the kernels, ready for any number of instances. */
export interface KernelModule {
  readonly module: WebAssembly.Module
  readonly features: (typeof kernelBuilds)[number]['features']
}

/** What this process has found best: it compiles, and measures, once. */
let best: KernelModule | undefined

/**
 * Compiles the kernels.
 * @param wanted a build by its features, whether or not it pays off here; default: the best that this machine can run
 * @throws PalateError BACKEND_UNAVAILABLE when this machine cannot run the wanted build, INTERNAL when they are not built
 */
export function compileKernels(wanted?: KernelModule['features']): KernelModule {
  if (wanted === undefined && best) return best
  for (const { file, features } of kernelBuilds) {
    if (wanted !== undefined && features !== wanted) continue
    const bytes = readKernels(file)
    const module = WebAssembly.validate(bytes) ? compile(bytes, file === wideBuild, wanted === undefined) : null
    if (!module) continue
    const compiled = { module, features }
    if (wanted === undefined) best = compiled
    return compiled
  }
  throw backendUnavailable(
    'kernels',
    `this Node (${process.versions.node}) or CPU has no WebAssembly with ${wanted ?? 'SIMD'}`,
    'Choose another backend, or start Palate through npm, which brings its own Node.',
  )
}

function compile(bytes: Uint8Array<ArrayBuffer>, isWide: boolean, mustPayOff: boolean): WebAssembly.Module | null {
  if (!isWide) return new WebAssembly.Module(bytes)
  const module = compileForWideVectors(bytes)
  if (mustPayOff) return module && hasWideVectors(module) ? module : null
  return module ?? new WebAssembly.Module(bytes)
}
