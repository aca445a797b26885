import type { Rng } from '../../core/rng.ts'

/** Priorities in a binary tree of sums: change and proportional draw take log2(capacity) steps. Allocates nothing after the start. */
export class SumTree {
  /** Leaves stand from `#leaves`; node i has children 2i and 2i + 1, the root is 1. */
  readonly #nodes: Float64Array
  readonly #leaves: number

  constructor(capacity: number) {
    let leaves = 1
    while (leaves < capacity) leaves *= 2
    this.#leaves = leaves
    this.#nodes = new Float64Array(2 * leaves)
  }

  get total(): number {
    return this.#nodes[1]!
  }

  get(index: number): number {
    return this.#nodes[this.#leaves + index]!
  }

  set(index: number, priority: number): void {
    let node = this.#leaves + index
    this.#nodes[node] = priority
    // Sums are taken anew from both children, so that rounding never accumulates.
    for (node >>= 1; node >= 1; node >>= 1) this.#nodes[node] = this.#nodes[2 * node]! + this.#nodes[2 * node + 1]!
  }

  /** An index drawn with probability priority / total. Consumes one uniform number; `total` must be above 0. */
  sample(rng: Rng): number {
    let mass = rng.uniform() * this.total
    let node = 1
    while (node < this.#leaves) {
      node *= 2
      const left = this.#nodes[node]!
      if (mass >= left && this.#nodes[node + 1]! > 0) {
        mass -= left
        node++
      }
    }
    return node - this.#leaves
  }

  save(count: number): Float64Array {
    return this.#nodes.slice(this.#leaves, this.#leaves + count)
  }

  restore(priorities: Float64Array): void {
    this.#nodes.fill(0)
    this.#nodes.set(priorities, this.#leaves)
    for (let node = this.#leaves - 1; node >= 1; node--) this.#nodes[node] = this.#nodes[2 * node]! + this.#nodes[2 * node + 1]!
  }
}
