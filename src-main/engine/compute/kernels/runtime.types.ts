/**
 * What a host supplies: one memory that never moves, and something that carries out the instructions that lie in it. The
 * engine writes instructions; whether WebAssembly or native code reads them is the host's affair.
 */
export interface KernelRuntime {
  /** For a run's record: "kernels" (WebAssembly) or "native". */
  readonly id: 'kernels' | 'native'
  /** In words: "WebAssembly with relaxed SIMD, 2 threads". */
  readonly device: string
  /** Threads that carry out instructions, the caller's included. */
  readonly threads: number
  /** The first byte that is free; those before it belong to the host. */
  readonly firstFree: number
  /** The whole memory at present. After growth another object over the same bytes; views on the former stay good. */
  buffer(): ArrayBufferLike
  /** @returns false when there is no room for `bytes` more */
  grow(bytes: number): boolean
  /** Carries out `count` instructions of 64 bytes from `address` on. */
  run(address: number, count: number): void
}
