import type { LearningRules } from '../../core/q-learning-recipe.ts'
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
  #meanReward: number | undefined

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
  candidateRows(key: EpisodeKey): Int32Array {
    const rows = new Int32Array(this.countCandidates(key))
    this.writeCandidates(key, rows)
    return rows
  }

  countCandidates({ user, fold }: EpisodeKey): number {
    const { rows, start } = this.byUser
    let count = 0
    for (let i = start[user]!; i < start[user + 1]!; i++) if (this.embedding.foldOf[rows[i]!] === fold) count++
    return count
  }

  /** Writes the rows that an episode on the fold offers to the front of `out`. */
  writeCandidates({ user, fold }: EpisodeKey, out: Int32Array): void {
    const { rows, start } = this.byUser
    let count = 0
    for (let i = start[user]!; i < start[user + 1]!; i++) if (this.embedding.foldOf[rows[i]!] === fold) out[count++] = rows[i]!
  }

  /** Sets the lists of a slot to the history outside the fold. */
  begin(lists: FeedbackLists, slot: number, key: EpisodeKey): void {
    const { rows, start } = this.byUser
    const { train, embedding } = this
    const end = start[key.user + 1]!
    lists.empty(slot, end - start[key.user]! - this.countCandidates(key))
    for (let i = start[key.user]!; i < end; i++) {
      const row = rows[i]!
      if (embedding.foldOf[row] !== key.fold) lists.observe(slot, train.itemIndex[row]!, train.rating[row]!)
    }
  }

  /** Mean reward of the user outside the fold, drawn towards the mean of all by five pseudo-ratings. */
  baseline({ user, fold }: EpisodeKey, overall: number): number {
    let sum = 5 * overall
    let count = 5
    const { rows, start } = this.byUser
    for (let i = start[user]!; i < start[user + 1]!; i++) {
      const row = rows[i]!
      if (this.embedding.foldOf[row] === fold) continue
      sum += rewardOf(this.train.rating[row]!, this.train.scale)
      count++
    }
    return sum / count
  }

  /** Over all training ratings; every environment asks, so it is summed up once. */
  meanReward(): number {
    this.#meanReward ??= this.#sumUpRewards()
    return this.#meanReward
  }

  #sumUpRewards(): number {
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

/** What a policy learns with: one user at a time, each in a slot of lists that environments share. */
export interface Environment {
  readonly lists: FeedbackLists
  readonly slot: number
  /** Row of the user in the embedding tables. */
  readonly userRow: number
  /** How many candidates are left. */
  readonly left: number
  /** Item index of candidate `index`, from 0 to left - 1. */
  candidate(index: number): number
  /** Begins the next episode. */
  reset(): void
  /** Recommends candidate `index`: feedback comes back, the lists move on, the candidate is gone. @returns the same object each time */
  step(index: number): StepResult
  save(): StateTree
  restore(saved: StateTree): void
}

/** Name of the stream of environment `index`: alone it has the plain name, so that company never shifts what it draws. */
export function streamOf(name: string, index: number): string {
  return index === 0 ? name : `${name}/${index}`
}

/**
 * The environments of a recipe, each in a slot of the lists that they share. Consumes the streams "environment",
 * "environment/1", "environment/2" and so on.
 */
export function createEnvironments(
  episodes: TrainingEpisodes,
  keys: readonly EpisodeKey[],
  recipe: LearningRules,
  seed: number,
): RerankEnvironment[] {
  const lists = new FeedbackLists(recipe.environments, recipe.historyLength, episodes.train.scale, recipe.historyRule)
  return Array.from(
    { length: recipe.environments },
    (_, slot) => new RerankEnvironment(episodes, keys, lists, Rng.stream(seed, streamOf('environment', slot)), recipe, slot),
  )
}

/**
 * One user at a time: the candidates are the ratings of a fold, feedback is the logged rating, no item comes twice.
 * Consumes one draw of its stream per episode. Allocates nothing once it has met its longest episode.
 */
export class RerankEnvironment implements Environment {
  readonly lists: FeedbackLists
  readonly slot: number
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
  /** The candidates that are left, then those that are gone; the rest is room. */
  #candidateRows = new Int32Array(64)
  #candidateCount = 0
  readonly #result = { reward: 0, terminated: false, truncated: false }

  /** @param slot of the lists that is this environment's own */
  constructor(
    episodes: TrainingEpisodes,
    keys: readonly EpisodeKey[],
    lists: FeedbackLists,
    rng: Rng,
    options: { episodeLength: number; centreRewards: boolean },
    slot = 0,
  ) {
    this.#episodes = episodes
    this.#keys = keys
    this.lists = lists
    this.slot = slot
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

  /** Row of candidate `index` in the training table. */
  candidateRow(index: number): number {
    return this.#candidateRows[index]!
  }

  reset(): void {
    this.#key = this.#rng.below(this.#keys.length)
    this.#start()
  }

  #start(): void {
    const key = this.#keys[this.#key]!
    this.#episodes.begin(this.lists, this.slot, key)
    this.#baseline = this.#centre ? this.#episodes.baseline(key, this.#overall) : 0
    this.#candidateCount = this.#episodes.countCandidates(key)
    if (this.#candidateRows.length < this.#candidateCount) this.#candidateRows = new Int32Array(2 * this.#candidateCount)
    this.#episodes.writeCandidates(key, this.#candidateRows)
    this.#left = this.#candidateCount
    this.#step = 0
  }

  /**
   * Recommends candidate `index`: its rating comes back, the lists move on, the candidate is gone.
   * @returns the same object each time
   */
  step(index: number): StepResult {
    const { train } = this.#episodes
    const row = this.#candidateRows[index]!
    this.#candidateRows[index] = this.#candidateRows[--this.#left]!
    this.#candidateRows[this.#left] = row
    this.#step++
    const rating = train.rating[row]!
    this.lists.observe(this.slot, train.itemIndex[row]!, rating)
    const result = this.#result
    result.reward = rewardOf(rating, train.scale) - this.#baseline
    result.terminated = this.#left === 0
    result.truncated = !result.terminated && this.#step >= this.#episodeLength
    return result
  }

  save(): StateTree {
    return {
      rng: { ...this.#rng.save() },
      key: this.#key,
      step: this.#step,
      left: this.#left,
      candidateRows: this.#candidateRows.slice(0, this.#candidateCount),
      lists: this.lists.save(this.slot),
    }
  }

  restore(saved: StateTree): void {
    this.#rng.load(readTree(saved, 'rng'))
    this.#key = readNumber(saved, 'key')
    this.#start()
    this.#step = readNumber(saved, 'step')
    this.#left = readNumber(saved, 'left')
    this.#candidateRows.set(readArray(saved, 'candidateRows', Int32Array))
    this.lists.restore(this.slot, readTree(saved, 'lists') as ReturnType<FeedbackLists['save']>)
  }
}
