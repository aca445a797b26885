import type { ExecutorMemory } from '../types.ts'

/** Ordinary arrays, one each: for an executor that reads every array where it lies. */
export const plainMemory: ExecutorMemory = {
  floats: (size) => new Float32Array(size),
  ints: (size) => new Int32Array(size),
}
