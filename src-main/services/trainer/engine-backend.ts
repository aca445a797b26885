import { createTrainingJob, evaluateSavedModel } from '../../engine/training/create-job.ts'
import { playBatch } from '../../engine/training/live/play-batch.ts'
import { createLiveSession, liveStage } from '../../engine/training/live/create-live-session.ts'
import { genreTest } from '../../engine/training/live/genre-test.ts'
import { backends, isComputeBackend } from '../compute/backends.ts'
import { chooseBackend } from '../compute/choose-backend.ts'
import { measureSteps } from '../compute/measure-steps.ts'
import { selfTest } from '../compute/self-test.ts'
import type { TrainerBackend } from './trainer-loop.ts'

/** The engine itself, on the executor that is asked for. */
export const engineBackend: TrainerBackend = {
  async open(request) {
    const { executor, versions, explanation, close } = await chooseBackend(request)
    return {
      opened: { executor: executor.id, device: executor.device, versions: { ...versions }, explanation },
      createJob: (spec, table, options) => createTrainingJob(spec, table, { ...options, executor }),
      evaluate: (spec, table, model) => evaluateSavedModel(spec, table, model, executor),
      openLive: (spec, table, model, setup, persona) => createLiveSession(spec, table, model, setup, executor, persona),
      playBatch: (contenders, table, wish) => playBatch(contenders, table, wish, executor),
      testGenres: (spec, table, model, wish) => genreTest(liveStage(spec, table, model, executor), wish),
      selfTest: () => selfTest(executor, isComputeBackend(executor.id) ? backends[executor.id].tolerance : undefined),
      measureSteps: (sizes) => measureSteps(executor, sizes),
      close,
    }
  },
}
