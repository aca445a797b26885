import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PalateError } from '../../contract/errors.ts'

/** Right everywhere, but slower than the next one where the engine has no vectors of 256 bits. */
export const wideBuild = 'kernels-wide.wasm'

/**
 * The builds of the WebAssembly kernels, best first: the tiles of the first pay off only where the engine makes 256-bit vectors
 * of them; relaxed SIMD has fused multiply-add, plain SIMD runs everywhere.
 */
export const kernelBuilds = [
  { file: wideBuild, features: 'relaxed SIMD of 256 bits' },
  { file: 'kernels-relaxed.wasm', features: 'relaxed SIMD' },
  { file: 'kernels-simd.wasm', features: 'SIMD' },
] as const

/** A file of `out/`, seen from the sources and from the bundle, whichever this is. */
export function builtFile(folder: string, file: string): string {
  const here = dirname(fileURLToPath(import.meta.url))
  const candidates = [join(here, '..', folder, file), join(here, '../../../out', folder, file)]
  return candidates.find((path) => existsSync(path)) ?? candidates[1]!
}

/** @throws PalateError INTERNAL when the kernels have not been built */
export function readKernels(file: string): Uint8Array<ArrayBuffer> {
  const path = builtFile('kernels', file)
  try {
    return readFileSync(path)
  } catch {
    const reason = `the WebAssembly kernels are missing (${path})`
    throw new PalateError('INTERNAL', `Palate cannot compute with its kernels: ${reason}. Build it with "npm run build".`, {
      reason,
    })
  }
}
