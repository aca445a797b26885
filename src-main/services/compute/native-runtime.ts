import { OP_GEMM } from '../../engine/compute/kernels/opcodes.ts'
import { createKernelRuntime, type WebAssemblyRuntime } from './kernel-runtime.ts'
import type { NativeKernels } from './native-addon.ts'

/** Bytes of an instruction. */
const INSTRUCTION = 64

/**
 * The kernels' runtime with its matrix products done by native code over the same memory; everything else is WebAssembly.
 * A process has one at a time: the addon knows one memory.
 */
export function createNativeRuntime(native: NativeKernels, options: { readonly threads: number }): WebAssemblyRuntime {
  const base = createKernelRuntime({ threads: options.threads })
  let words = new Int32Array(base.buffer())
  const attach = () => {
    words = new Int32Array(base.buffer())
    native.attach(new Uint8Array(base.buffer()))
  }
  attach()
  const threads = native.start(options.threads)
  const vectors = native.features === 'avx512' ? 'AVX-512' : 'AVX2'
  return {
    ...base,
    id: 'native',
    device: `native products with ${vectors}, WebAssembly with ${base.features} for the rest, ${threadsText(threads)}`,
    grow(bytes) {
      const grown = base.grow(bytes)
      if (grown) attach()
      return grown
    },
    run(address, count) {
      for (let done = 0; done < count;) {
        const at = address + done * INSTRUCTION
        const isProduct = words[at / 4] === OP_GEMM
        let end = done + 1
        while (end < count && (words[(address + end * INSTRUCTION) / 4] === OP_GEMM) === isProduct) end++
        if (isProduct) native.run(at, end - done)
        else base.run(at, end - done)
        done = end
      }
    },
    async close() {
      native.stop()
      await base.close()
    },
  }
}

export function threadsText(threads: number): string {
  return threads === 1 ? '1 thread' : `${threads} threads`
}
