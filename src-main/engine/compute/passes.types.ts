/** Constants of one step of Adam; both corrections are those of the update that is being made. */
export interface AdamStep {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly l2: number
  /** learningRate / (1 - beta1^t) */
  readonly stepSize: number
  /** 1 / (1 - beta2^t) */
  readonly squareCorrection: number
}

export interface SgdStep {
  readonly momentum: number
  readonly l2: number
  readonly learningRate: number
}

export interface AdagradStep {
  readonly epsilon: number
  readonly l2: number
  readonly learningRate: number
}

export interface RmspropStep {
  /** Decay of the mean square. */
  readonly decay: number
  readonly epsilon: number
  readonly l2: number
  readonly learningRate: number
}

/** In an object, as all numbers that change from call to call: handed over by itself, each would be a new object on the heap. */
export interface ScaleStep {
  readonly factor: number
}

/**
 * Fused passes over flat arrays: each reads and writes every element once and allocates nothing. All arrays of a call have
 * the same length. In each, the gradient is g + l2 w.
 */
export interface Passes {
  /** m = beta1 m + (1 - beta1) g; v likewise of squares; w -= stepSize m / (sqrt(v squareCorrection) + epsilon). */
  adam(w: Float32Array, g: Float32Array, m: Float32Array, v: Float32Array, step: AdamStep): void
  /** velocity = momentum velocity + g; w -= learningRate velocity. */
  sgd(w: Float32Array, g: Float32Array, velocity: Float32Array, step: SgdStep): void
  /** sum += g^2; w -= learningRate g / (sqrt(sum) + epsilon). */
  adagrad(w: Float32Array, g: Float32Array, sum: Float32Array, step: AdagradStep): void
  /** square = decay square + (1 - decay) g^2; w -= learningRate g / (sqrt(square) + epsilon). */
  rmsprop(w: Float32Array, g: Float32Array, square: Float32Array, step: RmspropStep): void
  /** target += rate (source - target); rate from 0 (nothing) to 1 (copy). */
  approach(target: Float32Array, source: Float32Array, rate: number): void
  /** x *= factor. */
  scale(x: Float32Array, step: ScaleStep): void
  sumOfSquares(x: Float32Array): number
  /** False as soon as one element is NaN or infinite. */
  allFinite(x: Float32Array): boolean
}
