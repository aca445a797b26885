import type { GenreTestStep, GenreTestWish } from '../../contract/dto/genre-test.ts'
import { PalateError } from '../../contract/errors.ts'
import type { StoredRun } from '../../storage/repositories/runs.ts'
import { followed } from '../datasets/followed.ts'
import { askTrainer, type Errand } from '../runs/ask-trainer.ts'
import { lostProcess } from '../runs/trainer-lost.ts'
import type { ToTrainer } from '../trainer/trainer-protocol.ts'
import type { PlayOptions } from './live-options.types.ts'
import { playedModel } from './played-run.ts'

/**
 * What a run's model makes of a taste for a genre, in a process of its own that ends with the subscriber.
 *
 * @param backend what computes
 * @throws PalateError as `genreTest` does, CHECKPOINT_UNUSABLE, BACKEND_UNAVAILABLE, CANCELLED, TRAINER_LOST
 */
export async function* testGenres(
  { workspace, launch, compute }: PlayOptions,
  run: StoredRun,
  backend: string,
  wish: GenreTestWish,
  signal: AbortSignal | undefined,
): AsyncGenerator<GenreTestStep, void, void> {
  const what = `genre test of run ${run.id}`
  const opening: ToTrainer = {
    kind: 'genre-test',
    compute: await compute.request(backend, 1, 1),
    ...(await playedModel(workspace, run)),
    wish,
  }
  let share = 0
  const test = (stop: AbortSignal) => {
    const errand: Errand = {
      launch,
      signal: stop,
      cancelled: () => new PalateError('CANCELLED', `The ${what} was cancelled. Nothing was changed.`, { what }),
      lost: (exit) =>
        lostProcess(`of the ${what}`, 'Start it again, with fewer viewers if memory was short.', String(run.id), exit),
    }
    return askTrainer(errand, opening, (message) => {
      if (message.kind !== 'genre-tested') return undefined
      if (message.step.kind === 'report') return message.step
      share = message.step.share
      return undefined
    })
  }
  const report = yield* followed(test, () => ({ kind: 'progress' as const, share }), signal)
  yield report
}
