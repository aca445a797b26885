import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { describe, expect, test } from 'vitest'
import { readKernels, wideBuild } from '../../../../src-main/services/compute/kernel-files.ts'
import { compileKernels } from '../../../../src-main/services/compute/kernel-module.ts'
import { compileForWideVectors, hasWideVectors } from '../../../../src-main/services/compute/wide-vectors.ts'

/** What the system itself says of the processor; only Linux is asked. */
const hasAvx2 = process.platform === 'linux' && process.arch === 'x64' && readFileSync('/proc/cpuinfo', 'utf8').includes(' avx2 ')

describe.runIf(hasAvx2)('on a processor with vectors of 256 bits', () => {
  test('the kernels are compiled for them', () => {
    const module = compileForWideVectors(readKernels(wideBuild))
    expect(module && hasWideVectors(module)).toBe(true)
  })

  test('compiled by the same compiler without them, the same kernels have none: what is measured is not the source', () => {
    expect(hasWideVectors(compiledAtOnce(narrowed(readKernels(wideBuild))))).toBe(false)
  })

  test('they are what is taken, and taken once', () => {
    const first = compileKernels()
    expect(first.features).toBe('relaxed SIMD of 256 bits')
    expect(compileKernels().module).toBe(first.module)
  })
})

test('a module without tiles to try has no wide vectors', () => {
  expect(hasWideVectors(new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)))).toBe(false)
})

test('a build that is asked for is given, whether or not it is the fastest', () => {
  expect(compileKernels('SIMD').features).toBe('SIMD')
  expect(compileKernels('relaxed SIMD').features).toBe('relaxed SIMD')
})

/** By the optimising compiler, as the wide build is: code that is replaced while it is measured has no speed of its own. */
function compiledAtOnce(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  for (const flag of ['--no-liftoff', '--no-wasm-lazy-compilation']) setFlagsFromString(flag)
  try {
    return new WebAssembly.Module(bytes)
  } finally {
    for (const flag of ['--liftoff', '--wasm-lazy-compilation']) setFlagsFromString(flag)
  }
}

/** With a section of its own that says nothing: V8 keeps what it has compiled by a module's bytes. */
function narrowed(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(...bytes, 0, 2, 1, 0x78)
}
