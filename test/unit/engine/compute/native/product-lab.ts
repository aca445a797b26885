import { OP_GEMM } from '../../../../../src-main/engine/compute/kernels/opcodes.ts'
import { Rng } from '../../../../../src-main/engine/core/rng.ts'
import type { NativeKernels } from '../../../../../src-main/services/compute/native-addon.ts'

export interface Product {
  readonly m: number
  readonly n: number
  readonly k: number
  readonly transposeA?: boolean
  readonly transposeB?: boolean
  readonly bias?: boolean
  /** 0 none, 1 relu, 2 tanh, 3 sigmoid. */
  readonly activation?: number
  readonly byColumns?: boolean
  /** Elements by which the rows of both operands are longer than what counts of them. */
  readonly padding?: number
}

/** A product in memory: its instruction's byte offset, and views of its arrays. */
export interface Placed {
  readonly product: Product
  readonly address: number
  readonly words: Int32Array
  readonly out: Float32Array
  readonly a: Float32Array
  readonly b: Float32Array
  readonly bias: Float32Array | undefined
  readonly lda: number
  readonly ldb: number
}

const PAGE = 65_536

/** One shared memory, in which products are placed one behind the other. */
export class ProductLab {
  readonly memory = new WebAssembly.Memory({ initial: 16, maximum: 16_384, shared: true })
  readonly kernels: NativeKernels
  readonly #rng = Rng.stream(7, 'products')
  #top = 1024

  constructor(kernels: NativeKernels) {
    this.kernels = kernels
    kernels.attach(this.bytes())
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.memory.buffer)
  }

  /** Forgets all that was placed. */
  clear(): void {
    this.#top = 1024
  }

  /** @returns the byte offset of `bytes` more; the memory grows when it must, and is attached again */
  reserve(bytes: number): number {
    const at = this.#top
    // Arrays begin at cache lines in the program; here also anywhere between, to catch what relies on that.
    this.#top += bytes + 4 * (1 + this.#rng.below(16))
    const missing = this.#top + 4096 - this.memory.buffer.byteLength
    if (missing > 0) {
      this.memory.grow(Math.ceil(missing / PAGE))
      this.kernels.attach(this.bytes())
    }
    return at
  }

  floats(count: number): Float32Array {
    const at = this.reserve(4 * count)
    return new Float32Array(this.memory.buffer, at, count)
  }

  random(count: number): Float32Array {
    const values = this.floats(count)
    for (let index = 0; index < count; index++) values[index] = this.#rng.uniform() - 0.5
    return values
  }

  /** Places a product of random matrices; the result is NaN until it is computed, and has a margin of NaNs behind it. */
  place(product: Product, strips = 1): Placed {
    const { m, n, k, transposeA = false, transposeB = false, padding = 0, activation = 0 } = product
    const lda = (transposeA ? m : k) + padding
    const ldb = (transposeB ? k : n) + padding
    const a = this.random((transposeA ? k : m) * lda)
    const b = this.random((transposeB ? n : k) * ldb)
    const bias = product.bias ? this.random(n) : undefined
    const out = this.floats(m * n + 16).fill(NaN)
    const byColumns = n > 1 && (m < 4 || (product.byColumns ?? n >= m))
    const flags = (transposeA ? 1 : 0) | (transposeB ? 2 : 0) | (byColumns ? 4 : 0) | (activation << 4)
    const address = this.reserve(64)
    const words = new Int32Array(this.memory.buffer, address, 16)
    const places = [out.byteOffset, a.byteOffset, b.byteOffset, bias?.byteOffset ?? 0]
    words.set([OP_GEMM, strips, byColumns ? n : m, byColumns ? 8 : 6, ...places, m, n, k, flags, lda, ldb])
    return { product, address, words, out, a, b, bias, lda, ldb }
  }

  run(placed: Placed): Float32Array {
    placed.out.fill(NaN)
    this.kernels.run(placed.address, 1)
    return placed.out
  }
}

const ACTIVATIONS = [
  (x: number) => x,
  (x: number) => (x < 0 ? 0 : x),
  Math.tanh,
  (x: number) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
]

export function activated(x: number, activation: number): number {
  return ACTIVATIONS[activation]!(x)
}

/**
 * @returns the largest difference between what was computed and the definition in double precision, relative to 1 + the usual
 * size of such a sum (the root of its terms' squares): that is what rounding grows with, however small the sum comes out
 */
export function worstError(placed: Placed): number {
  const { product, out, bias } = placed
  const { m, n, k, activation = 0 } = product
  let worst = 0
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = bias?.[j] ?? 0
      let squares = sum ** 2
      for (let p = 0; p < k; p++) {
        const term = termOf(placed, i, j, p)
        sum += term
        squares += term ** 2
      }
      const error = Math.abs(out[i * n + j]! - activated(sum, activation)) / (1 + Math.sqrt(squares))
      // A NaN must not look like agreement.
      if (!(error <= worst)) worst = error
    }
  }
  return worst
}

/** @returns what comes out, to the bit, when each element is summed over K in ascending order, rounded once a step */
export function summedInOrder(placed: Placed): Float32Array {
  const { m, n, k, activation = 0 } = placed.product
  const sums = new Float32Array(m * n)
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = placed.bias?.[j] ?? 0
      // The product of two float32 is exact in double precision.
      for (let p = 0; p < k; p++) sum = Math.fround(sum + termOf(placed, i, j, p))
      sums[i * n + j] = activated(sum, activation)
    }
  }
  return sums
}

function termOf({ product, a, b, lda, ldb }: Placed, i: number, j: number, p: number): number {
  return a[product.transposeA ? p * lda + i : i * lda + p]! * b[product.transposeB ? j * ldb + p : p * ldb + j]!
}
