import type { ExecutorMemory } from '../../../../../src-main/engine/compute/types.ts'

/** Memory as a fast executor has it: one shared block, arrays side by side. */
export function sharedMemory(size = 4096): ExecutorMemory & { readonly block: SharedArrayBuffer } {
  const block = new SharedArrayBuffer(size)
  let at = 0
  const take = (size: number): number => {
    const start = at
    at += size * 4
    return start
  }
  return {
    block,
    floats: (size) => new Float32Array(block, take(size), size),
    ints: (size) => new Int32Array(block, take(size), size),
  }
}
