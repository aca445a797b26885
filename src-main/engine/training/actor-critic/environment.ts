import { Rng } from '../../core/rng.ts'
import { readArray, readNumber, readTree, type StateTree } from '../../core/state-codec.ts'
import { groupByUserInTime, type Grouping } from '../../data/by-user.ts'
import { rewardOf, type InteractionTable } from '../../data/interaction-table.ts'
import { FOLDS, tableOfFold, type Embedding } from '../../factorisation/embedding.ts'
import { FeedbackLists } from './feedback-lists.ts'

/** A user and the fold of training ratings that an episode offers. */
export interface EpisodeKey {
  readonly user: number
  readonly fold: number
}

/** Histories and candidates of episodes on the training ratings; holds no test rating, because it is never given one. */
export class TrainingEpisodes {
  readonly train: InteractionTable
  readonly byUser: Grouping
  readonly embedding: Embedding

  constructor(train: InteractionTable, embedding: Embedding) {
    this.train = train
    this.byUser = groupByUserInTime(train)
    this.embedding = embedding
  }

  rowsOf(user: number): Int32Array {
    return this.byUser.rows.subarray(this.byUser.start[user]!, this.byUser.start[user + 1]!)
  }

  /** Row of the user in the embedding tables for episodes on this fold. */
  userRow({ user, fold }: EpisodeKey): number {
    return tableOfFold(this.embedding, fold) * this.embedding.userCount + user
  }

  /** Rows that an episode on the fold offers. */
  candidateRows({ user, fold }: EpisodeKey): Int32Array {
    return this.rowsOf(user).filter((row) => this.embedding.foldOf[row] === fold)
  }

  /** Sets the lists of a slot to the history outside the fold. */
  begin(lists: FeedbackLists, slot: number, { user, fold }: EpisodeKey): void {
    lists.begin(slot, this.train, this.rowsOf(user), (row) => this.embedding.foldOf[row] !== fold)
  }

  /** Mean reward of the user outside the fold, drawn towards the mean of all by five pseudo-ratings. */
  baseline({ user, fold }: EpisodeKey, overall: number): number {
    let sum = 5 * overall
    let count = 5
    for (const row of this.rowsOf(user)) {
      if (this.embedding.foldOf[row] === fold) continue
      sum += rewardOf(this.train.rating[row]!, this.train.scale)
      count++
    }
    return sum / count
  }

  meanReward(): number {
    let sum = 0
    for (let row = 0; row < this.train.size; row++) sum += rewardOf(this.train.rating[row]!, this.train.scale)
    return this.train.size > 0 ? sum / this.train.size : 0
  }

  /** All episodes of the users that have something to order: at least two candidates and some history. */
  keys(users: readonly number[]): EpisodeKey[] {
    return users.flatMap((user) => {
      const counts = new Array<number>(FOLDS).fill(0)
      const rows = this.rowsOf(user)
      for (const row of rows) counts[this.embedding.foldOf[row]!]!++
      return counts.flatMap((count, fold) => (count >= 2 && count < rows.length ? [{ user, fold }] : []))
    })
  }
}

/** What came of a step. */
export interface StepResult {
  readonly reward: number
  /** No candidate is left. */
  readonly terminated: boolean
  /** The step limit is reached. */
  readonly truncated: boolean
}

/**
 * One user at a time: the candidates are the ratings of a fold, feedback is the logged rating, no item comes twice.
 * Consumes one draw of its stream per episode.
 */
export class RerankEnvironment {
  readonly lists: FeedbackLists
  readonly #episodes: TrainingEpisodes
  readonly #keys: readonly EpisodeKey[]
  readonly #rng: Rng
  readonly #episodeLength: number
  readonly #centre: boolean
  readonly #overall: number
  #key = 0
  #baseline = 0
  #step = 0
  #left = 0
  #candidateRows: Int32Array = new Int32Array(0)

  constructor(
    episodes: TrainingEpisodes,
    keys: readonly EpisodeKey[],
    lists: FeedbackLists,
    rng: Rng,
    options: { episodeLength: number; centreRewards: boolean },
  ) {
    this.#episodes = episodes
    this.#keys = keys
    this.lists = lists
    this.#rng = rng
    this.#episodeLength = options.episodeLength
    this.#centre = options.centreRewards
    this.#overall = episodes.meanReward()
    this.reset()
  }

  get userRow(): number {
    return this.#episodes.userRow(this.#keys[this.#key]!)
  }

  /** How many candidates are left. */
  get left(): number {
    return this.#left
  }

  /** Item index of candidate `index`, from 0 to left - 1. */
  candidate(index: number): number {
    return this.#episodes.train.itemIndex[this.#candidateRows[index]!]!
  }

  reset(): void {
    this.#key = this.#rng.below(this.#keys.length)
    this.#start()
  }

  #start(): void {
    const key = this.#keys[this.#key]!
    this.#episodes.begin(this.lists, 0, key)
    this.#baseline = this.#centre ? this.#episodes.baseline(key, this.#overall) : 0
    this.#candidateRows = this.#episodes.candidateRows(key)
    this.#left = this.#candidateRows.length
    this.#step = 0
  }

  /** Recommends candidate `index`: its rating comes back, the lists move on, the candidate is gone. */
  step(index: number): StepResult {
    const { train } = this.#episodes
    const row = this.#candidateRows[index]!
    this.#candidateRows[index] = this.#candidateRows[--this.#left]!
    this.#candidateRows[this.#left] = row
    this.#step++
    const rating = train.rating[row]!
    this.lists.observe(0, train.itemIndex[row]!, rating)
    const terminated = this.#left === 0
    return {
      reward: rewardOf(rating, train.scale) - this.#baseline,
      terminated,
      truncated: !terminated && this.#step >= this.#episodeLength,
    }
  }

  save(): StateTree {
    return {
      rng: { ...this.#rng.save() },
      key: this.#key,
      step: this.#step,
      left: this.#left,
      candidateRows: this.#candidateRows.slice(),
      lists: this.lists.save(),
    }
  }

  restore(saved: StateTree): void {
    this.#rng.load(readTree(saved, 'rng'))
    this.#key = readNumber(saved, 'key')
    this.#start()
    this.#step = readNumber(saved, 'step')
    this.#left = readNumber(saved, 'left')
    this.#candidateRows = readArray(saved, 'candidateRows', Int32Array).slice()
    this.lists.restore(readTree(saved, 'lists') as ReturnType<FeedbackLists['save']>)
  }
}
