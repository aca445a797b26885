import type { GenreTestStep, GenreTestWish } from '../../contract/dto/genre-test.ts'
import { fromErrorRecord, PalateError } from '../../contract/errors.ts'
import type { StoredRun } from '../../storage/repositories/runs.ts'
import { lostTrainer } from '../runs/trainer-lost.ts'
import { TrainerProcess } from '../runs/trainer-process.ts'
import type { LiveOptions } from './live-options.types.ts'

/**
 * What a run's model makes of a taste for a genre, in a process of its own that ends with the subscriber.
 *
 * @param backend what computes
 * @throws PalateError as `genreTest` does, CHECKPOINT_UNUSABLE, BACKEND_UNAVAILABLE, CANCELLED, TRAINER_LOST
 */
export async function* testGenres(
  { workspace, launch, compute }: LiveOptions,
  run: StoredRun,
  backend: string,
  wish: GenreTestWish,
  signal: AbortSignal | undefined,
): AsyncGenerator<GenreTestStep, void, void> {
  const { modelId, params, split, seed } = run
  const trainer = new TrainerProcess(launch)
  const kill = () => trainer.kill()
  signal?.addEventListener('abort', kill, { once: true })
  if (signal?.aborted) kill()
  try {
    trainer.send({
      kind: 'genre-test',
      compute: await compute.request(backend, 1, 1),
      spec: { modelId, params, split, seed, protocols: [], ks: [] },
      table: await workspace.loadInteractions(run.datasetId),
      model: await workspace.repositories.checkpoints.loadModel(run.id),
      wish,
    })
    for await (const message of trainer.messages()) {
      if (message.kind === 'failed') throw fromErrorRecord(message.error)
      if (message.kind !== 'genre-tested') continue
      yield message.step
      if (message.step.kind === 'report') return
    }
    if (signal?.aborted) {
      const what = `genre test of run ${run.id}`
      throw new PalateError('CANCELLED', `The ${what} was cancelled. Nothing was changed.`, { what })
    }
    throw lostTrainer(run.id, await trainer.exit)
  } finally {
    signal?.removeEventListener('abort', kill)
    kill()
  }
}
