import type { ParameterArena } from '../types.ts'

/** What a checkpoint keeps of an optimiser: flat arrays in the layout of the parameters, and the number of updates made. */
export interface OptimiserState {
  readonly updates: number
  readonly slots: Readonly<Record<string, Float32Array>>
}

export interface Optimiser {
  /** Changes `parameters` by one update with `gradients` (same layout). Allocates nothing. @throws GraphError on another layout */
  update(parameters: ParameterArena, gradients: ParameterArena): void
  /** The learning rate of the next update; may be changed between updates. */
  learningRate: number
  /** Copies, safe to keep. */
  save(): OptimiserState
  /** @throws GraphError if a slot is missing or of another length */
  restore(state: OptimiserState): void
}

/** What every optimiser can be told. */
export interface OptimiserOptions {
  /** Above 0. */
  readonly learningRate: number
  /** Coefficient c of a penalty c/2 |w|^2 that joins the gradient (not decoupled); default 0. */
  readonly l2?: number
}
