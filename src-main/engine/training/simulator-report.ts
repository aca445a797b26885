import type { SimulatorReport } from '../../contract/dto/simulator.ts'
import type { ParamValues } from '../../contract/params.ts'
import { plainExecutor } from '../compute/plain/plain-executor.ts'
import { Rng } from '../core/rng.ts'
import type { SimulatedWorld } from '../core/simulator.ts'
import { groupRows } from '../data/by-user.ts'
import { isNegative, isPositive, type InteractionTable } from '../data/interaction-table.ts'
import type { SimulatedEpisodes } from '../evaluation/simulated-episodes.ts'
import { countTraining } from '../evaluation/training-counts.ts'
import { models } from '../models/catalogue.gen.ts'
import { learnTrainingWorld } from '../simulation/_learn-world.ts'
import { fitFrame } from './evaluate-model.ts'
import { judgeFrame } from './judge-simulated.ts'
import { SimulatedArena } from './simulated-arena.ts'
import type { SplitTables } from './split-tables.ts'

const BINS = 10
/** Items of each user that are looked at for saturation. */
const ITEMS_EACH = 200
/** Of rounding: a rating this near to an end of the scale stands on it. */
const ROUNDING = 1e-6

type EngineReport = Pick<SimulatorReport, 'calibration' | 'agreement' | 'saturation' | 'earnings'>

/**
 * The report card of a simulator on a split. Yields now and then.
 *
 * @param settings of the protocol "online-simulated", complete
 * @param seed of the floors; the world has its own, among the settings
 */
export function* reportSimulator(tables: SplitTables, settings: ParamValues, seed: number): Generator<unknown, EngineReport> {
  const { simulator, steps, users: _users, seed: worldSeed, ...own } = settings
  const taught = yield* learnTrainingWorld(String(simulator), own, tables.train, Number(worldSeed))
  const calibration = calibrationOf(taught, tables.test)
  yield
  const agreement = yield* agreementOf(taught, tables.test)
  const arena = new SimulatedArena(tables, settings)
  const saturation = yield* saturationOf(yield* arena.meet(), arena.episodes)
  const facts = { seed, ks: [Number(steps)], split: tables.text, training: countTraining(tables.train) }
  const earnings: EngineReport['earnings'][number][] = []
  for (const model of models) {
    if (model.kind !== 'floor' && model.kind !== 'ceiling') continue
    const simulation = { name: 'online-simulated', arena }
    const scorer = yield* fitFrame(model, tables, seed, plainExecutor)
    const { rows, lists } = yield* judgeFrame(simulation, facts, model, scorer)
    const row = (metric: string) => rows.find((one) => one.metric === metric && one.subset === 'all')
    const reward = row('reward')
    if (!reward) continue
    const { value, users, low, high } = reward
    const interquartileMean = row('reward-iqm')!.value
    earnings.push({
      model: model.id,
      users,
      reward: value,
      low,
      high,
      interquartileMean,
      episodeReturn: row('episode-return')!.value,
      steps: lists.items.length / users,
      likes: lists.ratings.reduce((sum, rating) => sum + (isPositive(rating, tables.train.scale) ? 1 : 0), 0) / users,
    })
    yield
  }
  return { calibration, agreement, saturation, earnings: earnings.sort((a, b) => a.reward - b.reward) }
}

function calibrationOf(world: SimulatedWorld, test: InteractionTable): EngineReport['calibration'] {
  const scale = new BinnedScale(test.scale)
  const predicted = new Float64Array(BINS)
  const rated = new Float64Array(BINS)
  const out = new Float32Array(1)
  let squares = 0
  let bias = 0
  for (let row = 0; row < test.size; row++) {
    world.predict(test.userIndex[row]!, test.itemIndex.subarray(row, row + 1), 1, out)
    const prediction = scale.cut(out[0]!)
    const error = prediction - test.rating[row]!
    const at = scale.add(prediction)
    predicted[at]! += prediction
    rated[at]! += test.rating[row]!
    squares += error * error
    bias += error
  }
  const mean = (sum: number, count: number) => (count > 0 ? sum / count : null)
  return {
    ratings: test.size,
    rmse: test.size > 0 ? Math.sqrt(squares / test.size) : null,
    bias: mean(bias, test.size),
    bins: scale.bins().map((bin, at) => ({
      ...bin,
      meanPredicted: mean(predicted[at]!, bin.count),
      meanRating: mean(rated[at]!, bin.count),
    })),
  }
}

