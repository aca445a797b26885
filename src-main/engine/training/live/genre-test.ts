import type { GenreArm, GenreEstimate, GenreTestReport, GenreTestRow, GenreTestWish } from '../../../contract/dto/genre-test.ts'
import type { LiveLearning, LiveResponse, LiveSetup } from '../../../contract/dto/live.ts'
import { drain } from '../../core/generators.ts'
import { Rng } from '../../core/rng.ts'
import type { LiveModel } from '../../core/live-model.ts'
import { bootstrapMeans } from '../../evaluation/bootstrap-means.ts'
import { percentileInterval } from '../../evaluation/statistics/interval.ts'
import type { LiveSession, MetSetup } from '../../live/live-session.ts'
import type { LiveStage } from './create-live-session.ts'
import { genreGround, type GenreGround } from './genre-ground.ts'

/** Length of the list whose share is told. */
const LIST = 20
const RESAMPLES = 2000

interface Arm {
  readonly name: GenreArm
  readonly setup: Omit<LiveSetup, 'viewer'>
}

/** Of one viewer. */
interface Trial {
  readonly before: number
  readonly after: number
  /** The same viewer's figure without what is asked for; null where another arm is the control. */
  readonly control: number | null
}

/**
 * Whether a genre falls for whom dislikes it, or rises for whom likes it. The same viewers and the same rules for every policy; sessions
 * leave no trace in each other. Consumes the streams "genre-test/..." of the seed. Yields the share that is done after each viewer.
 *
 * @throws PalateError INPUT_INVALID (no such genre), DATA_UNSUITABLE (no genres, or a model that cannot meet the viewers)
 */
export function* genreTest(stage: LiveStage, wish: GenreTestWish): Generator<number, GenreTestReport> {
  const ground = genreGround(stage.tables.train, wish)
  const arms = armsOf(wish)
  const trials = new Map<GenreArm, (Trial | null)[][]>()
  const limits = new Set<string>()
  let done = 0
  for (const { name, setup } of arms) {
    const someone = ground.viewer(wish.genres[0]!, 0)
    const model = stage.model({ ...setup, viewer: someone })
    if (setup.learning && !model.learn) {
      limits.add('This model makes no gradient updates in a session: nothing learns here.')
      continue
    }
    if (!setup.learning) for (const limit of model.limits) limits.add(limit)
    const own: (Trial | null)[][] = []
    for (const genre of wish.genres) {
      const ofGenre: (Trial | null)[] = []
      for (let viewer = 0; viewer < wish.count; viewer++) {
        ofGenre.push(trialOf(stage, model, { ...setup, viewer: ground.viewer(genre, viewer) }, ground, genre, wish))
        yield ++done / (arms.length * wish.genres.length * wish.count)
      }
      own.push(ofGenre)
    }
    trials.set(name, own)
  }
  return { wish, rows: [...rowsOf(trials, wish)], limits: [...limits] }
}

function armsOf({ question, viewers, updatesPerAnswer, rateFactor, seed }: GenreTestWish): Arm[] {
  const learns: LiveLearning = { updatesPerAnswer, rateFactor }
  const wanted = ({ setup }: Arm) => setup.learning === null || updatesPerAnswer > 0
  const arm = (name: GenreArm, userVector: LiveSetup['userVector'], learning: LiveLearning): Arm => ({
    name,
    setup: { userVector, learning, slate: 1, seed },
  })
  // Of a newcomer nothing was trained: what stays is what the favourites made.
  const still = question === 'favourites' || viewers === 'guests' ? 'initial' : 'fixed'
  return [
    arm('frozen', still, null),
    arm('follows', 'follows', null),
    arm('learns', still, learns),
    arm('follows and learns', 'follows', learns),
  ].filter(wanted)
}

function trialOf(
  stage: LiveStage,
  model: LiveModel,
  setup: MetSetup,
  ground: GenreGround,
  genre: string,
  wish: GenreTestWish,
): Trial | null {
  const begin = () => stage.session(model, setup)
  return wish.question === 'dislikes' ? dislike(begin, ground, genre, wish) : favour(begin, ground, genre, wish)
}

/**
 * The genre's highest items behind the list are disliked one by one; as control the same are passed over. Those in the list stay where they
 * are: an answered item leaves the ranking, and a list from which the whole genre was taken could not lose any more of it.
 */
