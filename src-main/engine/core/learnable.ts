import type { StateTree } from './state-codec.ts'

/** Weights that passes over data improve, measured on data held out from them. */
export interface Learnable {
  /**
   * A slice of a pass over the data that it learns from.
   * @returns the error of the pass (for ratings: RMSE) with the last slice, null before it; not finite when it diverged
   */
  pass(): number | null
  /** A slice of a check on what is held out: draws no random numbers, leaves no trace. @returns the error with the last slice */
  check(): number | null
  /** All that is learnt, live: the same arrays all the time. */
  readonly weights: readonly Float32Array[]
  /** Between two slices; a check that has begun is made again. */
  save(): StateTree
  restore(saved: StateTree): void
}