/** Pairs of a user's liked and disliked test items, by what the user is expected to pay for each as the first item shown. */
function* agreementOf(world: SimulatedWorld, test: InteractionTable): Generator<unknown, EngineReport['agreement']> {
  const users = world.users(1)
  const { rows, start } = groupRows(test.userIndex, test.userCount)
  let pairs = 0
  let right = 0
  for (let user = 0; user < test.userCount; user++) {
    const own = rows.subarray(start[user]!, start[user + 1]!)
    const worth = new Float32Array(own.length)
    users.begin(0, user)
    users.expected(
      0,
      Int32Array.from(own, (row) => test.itemIndex[row]!),
      own.length,
      worth,
    )
    const of = (side: typeof isPositive) => [...worth].filter((_, at) => side(test.rating[own[at]!]!, test.scale))
    const disliked = of(isNegative)
    for (const liked of of(isPositive)) {
      for (const other of disliked) right += liked > other ? 1 : liked === other ? 0.5 : 0
      pairs += disliked.length
    }
    if (user % 64 === 63) yield
  }
  return { pairs, share: pairs > 0 ? right / pairs : null }
}

/** Looks at items without a logged rating, drawn with the stream "saturation" of seed 0. */
function* saturationOf(world: SimulatedWorld, episodes: SimulatedEpisodes): Generator<unknown, EngineReport['saturation']> {
  const scale = new BinnedScale(world.ratings.scale)
  const rng = Rng.stream(0, 'saturation')
  const logged = new Set<number>()
  const { userIndex, itemIndex, size, itemCount } = world.ratings
  const wanted = new Set(episodes.users)
  for (let row = 0; row < size; row++) if (wanted.has(userIndex[row]!)) logged.add(userIndex[row]! * itemCount + itemIndex[row]!)
  const users = world.users(1)
  const out = new Float32Array(1)
  const counts = { predictedLowest: 0, predictedHighest: 0, answeredLowest: 0, answeredHighest: 0 }
  let pairs = 0
  for (let episode = 0; episode < episodes.count; episode++) {
    const user = episodes.userOf(episode)
    const free = episodes.candidatesOf(episode).filter((item) => !logged.has(user * itemCount + item))
    for (const item of rng.shuffle(free).subarray(0, ITEMS_EACH)) {
      world.predict(user, Int32Array.of(item), 1, out)
      const prediction = scale.cut(out[0]!)
      scale.add(prediction)
      users.begin(0, user)
      const { rating } = users.answer(0, item)
      counts.predictedLowest += scale.isLowest(prediction)
      counts.predictedHighest += scale.isHighest(prediction)
      counts.answeredLowest += scale.isLowest(rating)
      counts.answeredHighest += scale.isHighest(rating)
      pairs++
    }
    if (episode % 16 === 15) yield
  }
  const share = (count: number) => (pairs > 0 ? count / pairs : null)
  return {
    pairs,
    bins: scale.bins(),
    predictedLowest: share(counts.predictedLowest),
    predictedHighest: share(counts.predictedHighest),
    answeredLowest: share(counts.answeredLowest),
    answeredHighest: share(counts.answeredHighest),
  }
}

/** Counts ratings in bins of equal width. */
class BinnedScale {
  readonly #min: number
  readonly #max: number
  readonly #counts = new Int32Array(BINS)

  constructor({ min, max }: { readonly min: number; readonly max: number }) {
    this.#min = min
    this.#max = max
  }

  cut(rating: number): number {
    return Math.min(this.#max, Math.max(this.#min, rating))
  }

  isLowest(rating: number): 0 | 1 {
    return rating <= this.#min + ROUNDING * (this.#max - this.#min) ? 1 : 0
  }

  isHighest(rating: number): 0 | 1 {
    return rating >= this.#max - ROUNDING * (this.#max - this.#min) ? 1 : 0
  }

  /** @returns the bin that the rating, which lies on the scale, has joined */
  add(rating: number): number {
    const at = Math.min(BINS - 1, Math.floor((BINS * (rating - this.#min)) / (this.#max - this.#min)))
    this.#counts[at]!++
    return at
  }

  bins(): { low: number; high: number; count: number }[] {
    const edge = (at: number) => this.#min + (at * (this.#max - this.#min)) / BINS
    return Array.from(this.#counts, (count, at) => ({ low: edge(at), high: edge(at + 1), count }))
  }
}
