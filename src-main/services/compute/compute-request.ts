import * as z from 'zod'
import { maxThreads } from '../../contract/dto/system.ts'

/** What a trainer is asked to compute with. */
export const computeRequest = z.object({
  /** Of `backends`, or "auto"; a run of another version of Palate may name one that is not known here. */
  backend: z.string(),
  /** The most threads that it may use. */
  threads: z.int().min(1).max(maxThreads),
  /** Take further threads only when they are measured to be worth it; otherwise take them all. */
  measureThreads: z.boolean(),
  /** Whether a CUDA device has answered, for "auto"; `reason` says why not. */
  cuda: z.object({ usable: z.boolean(), reason: z.string() }),
})
export type ComputeRequest = z.infer<typeof computeRequest>

/** Sizes of the training step by which the speed of a machine is measured: width of the vectors, rows of a batch. */
export const stepSizes = z.object({ width: z.int().min(1).max(1024), batch: z.int().min(1).max(65_536) })
export type StepSizes = z.infer<typeof stepSizes>

/** What a trainer computes with. */
export const openedCompute = z.object({
  executor: z.string(),
  /** In words. */
  device: z.string(),
  /** By library. */
  versions: z.record(z.string(), z.string()),
  /** Why it is this one. */
  explanation: z.string(),
})
export type OpenedCompute = z.infer<typeof openedCompute>
