import type { MetViewer } from '../../core/live-model.ts'
import type { UserVector } from '../../../contract/dto/live.ts'
import type { LearningRules } from '../../core/q-learning-recipe.ts'
import { readArray, readNumber, readTree, type StateTree } from '../../core/state-codec.ts'
import { isNegative, isPositive } from '../../data/interaction-table.ts'
import type { LinearBase } from '../../factorisation/linear-base.ts'
import { baseMapOf, foldInUser, type BaseMap } from '../../factorisation/fold-in.ts'
import type { TrainingEpisodes } from '../actor-critic/environment.ts'
import { FeedbackLists } from '../actor-critic/feedback-lists.ts'
import { guestRowOf, saveGuest } from '../actor-critic/guest-row.ts'
import type { Tables } from '../actor-critic/networks.ts'

/** No fold: the whole history counts. */
const NO_FOLD = -1

interface Rated {
  readonly item: number
  readonly rating: number
}

/**
 * The person of a live session as a learner's tables and lists know them. Somebody whose vector follows the answers has a row of their own
 * behind those of all users: folded in from what they rated, as far as the model's feedback sides admit it.
 */
export class LivePerson {
  /** Slot 0 is the person's. */
  readonly lists: FeedbackLists
  readonly #recipe: LearningRules
  readonly #episodes: TrainingEpisodes
  readonly #tables: Tables
  readonly #follows: Readonly<Record<MetViewer['kind'], boolean>>
  readonly #baseMap: BaseMap | null
  readonly #meanRating: number
  readonly #guestRow: number
  #userRow = 0
  #baseline = 0
  /** Whether answers move the vector. */
  #moves = false
  #rated: Rated[] = []
  /** So many of the ratings were there before the session. */
  #known = 0

  /** @param tables with one row for a guest; @param base the trained one, null where the policy stands on none */
  constructor(
    recipe: LearningRules,
    episodes: TrainingEpisodes,
    tables: Tables,
    base: LinearBase | null,
    userVector: UserVector,
  ) {
    const { train, embedding } = episodes
    this.#recipe = recipe
    this.#episodes = episodes
    this.#tables = tables
    this.#follows = { user: userVector === 'follows', guest: userVector !== 'initial' }
    this.#baseMap = base && baseMapOf(embedding, base)
    this.#meanRating = train.size === 0 ? 0 : train.rating.reduce((sum, rating) => sum + rating, 0) / train.size
    this.#guestRow = guestRowOf(embedding)
    this.lists = new FeedbackLists(1, recipe.historyLength, train.scale, recipe.historyRule)
  }

  /** Of the person in the tables. */
  get userRow(): number {
    return this.#userRow
  }

  /** Mean reward that rewards are told from, where the recipe centres them. */
  get baseline(): number {
    return this.#baseline
  }

  /** What was rated in the session, in order. */
  get answers(): readonly Rated[] {
    return this.#rated.slice(this.#known)
  }

  begin(viewer: MetViewer): void {
    this.#rated = this.#ratingsBefore(viewer)
    this.#known = this.#rated.length
    this.lists.empty(0, this.#known)
    for (const { item, rating } of this.#rated) this.lists.observe(0, item, rating)
    const user = viewer.kind === 'user' ? viewer.userIndex : null
    this.#moves = this.#follows[viewer.kind]
    this.#userRow = user === null || this.#moves ? this.#guestRow : user
    const overall = this.#episodes.meanReward()
    const own = user === null ? overall : this.#episodes.baseline({ user, fold: NO_FOLD }, overall)
    this.#baseline = this.#recipe.centreRewards ? own : 0
    if (this.#userRow === this.#guestRow) this.#foldIn(this.#rated)
  }

  /** A rating joins what the vector follows; the lists are moved by whoever records the step. */
  rate(item: number, rating: number): void {
    this.#rated.push({ item, rating })
    if (this.#moves) this.#foldIn(this.#rated)
  }

  /** The person's rows of the tables, where they are none of the data's; null otherwise. */
  guest(): StateTree | null {
    if (this.#userRow !== this.#guestRow) return null
    return saveGuest(this.#tables, this.#episodes.embedding)
  }

  #ratingsBefore(viewer: MetViewer): Rated[] {
    const { train } = this.#episodes
    if (viewer.kind !== 'user') return viewer.favourites.map((item) => ({ item, rating: train.scale.max }))
    const rows = this.#episodes.rowsOf(viewer.userIndex)
    return Array.from(rows, (row) => ({ item: train.itemIndex[row]!, rating: train.rating[row]! }))
  }

  #foldIn(ratings: readonly Rated[]): void {
    const { embedding: options } = this.#recipe
    const { embedding } = this.#episodes
    const admitted = ratings.filter(({ rating }) => this.#admits(rating))
    const { width, latent } = embedding
    const user = new Float32Array(width)
    foldInUser(
      embedding,
      admitted.map(({ item }) => item),
      admitted.map(({ rating }) => rating),
      { mean: this.#meanRating, lambda: options.lambda, biased: options.bias === 'item' },
      user,
    )
    const action = new Float32Array(user)
    const scaleOf = () => Math.sqrt(user.subarray(0, latent).reduce((sum, value) => sum + value * value, 0) / latent)
    const rms = this.#baseMap ? this.#baseMap.apply(user, action) : scaleOf()
    this.#tables.userTable.set(user, this.#guestRow * width)
    this.#tables.baseTable.set(action, this.#guestRow * width)
    this.#tables.scaleTable[this.#guestRow] = rms
  }

  #admits(rating: number): boolean {
    const { feedback } = this.#recipe
    const { scale } = this.#episodes.train
    if (feedback === 'both') return true
    return feedback === 'positive' ? isPositive(rating, scale) : isNegative(rating, scale)
  }

  save(): StateTree {
    return {
      lists: this.lists.save(0),
      userRow: this.#userRow,
      baseline: this.#baseline,
      items: Int32Array.from(this.#rated, ({ item }) => item),
      ratings: Float64Array.from(this.#rated, ({ rating }) => rating),
      known: this.#known,
      moves: Number(this.#moves),
    }
  }

  restore(saved: StateTree): void {
    this.lists.restore(0, readTree(saved, 'lists') as ReturnType<FeedbackLists['save']>)
    this.#userRow = readNumber(saved, 'userRow')
    this.#baseline = readNumber(saved, 'baseline')
    const ratings = readArray(saved, 'ratings', Float64Array)
    this.#rated = Array.from(readArray(saved, 'items', Int32Array), (item, at) => ({ item, rating: ratings[at]! }))
    this.#known = readNumber(saved, 'known')
    this.#moves = readNumber(saved, 'moves') === 1
    if (this.#userRow === this.#guestRow) this.#foldIn(this.#moves ? this.#rated : this.#rated.slice(0, this.#known))
  }
}
