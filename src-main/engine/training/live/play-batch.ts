import type { LiveLearning } from '../../../contract/dto/live.ts'
import { isPalateError, PalateError } from '../../../contract/errors.ts'
import type { ParamValues } from '../../../contract/params.ts'
import type { Executor } from '../../compute/types.ts'
import { mapYields } from '../../core/generators.ts'
import type { LiveModel, MetViewer } from '../../core/live-model.ts'
import type { SimulatedUsers } from '../../core/simulator.ts'
import { rewardOf, type InteractionTable } from '../../data/interaction-table.ts'
import { batchFigures, type PlayerFigures } from '../../evaluation/statistics/batch-figures.ts'
import type { PairResult } from '../../evaluation/statistics/compare.ts'
import { models } from '../../models/catalogue.gen.ts'
import { openSavedModel, type SavedModel } from '../create-job.ts'
import { fitFrame } from '../evaluate-model.ts'
import type { JobSpec } from '../job.types.ts'
import { SimulatedArena } from '../simulated-arena.ts'
import type { SplitTables } from '../split-tables.ts'
import { restoreModel } from '../trained-model.ts'
import { liveModel } from './create-live-session.ts'

/** Shown beside every comparison: what must be beaten, and what could be earned at most. */
const FRAMES = ['random', 'popularity', 'oracle']
/** Of the floors, which have no run. */
const FRAME_SEED = 1

export interface BatchContender {
  readonly spec: JobSpec
  /** Of the run, as `TrainingJob.modelSnapshot` left it. */
  readonly model: Uint8Array
}

export interface BatchWish {
  /** Of the protocol "online-simulated", complete: users, steps, simulator, seed and the simulator's own. */
  readonly settings: ParamValues
  readonly learning: LiveLearning
}

export interface BatchProgress {
  /** Position of who plays: the runs in their order, then the floors and the ceiling. */
  readonly player: number
  readonly model: string
  /** Of everything. */
  readonly share: number
}

export interface PlayedBatch {
  readonly split: string
  /** Indexes of the users, ascending. */
  readonly users: Int32Array
  readonly steps: number
  readonly players: readonly (BatchPlayer & PlayerFigures)[]
  /** Of the sum of an episode; positions among the players. */
  readonly pairs: readonly PairResult[]
  readonly remarks: readonly string[]
}

/** Who played, and what it earned. */
interface BatchPlayer {
  readonly model: string
  readonly kind: 'run' | 'floor' | 'ceiling'
  /** [users, steps]; NaN from where an episode has ended. */
  readonly rewards: Float32Array
  readonly updates: number
}

/**
 * Lets the trained models of runs, and floors and ceiling, play episodes with the same simulated users: all items that a user has not
 * rated in training, none twice, one at a time. The users' chances are the same under each. Consumes the streams of the simulator and of
 * `batchFigures`, and where models learn those of a live session, all of the protocol's seed.
 *
 * Frozen, a model follows answers as it does in evaluation. Learning, it makes its updates after each answer and is set back to what was
 * trained before each user; when a weight stops being finite, the episode goes on with the trained weights, frozen.
 *
 * @param table the whole data set of all runs
 * @throws PalateError DATA_UNSUITABLE (runs of different splits, a model on the simulator's own factorisation), CHECKPOINT_UNUSABLE
 */
export function* playBatch(
  contenders: readonly BatchContender[],
  table: InteractionTable,
  wish: BatchWish,
  executor: Executor,
): Generator<BatchProgress, PlayedBatch> {
  const opened = contenders.map(({ spec, model }) => openSavedModel(spec, table, model))
  const { tables } = opened[0]!
  requireOneSplit(opened)
  const steps = Number(wish.settings['steps'])
  const arena = new SimulatedArena(tables, wish.settings)
  const names = [...contenders.map(({ spec }) => spec.modelId), ...FRAMES]
  const players: BatchPlayer[] = []
  const remarks: string[] = []
  let done = 0
  for (const [player, model] of names.entries()) {
    const stage = new Stage(arena, tables, steps)
    const own = contenders[player]
    const work = own ? stage.run(own.spec, opened[player]!, wish, executor) : stage.frame(model, executor)
    const { remark, ...played } = yield* mapYields(work, (share) => {
      // A world is learnt before it is played in: its share counts from 0 as well.
      done = Math.max(done, (player + (typeof share === 'number' ? share : 0)) / names.length)
      return { player, model, share: done }
    })
    players.push(played)
    if (remark) remarks.push(remark)
  }
  const { users } = arena.episodes
  const { scale } = tables.train
  const shape = { users: users.length, steps, likedFrom: rewardOf(scale.positiveFrom, scale) }
  const kinds = players.map(({ rewards, kind }) => ({ rewards, isRun: kind === 'run', isFloor: kind === 'floor' }))
  const { players: figures, pairs } = yield* mapYields(batchFigures(kinds, shape, Number(wish.settings['seed'])), () => ({
    player: names.length - 1,
    model: 'intervals',
    share: done,
  }))
  const all = players.map((player, at) => ({ ...player, ...figures[at]! }))
  return { split: tables.text, users, steps, players: all, pairs, remarks }
}

