import { float } from '../../contract/params.ts'
import { Rng } from '../core/rng.ts'
import { defineSimulator, type Answer, type SimulatedUsers, type SimulatedWorld } from '../core/simulator.ts'
import { ratingUnit } from '../data/hold-out.ts'
import { rewardOf, type InteractionTable } from '../data/interaction-table.ts'
import { AlsFit, predict, type Factorisation } from '../factorisation/als.ts'
import { factorisationParams } from './_factorisation-params.ts'
import { LoggedRatings } from './_logged-ratings.ts'

/**
 * A user answers with the rating that stands in the data; where there is none, with what a factorisation of this world's own
 * ratings predicts, and noise (algorithms.md section 8; DRR's simulator, algorithm-facts.md section 1).
 *
 * A user has one opinion of an item: asked again, in whatever order and company, the same answer comes. Nobody gets bored,
 * changes taste or leaves.
 */
export default defineSimulator({
  id: 'logged',
  title: 'Logged ratings, else predicted',
  doc: "The data set's own rating where there is one, otherwise the prediction of a factorisation that no policy uses, with noise.",
  params: {
    ...factorisationParams,
    noise: float({
      default: 0.5,
      min: 0,
      max: 10,
      symbol: 'σ',
      doc: 'Standard deviation of the noise on predicted ratings, in quarters of the scale (stars, from 1 to 5). Answers are cut to the scale.',
    }),
  },
  *learn({ size, lambda, epochs, noise }, { side, ratings, seed, stream }): Generator<number, SimulatedWorld> {
    const fit = new AlsFit(ratings, { size, lambda, epochs, biased: true }, stream('factorisation'))
    while (!fit.finished) {
      fit.advance()
      yield fit.epochsDone / epochs
    }
    yield 1
    return new LoggedWorld(side, ratings, fit.result, noise * ratingUnit(ratings.scale), `answer/${side}/${seed}`, seed)
  },
})

class LoggedWorld implements SimulatedWorld {
  readonly side: SimulatedWorld['side']
  readonly ratings: InteractionTable
  readonly #logged: LoggedRatings
  readonly #model: Factorisation
  readonly #deviation: number
  readonly #stream: string
  readonly #seed: number

  constructor(
    side: SimulatedWorld['side'],
    ratings: InteractionTable,
    model: Factorisation,
    deviation: number,
    stream: string,
    seed: number,
  ) {
    this.side = side
    this.ratings = ratings
    this.#logged = new LoggedRatings(ratings)
    this.#model = model
    this.#deviation = deviation
    this.#stream = stream
    this.#seed = seed
  }

  users(slots: number): SimulatedUsers {
    return new LoggedUsers(this, slots)
  }

  predict(userIndex: number, items: Int32Array, count: number, out: Float32Array): void {
    for (let i = 0; i < count; i++) out[i] = predict(this.#model, userIndex, items[i]!)
  }

  /** @param surely leaves the noise out */
  rating(user: number, item: number, surely: boolean): number {
    const logged = this.#logged.of(user, item)
    if (!Number.isNaN(logged)) return logged
    const expected = predict(this.#model, user, item)
    if (surely || this.#deviation === 0) return this.#cut(expected)
    // From the pair itself, not from a stream that all share: whoever asks, and when, meets the same opinion.
    const chance = Rng.stream(this.#seed, `${this.#stream}/${user}/${item}`).normal()
    return this.#cut(expected + this.#deviation * chance)
  }

  #cut(rating: number): number {
    const { min, max } = this.ratings.scale
    return Math.min(max, Math.max(min, rating))
  }
}

class LoggedUsers implements SimulatedUsers {
  readonly slots: number
  readonly #world: LoggedWorld
  readonly #userOf: Int32Array
  readonly #answer: { -readonly [K in keyof Answer]: Answer[K] } = { choice: 'rate', rating: 0, reward: 0 }

  constructor(world: LoggedWorld, slots: number) {
    this.slots = slots
    this.#world = world
    this.#userOf = new Int32Array(slots)
  }

  begin(slot: number, userIndex: number): void {
    this.#userOf[slot] = userIndex
  }

  answer(slot: number, itemIndex: number): Answer {
    const rating = this.#world.rating(this.#userOf[slot]!, itemIndex, false)
    this.#answer.rating = rating
    this.#answer.reward = rewardOf(rating, this.#world.ratings.scale)
    return this.#answer
  }

  /** Nothing changes what these users think. */
  shown(): void {}

  expected(slot: number, items: Int32Array, count: number, out: Float32Array): void {
    const { scale } = this.#world.ratings
    for (let i = 0; i < count; i++) out[i] = rewardOf(this.#world.rating(this.#userOf[slot]!, items[i]!, true), scale)
  }
}
