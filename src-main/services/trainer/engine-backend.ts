import { plainExecutor } from '../../engine/compute/plain/plain-executor.ts'
import { createTrainingJob, evaluateSavedModel } from '../../engine/training/create-job.ts'
import type { TrainerBackend } from './trainer-loop.ts'

/** The engine itself, on the executor of this machine. */
export const engineBackend: TrainerBackend = {
  executor: plainExecutor.id,
  createJob: (spec, table, options) => createTrainingJob(spec, table, { ...options, executor: plainExecutor }),
  evaluate: (spec, table, model) => evaluateSavedModel(spec, table, model, plainExecutor),
}
