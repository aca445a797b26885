import type { ReferenceOptions } from '../../engine/training/reference-step/reference-step.ts'
import type { ComputeBackend } from '../compute/backends.ts'

/** What is compared, and how it is opened. */
export interface Contender {
  /** As results name it: an executor's id, or "tfjs-wasm" for stock TensorFlow.js. */
  readonly executor: string
  readonly threads: number
  /** Null for what is no backend of ours. */
  readonly backend: ComputeBackend | null
  /** Of two in the same group only one can be open: they share something that a process has once. */
  readonly group: string | null
  /** @throws PalateError BACKEND_UNAVAILABLE */
  open(work: ReferenceOptions): Promise<Running>
}

/** A contender that is open. Each call does its work completely before it returns. */
export interface Running {
  /** In words. */
  readonly device: string
  /** One reference step. */
  step(): void
  /** One product of two square matrices of `productSize`. */
  multiply(): void
  close(): Promise<void>
}
