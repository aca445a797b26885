import { GraphError } from '../types.ts'
import type { ExecutorMemory, InputValues } from '../types.ts'
import type { KernelRuntime } from './runtime.types.ts'

/** Every array begins at a cache line. */
const LINE = 64
/** Growth is costly and address space is not: memory grows by at least this many bytes. */
const LEAST_GROWTH = 16 * 2 ** 20

/**
 * Hands out pieces of a runtime's memory, one behind the other. Nothing is ever given back: what an executor makes is made
 * when a job starts and lives as long as the job; a step allocates nothing.
 */
export class KernelMemory implements ExecutorMemory {
  readonly #runtime: KernelRuntime
  /** Growth, even of another memory, can bring a new buffer object over the same bytes; arrays made earlier hold an earlier one. */
  readonly #buffers = new Set<ArrayBufferLike>()
  #next: number

  constructor(runtime: KernelRuntime) {
    this.#runtime = runtime
    this.#next = roundUp(runtime.firstFree)
  }

  floats(size: number): Float32Array {
    return new Float32Array(this.#room(4 * size), this.#take(4 * size), size)
  }

  ints(size: number): Int32Array {
    return new Int32Array(this.#room(4 * size), this.#take(4 * size), size)
  }

  /** Where an array lies, in bytes; -1 for one that this memory does not hold. */
  addressOf(values: InputValues | Float64Array): number {
    return this.#buffers.has(values.buffer) ? values.byteOffset : -1
  }

  /** The buffer, grown if `bytes` would not fit. */
  #room(bytes: number): ArrayBufferLike {
    const missing = this.#next + bytes - this.#runtime.buffer().byteLength
    if (missing > 0) {
      if (!this.#runtime.grow(Math.max(missing, LEAST_GROWTH)) && !this.#runtime.grow(missing)) {
        throw new GraphError(
          `There is no room for ${bytes} bytes more beside the ${this.#next} in use: WebAssembly can address 4 GiB at most. Use smaller networks, a smaller batch, or fewer items.`,
        )
      }
    }
    const buffer = this.#runtime.buffer()
    this.#buffers.add(buffer)
    return buffer
  }

  #take(bytes: number): number {
    const address = this.#next
    this.#next = roundUp(address + bytes)
    return address
  }
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / LINE) * LINE
}