function dislike(begin: () => LiveSession, ground: GenreGround, genre: string, { answers }: GenreTestWish): Trial | null {
  const share = ({ order }: LiveSession) => {
    const head = [...order.subarray(0, LIST)]
    return head.filter((item) => ground.has(item, genre)).length / head.length
  }
  const start = begin()
  const before = share(start)
  const shown = [...start.order.subarray(LIST)].filter((item) => ground.has(item, genre)).slice(0, answers)
  if (shown.length === 0) return null
  const after = (feedback: 'skip' | 'dislike') => {
    const session = begin()
    for (const itemIndex of shown) session.answer({ responses: [{ itemIndex, feedback }], leave: false })
    return share(session)
  }
  return { before, after: after('dislike'), control: after('skip') }
}

/** The best items that are not withheld are answered, again and again; ranks are those of the withheld ones among what is left in the end. */
function favour(
  begin: () => LiveSession,
  ground: GenreGround,
  genre: string,
  { answers, slate, others }: GenreTestWish,
): Trial | null {
  const withheld = ground.withheld(genre)
  if (withheld.size === 0) return null
  const session = begin()
  const start = session.order.slice()
  for (let given = 0; given < answers; given++) {
    const shown = session.order.filter((item) => !withheld.has(item)).slice(0, slate)
    const responses = Array.from(shown, (itemIndex): LiveResponse => ({
      itemIndex,
      feedback: ground.has(itemIndex, genre) ? 'like' : others,
    }))
    session.answer({ responses, leave: false })
  }
  const left = new Set(session.order)
  const meanRank = (order: Int32Array) => {
    const ranks = [...order.filter((item) => left.has(item))].flatMap((item, at) => (withheld.has(item) ? [at + 1] : []))
    return ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length
  }
  return { before: meanRank(start), after: meanRank(session.order), control: null }
}

function* rowsOf(trials: ReadonlyMap<GenreArm, (Trial | null)[][]>, wish: GenreTestWish): Generator<GenreTestRow> {
  const [control] = trials.values()
  for (const [arm, byGenre] of trials) {
    const others = arm !== 'frozen' && wish.question === 'favourites' ? control! : null
    for (const [at, genre] of wish.genres.entries()) yield* rowOf(arm, genre, [byGenre[at]!], others && [others[at]!], wish.seed)
    if (wish.genres.length > 1) yield* rowOf(arm, null, byGenre, others, wish.seed)
  }
}

/** One row; viewers are the units of the bootstrap, and over several genres a viewer's figure is the mean of theirs. */
function* rowOf(
  arm: GenreArm,
  genre: string | null,
  byGenre: readonly (readonly (Trial | null)[])[],
  control: readonly (readonly (Trial | null)[])[] | null,
  seed: number,
): Generator<GenreTestRow> {
  const meanBy = (value: (trial: Trial, other: Trial | null) => number | null) =>
    Float64Array.from(byGenre[0]!, (_, viewer) => {
      const values = byGenre.flatMap((trials, at) => {
        const trial = trials[viewer]
        const one = trial ? value(trial, control?.[at]?.[viewer] ?? null) : null
        return one === null ? [] : [one]
      })
      return values.length === 0 ? NaN : values.reduce((sum, one) => sum + one, 0) / values.length
    })
  const changes = meanBy((trial) => trial.after - trial.before)
  const effects = meanBy((trial, other) => {
    if (trial.control !== null) return trial.after - trial.control
    return other && trial.after - trial.before - (other.after - other.before)
  })
  const change = estimateOf(changes, seed)
  if (!change) return
  yield {
    arm,
    genre,
    viewers: changes.filter((value) => value === value).length,
    before: meanOf(meanBy((trial) => trial.before)),
    after: meanOf(meanBy((trial) => trial.after)),
    change,
    effect: estimateOf(effects, seed),
    below: shareBelow(effects),
  }
}

function shareBelow(values: Float64Array): number | null {
  const there = values.filter((value) => value === value)
  return there.length === 0 ? null : there.filter((value) => value < 0).length / there.length
}

function meanOf(values: Float64Array): number {
  const there = values.filter((value) => value === value)
  return there.reduce((sum, value) => sum + value, 0) / there.length
}

function estimateOf(values: Float64Array, seed: number): GenreEstimate | null {
  const there = values.filter((value) => value === value)
  if (there.length === 0) return null
  const value = meanOf(there)
  if (there.length < 2) return { value, low: null, high: null }
  const viewers = Int32Array.from(there, (_, viewer) => viewer)
  const [means] = drain(bootstrapMeans([there], viewers, RESAMPLES, Rng.stream(seed, 'genre-test/resamples')))
  return { value, ...percentileInterval(means!) }
}
