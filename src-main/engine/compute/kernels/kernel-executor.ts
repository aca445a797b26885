import type { Executor } from '../types.ts'
import { createKernelFactorisation } from './kernel-factorisation.ts'
import { KernelMemory } from './kernel-memory.ts'
import { createKernelPasses } from './kernel-passes.ts'
import { KernelProgram } from './kernel-program.ts'
import type { KernelRuntime } from './runtime.types.ts'

/**
 * Computes with the kernels of `runtime`: WebAssembly, or native code over the same memory. The same graph and values give
 * the same bits for any number of threads; another instruction set (with or without fused multiply-add) rounds differently.
 */
export function createKernelExecutor(runtime: KernelRuntime): Executor {
  const memory = new KernelMemory(runtime)
  return {
    id: runtime.id,
    device: runtime.device,
    memory,
    passes: createKernelPasses(memory, runtime),
    factorisation: createKernelFactorisation(memory, runtime),
    compile: (graph) => new KernelProgram(graph, memory, runtime),
  }
}
