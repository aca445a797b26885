import { readArray, readNumber, type StateTree } from './state-codec.ts'

/**
 * Seeded random streams. One recorded seed derives every stream of a run by name, so that adding a consumer of randomness
 * never shifts what the others draw. Generator: xoshiro128** (Blackman and Vigna), seeded by an FNV-1a hash of seed and
 * name through splitmix32.
 *
 * What was drawn is handed on in typed arrays: numbers that functions return may be objects of their own, and training draws
 * millions of them.
 */
export class Rng {
  readonly #state = new Uint32Array(4)
  /** The latest draw. */
  readonly #draw = new Uint32Array(1)
  /** The latest two normal deviates; the second is spare until it has been given out. */
  readonly #normals = new Float64Array(2)
  #hasSpare = false

  private constructor() {}

  /** @param seed any integer from 0 to 2^53 - 1; @param stream name of the consumer, for instance "replay" */
  static stream(seed: number, stream: string): Rng {
    const rng = new Rng()
    let hash = 0x811c9dc5
    for (const char of `${seed}/${stream}`) {
      hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193)
    }
    for (let word = 0; word < 4; word++) {
      hash = (hash + 0x9e3779b9) | 0
      let mixed = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad)
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
      rng.#state[word] = mixed ^ (mixed >>> 15)
    }
    if (rng.#state.every((word) => word === 0)) rng.#state[0] = 1
    return rng
  }

  /** The four words of the generator and the spare normal deviate: everything a checkpoint needs. */
  save(): { words: Uint32Array; spare: number | null } {
    return { words: this.#state.slice(), spare: this.#hasSpare ? this.#normals[1]! : null }
  }

  /** Goes on exactly where the saved stream stood. @throws PalateError CHECKPOINT_UNUSABLE when `saved` is no such state */
  load(saved: StateTree): void {
    this.#state.set(readArray(saved, 'words', Uint32Array))
    this.#hasSpare = saved['spare'] !== null
    if (this.#hasSpare) this.#normals[1] = readNumber(saved, 'spare')
  }

  /** A uniform 32-bit unsigned integer. Consumes one draw. */
  uint32(): number {
    this.#advance()
    return this.#draw[0]!
  }

  #advance(): void {
    const s = this.#state
    const s1 = s[1]!
    const product = Math.imul(s1, 5)
    this.#draw[0] = Math.imul((product << 7) | (product >>> 25), 9)
    const shifted = s1 << 9
    s[2]! ^= s[0]!
    s[3]! ^= s1
    s[1]! ^= s[2]!
    s[0]! ^= s[3]!
    s[2]! ^= shifted
    const s3 = s[3]!
    s[3] = (s3 << 11) | (s3 >>> 21)
  }

  /** Uniform in [0, 1) with 53 bits. Consumes two draws. */
  uniform(): number {
    this.#advance()
    const high = this.#draw[0]! >>> 5
    this.#advance()
    return (high * 67108864 + (this.#draw[0]! >>> 6)) / 9007199254740992
  }

  /** True with the given probability. Consumes two draws. */
  chance(probability: number): boolean {
    return this.uniform() < probability
  }

  /** A uniform integer from 0 to bound - 1, without modulo bias. Consumes one draw or, rarely, more. */
  below(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > 0x100000000)
      throw new RangeError(`Rng.below wants an integer from 1 to 2^32, not ${bound}`)
    const limit = 0x100000000 - (0x100000000 % bound)
    do this.#advance()
    while (this.#draw[0]! >= limit)
    return remainder(this.#draw[0]!, bound)
  }

  /** How often each index comes in as many calls of `below` as there are indices: one bootstrap sample. Consumes what these would. */
  countSample(counts: Int32Array): void {
    const bound = counts.length
    const limit = 0x100000000 - (0x100000000 % bound)
    counts.fill(0)
    for (let drawn = 0; drawn < bound;) {
      this.#advance()
      const draw = this.#draw[0]!
      if (draw >= limit) continue
      counts[remainder(draw, bound)]!++
      drawn++
    }
  }

  /** A standard normal deviate by the polar method. Consumes four draws on average for every two deviates. */
  normal(): number {
    if (this.#hasSpare) {
      this.#hasSpare = false
      return this.#normals[1]!
    }
    this.#drawNormals()
    this.#hasSpare = true
    return this.#normals[0]!
  }

  /** Fills `out` with what as many calls of `normal` would give. */
  fillNormal(out: Float64Array): void {
    for (let i = 0; i < out.length; i++) {
      const spare = this.#hasSpare
      if (!spare) this.#drawNormals()
      out[i] = this.#normals[spare ? 1 : 0]!
      this.#hasSpare = !spare
    }
  }

  #drawNormals(): void {
    let x: number, y: number, radius: number
    do {
      x = 2 * this.uniform() - 1
      y = 2 * this.uniform() - 1
      radius = x * x + y * y
    } while (radius >= 1 || radius === 0)
    const factor = Math.sqrt((-2 * Math.log(radius)) / radius)
    this.#normals[0] = x * factor
    this.#normals[1] = y * factor
  }

  /** Shuffles in place (Fisher and Yates). Consumes length - 1 draws or, rarely, more. */
  shuffle<T extends { [index: number]: unknown; readonly length: number }>(array: T): T {
    for (let last = array.length - 1; last > 0; last--) {
      const other = this.below(last + 1)
      const held = array[last]
      array[last] = array[other]
      array[other] = held
    }
    return array
  }
}

/** `value % bound` by a division of doubles, which is exact for 32-bit unsigned integers and takes half the time. */
function remainder(value: number, bound: number): number {
  return value - Math.floor(value / bound) * bound
}