/** Other training ratings are other candidates and other histories: the users would not be the same. */
function requireOneSplit(opened: readonly SavedModel[]): void {
  if (opened.every(({ tables }) => tables.hash === opened[0]!.tables.hash)) return
  const splits = [...new Set(opened.map(({ tables }) => tables.text))].join(', ')
  throw new PalateError(
    'DATA_UNSUITABLE',
    `These runs were trained on different splits (${splits}): the same users have other histories in each. Choose runs of one split.`,
    { reason: 'runs of different splits' },
  )
}

type Played = BatchPlayer & { readonly remark: string | null }

/** One player's episodes with all users. */
class Stage {
  readonly #arena: SimulatedArena
  readonly #tables: SplitTables
  readonly #steps: number

  constructor(arena: SimulatedArena, tables: SplitTables, steps: number) {
    this.#arena = arena
    this.#tables = tables
    this.#steps = steps
  }

  *frame(id: string, executor: Executor): Generator<unknown, Played> {
    const model = models.find((one) => one.id === id)!
    const scorer = yield* fitFrame(model, this.#tables, FRAME_SEED, executor)
    const isCeiling = model.kind === 'ceiling'
    const lists = yield* isCeiling ? this.#arena.playOracle() : this.#arena.play({ kind: 'scorer', scorer })
    return { model: id, kind: isCeiling ? 'ceiling' : 'floor', rewards: this.#rewards(lists), updates: 0, remark: null }
  }

  *run(spec: JobSpec, opened: SavedModel, { settings, learning }: BatchWish, executor: Executor): Generator<unknown, Played> {
    const { model, recipe, tables, saved } = opened
    const trained = restoreModel(model, recipe, tables, spec.seed, executor, saved)
    const own = { model: spec.modelId, kind: 'run' } as const
    const setup = { learning, userVector: 'fixed', seed: Number(settings['seed']) } as const
    const learner = learning ? liveModel(opened, spec, setup, executor) : null
    if (!learning || !learner?.learn) {
      const remark = learning ? `${model.title} does not learn on line: it played as it was trained.` : null
      return { ...own, rewards: this.#rewards(yield* this.#arena.play(trained)), updates: 0, remark }
    }
    const users = yield* this.#arena.userFor(trained)
    const episodes = new LearningEpisodes(learner, users, this.#steps, learning.updatesPerAnswer)
    const { count } = this.#arena.episodes
    const rewards = new Float32Array(count * this.#steps).fill(NaN)
    for (let episode = 0; episode < count; episode++) {
      const user = this.#arena.episodes.userOf(episode)
      const row = rewards.subarray(episode * this.#steps, (episode + 1) * this.#steps)
      yield* episodes.play(user, this.#arena.episodes.candidatesOf(episode).slice(), row, episode / count)
    }
    const { updates, brokeOff } = episodes
    const remark =
      brokeOff > 0
        ? `${model.title}: learning on line broke off in ${brokeOff} of ${count} episodes, which went on with the trained weights.`
        : null
    return { ...own, rewards, updates, remark }
  }

  #rewards({ start, ratings }: { readonly start: Int32Array; readonly ratings: Float32Array }): Float32Array {
    const { scale } = this.#tables.train
    const rewards = new Float32Array((start.length - 1) * this.#steps).fill(NaN)
    for (let episode = 0; episode + 1 < start.length; episode++) {
      const from = start[episode]!
      for (let at = from; at < start[episode + 1]!; at++)
        rewards[episode * this.#steps + at - from] = rewardOf(ratings[at]!, scale)
    }
    return rewards
  }
}

/** Plays one user at a time with a model that learns from the answers. */
class LearningEpisodes {
  updates = 0
  brokeOff = 0
  readonly #model: LiveModel
  readonly #users: SimulatedUsers
  readonly #steps: number
  readonly #perAnswer: number

  constructor(model: LiveModel, users: SimulatedUsers, steps: number, perAnswer: number) {
    this.#model = model
    this.#users = users
    this.#steps = steps
    this.#perAnswer = perAnswer
  }

  /** @param candidates ascending, used up; @param rewards receives those of the steps that are played */
  *play(user: number, candidates: Int32Array, rewards: Float32Array, share: number): Generator<number, void> {
    const viewer: MetViewer = { kind: 'user', userIndex: user }
    const scores = new Float32Array(candidates.length)
    const seen: { item: number; rating: number | null }[] = []
    this.#model.begin(viewer)
    this.#users.begin(0, user)
    let learns = true
    for (let step = 0; step < this.#steps && step < candidates.length; step++) {
      const left = candidates.length - step
      this.#model.score(candidates, left, scores)
      let best = 0
      for (let i = 1; i < left; i++) if (scores[i]! > scores[best]!) best = i
      const item = candidates[best]!
      candidates.copyWithin(best, best + 1, left)
      const { choice, rating, reward } = this.#users.answer(0, item)
      rewards[step] = reward
      if (choice === 'leave') return
      seen.push({ item, rating: Number.isNaN(rating) ? null : rating })
      this.#model.observe(item, seen.at(-1)!.rating)
      if (learns && !this.#learn()) {
        learns = false
        this.#model.begin(viewer)
        for (const one of seen) this.#model.observe(one.item, one.rating)
      }
      yield share
    }
  }

  /** @returns false when the weights are no numbers any more */
  #learn(): boolean {
    try {
      this.#model.learn!(this.#perAnswer)
      this.updates += this.#perAnswer
      return true
    } catch (error) {
      if (!isPalateError(error) || error.code !== 'RUN_DIVERGED') throw error
      this.brokeOff++
      return false
    }
  }
}
