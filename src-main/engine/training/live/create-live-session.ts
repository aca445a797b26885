import type { GenreMove, LiveAnswer, LiveSetup, LiveViewer } from '../../../contract/dto/live.ts'
import type { LivePersona } from '../../../contract/dto/persona.ts'
import { PalateError } from '../../../contract/errors.ts'
import type { Executor } from '../../compute/types.ts'
import type { LiveModel, MetViewer } from '../../core/live-model.ts'
import { isReplayRecipe } from '../../core/q-learning-recipe.ts'
import type { InteractionTable } from '../../data/interaction-table.ts'
import { itemsByGenre } from '../../data/item-groups.ts'
import { genreMoves } from '../../live/genre-moves.ts'
import { LiveSession, type MetSetup } from '../../live/live-session.ts'
import { openSavedModel, type SavedModel } from '../create-job.ts'
import type { JobSpec } from '../job.types.ts'
import type { SplitTables } from '../split-tables.ts'
import { restoreModel } from '../trained-model.ts'
import { continueTraining, type ContinuedTraining } from './continue-training.ts'
import { LiveLearner } from './live-learner.ts'
import { livePolicy, liveScorer } from './live-scorer.ts'
import { simulatedViewer } from './simulated-viewer.ts'

export interface OpenedLiveSession {
  readonly session: LiveSession
  readonly model: LiveModel
  /**
   * What a user of the data set would answer to these items, or else to the present slate; null: the virtual user or persona who watches.
   * @throws PalateError INPUT_INVALID (no such user, nobody named)
   */
  simulate(userIndex: number | null, items?: readonly number[]): LiveAnswer
  /** How the genres of which something was said have moved; null where items have no genres. */
  genres(): GenreMove[] | null
  /** The beginning of a run that goes on from the session as it stands. @throws as `continueTraining` */
  continueTraining(updates: number | null): ContinuedTraining
}

/** A trained model and its data, before anybody has sat down: sessions of one run are opened from it. */
export interface LiveStage {
  readonly tables: SplitTables
  /** @throws PalateError DATA_UNSUITABLE (a model that cannot meet the viewer), INPUT_INVALID (no such user or item) */
  model(setup: MetSetup): LiveModel
  /** A session with a model of this stage; sessions of one model come one after the other. @throws as `model` */
  session(model: LiveModel, setup: MetSetup): LiveSession
}

/**
 * @param spec, modelBytes of the run; `table` is its whole data set: what the viewer rated in training is not shown, test ratings are never read
 * @throws PalateError CHECKPOINT_UNUSABLE
 */
export function liveStage(spec: JobSpec, table: InteractionTable, modelBytes: Uint8Array, executor: Executor): LiveStage {
  const opened = openSavedModel(spec, table, modelBytes)
  const { train } = opened.tables
  return {
    tables: opened.tables,
    model: (setup) => liveModel(opened, spec, setup, executor),
    session: (model, setup) =>
      new LiveSession(model, setup, { itemCount: train.itemCount, scale: train.scale, excluded: knownItems(train, setup) }),
  }
}

/**
 * A live session with the trained model of a run. Parameters and errors as those of `liveStage` and what it opens.
 *
 * @param persona who it is on the run's data where the setup names one, otherwise null
 */
export function createLiveSession(
  spec: JobSpec,
  table: InteractionTable,
  modelBytes: Uint8Array,
  setup: LiveSetup,
  executor: Executor,
  persona: LivePersona | null = null,
): OpenedLiveSession {
  const stage = liveStage(spec, table, modelBytes, executor)
  const simulated = simulatedViewer(stage.tables, setup.viewer, persona)
  const met = { ...setup, viewer: asMet(setup.viewer, persona) }
  // Whom it cannot show is refused before anything is computed.
  knownItems(stage.tables.train, met)
  const model = stage.model(met)
  const session = stage.session(model, met)
  return {
    session,
    model,
    simulate: (userIndex, items) => simulated.answer(userIndex, session.records, items ? Int32Array.from(items) : session.slate),
    genres() {
      const genres = itemsByGenre(stage.tables.train)
      return genres && genreMoves(session, genres, met.viewer.kind === 'guest' ? met.viewer.favourites : [])
    },
    continueTraining: (updates) => continueTraining(spec, table, executor, model, updates),
  }
}

/** What the model learns of the viewer: a virtual user is nobody whom it could know, and of a persona it hears the favourites. */
function asMet(viewer: LiveViewer, persona: LivePersona | null): MetViewer {
  if (viewer.kind === 'persona') {
    if (!persona) throw new TypeError(`nobody said who the persona "${viewer.persona}" is on this data`)
    return { kind: 'guest', favourites: [...persona.favourites] }
  }
  return viewer.kind === 'virtual' ? { kind: 'guest', favourites: [] } : viewer
}

/** The trained model of a run as one person meets it. */
export function liveModel(
  { model, recipe, tables, saved }: SavedModel,
  spec: JobSpec,
  setup: Omit<MetSetup, 'viewer' | 'slate'>,
  executor: Executor,
): LiveModel {
  const { train } = tables
  if (isReplayRecipe(recipe)) {
    const { learning, userVector, seed } = setup
    return new LiveLearner(recipe, train, executor, saved, { learning, userVector, seed, runSeed: spec.seed })
  }
  const trained = restoreModel(model, recipe, tables, spec.seed, executor, saved)
  return trained.kind === 'scorer' ? liveScorer(trained.scorer) : livePolicy(trained.policy)
}

function knownItems(train: InteractionTable, { viewer }: Pick<MetSetup, 'viewer'>): number[] {
  if (viewer.kind === 'guest') {
    const wrong = viewer.favourites.find((item) => item >= train.itemCount)
    if (wrong !== undefined)
      throw unknown('viewer.favourites', `There is no item ${wrong} in the data set: it has ${train.itemCount}.`)
    return [...new Set(viewer.favourites)]
  }
  if (viewer.userIndex >= train.userCount) {
    throw unknown('viewer.userIndex', `There is no user ${viewer.userIndex} in the data set: it has ${train.userCount}.`)
  }
  const items: number[] = []
  for (let row = 0; row < train.size; row++) if (train.userIndex[row] === viewer.userIndex) items.push(train.itemIndex[row]!)
  return items
}

function unknown(path: string, message: string): PalateError {
  return new PalateError('INPUT_INVALID', message, { issues: [{ path, message }] })
}
