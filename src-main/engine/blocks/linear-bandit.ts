/**
 * Ridge regressions with confidence bounds (LinUCB with disjoint models, Li et al. 2010, algorithm 1), one for each slot,
 * independent of each other: A = ridge I + sum x x', b = sum y x, theta = A^-1 b; the bound of x is
 * theta' x + alpha sqrt(x' A^-1 x). Inverses are moved along by Sherman and Morrison's formula. Double precision.
 */
export class LinearBandit {
  readonly #width: number
  readonly #ridge: number
  /** [slots, width, width] */
  readonly #inverse: Float64Array
  /** [slots, width] each. */
  readonly #right: Float64Array
  readonly #theta: Float64Array
  readonly #moved: Float64Array

  /** @param ridge above 0 */
  constructor(slots: number, width: number, ridge: number) {
    this.#width = width
    this.#ridge = ridge
    this.#inverse = new Float64Array(slots * width * width)
    this.#right = new Float64Array(slots * width)
    this.#theta = new Float64Array(slots * width)
    this.#moved = new Float64Array(width)
    for (let slot = 0; slot < slots; slot++) this.reset(slot)
  }

  /** Forgets all that the slot has seen. */
  reset(slot: number): void {
    const n = this.#width
    const inverse = this.#inverse.subarray(slot * n * n, (slot + 1) * n * n).fill(0)
    for (let i = 0; i < n; i++) inverse[i * n + i] = 1 / this.#ridge
    this.#right.fill(0, slot * n, (slot + 1) * n)
    this.#theta.fill(0, slot * n, (slot + 1) * n)
  }

  /** @param x the context, from element `at` on; @param payoff what came of it */
  learn(slot: number, x: Float64Array, at: number, payoff: number): void {
    const n = this.#width
    const start = slot * n * n
    const spread = 1 + this.#spread(slot, x, at)
    for (let i = 0; i < n; i++) {
      const step = this.#moved[i]! / spread
      for (let j = 0; j < n; j++) this.#inverse[start + i * n + j]! -= step * this.#moved[j]!
      this.#right[slot * n + i]! += payoff * x[at + i]!
    }
    for (let i = 0; i < n; i++) {
      let sum = 0
      for (let j = 0; j < n; j++) sum += this.#inverse[start + i * n + j]! * this.#right[slot * n + j]!
      this.#theta[slot * n + i] = sum
    }
  }

  /** @param alpha width of the bound; 0: the expected payoff */
  bound(slot: number, x: Float64Array, at: number, alpha: number): number {
    const n = this.#width
    let expected = 0
    for (let i = 0; i < n; i++) expected += this.#theta[slot * n + i]! * x[at + i]!
    // Rounding may take a spread of nothing below 0.
    return alpha === 0 ? expected : expected + alpha * Math.sqrt(Math.max(0, this.#spread(slot, x, at)))
  }

  /** x' A^-1 x; leaves A^-1 x in #moved. */
  #spread(slot: number, x: Float64Array, at: number): number {
    const n = this.#width
    const start = slot * n * n
    let spread = 0
    for (let i = 0; i < n; i++) {
      let sum = 0
      for (let j = 0; j < n; j++) sum += this.#inverse[start + i * n + j]! * x[at + j]!
      this.#moved[i] = sum
      spread += sum * x[at + i]!
    }
    return spread
  }
}
