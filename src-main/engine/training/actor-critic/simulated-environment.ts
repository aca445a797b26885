import { Rng } from '../../core/rng.ts'
import type { SimulatedUsers, SimulatedWorld } from '../../core/simulator.ts'
import { readArray, readNumber, readTree, type StateTree } from '../../core/state-codec.ts'
import { requireTrainingWorld } from '../../simulation/_guards.ts'
import type { Environment, EpisodeKey, StepResult, TrainingEpisodes } from './environment.ts'
import { FeedbackLists } from './feedback-lists.ts'
import { Shortlist } from './shortlist.ts'

/**
 * One simulated user at a time. The history is what the user rated outside a fold, the candidates are a shortlist of the whole
 * catalogue, and the user answers: by the logged rating for items of the fold, otherwise as the simulator has it. So the fold
 * stands to the history as the test side stands to the training side in evaluation.
 *
 * Consumes one draw of its stream per episode and those of the shortlist.
 */
export class SimulatedEnvironment implements Environment {
  readonly lists: FeedbackLists
  readonly slot: number
  readonly #users: SimulatedUsers
  readonly #episodes: TrainingEpisodes
  readonly #keys: readonly EpisodeKey[]
  readonly #shortlist: Shortlist
  readonly #rng: Rng
  readonly #episodeLength: number
  readonly #overall: number | null
  #key = 0
  #baseline = 0
  #step = 0
  #left = 0
  #count = 0
  /** The candidates that are left, then those that are gone; the rest is room. */
  readonly #candidates: Int32Array
  readonly #result = { reward: 0, terminated: false, truncated: false }

  /**
   * @param users as many as there are environments; this one's stands in its slot
   * @throws PalateError DATA_UNSUITABLE when they come of a world that knows more than the training ratings
   */
  constructor(
    world: SimulatedWorld,
    users: SimulatedUsers,
    episodes: TrainingEpisodes,
    keys: readonly EpisodeKey[],
    lists: FeedbackLists,
    rng: Rng,
    options: { episodeLength: number; centreRewards: boolean; shortlist: number },
    slot: number,
  ) {
    requireTrainingWorld(world, episodes.train)
    this.#users = users
    this.#episodes = episodes
    this.#keys = keys
    this.lists = lists
    this.slot = slot
    this.#rng = rng
    this.#episodeLength = options.episodeLength
    this.#overall = options.centreRewards ? episodes.meanReward() : null
    this.#shortlist = new Shortlist(episodes, options.shortlist)
    this.#candidates = new Int32Array(this.#shortlist.most)
    this.reset()
  }

  get userRow(): number {
    return this.#episodes.userRow(this.#keys[this.#key]!)
  }

  get left(): number {
    return this.#left
  }

  candidate(index: number): number {
    return this.#candidates[index]!
  }

  reset(): void {
    this.#key = this.#rng.below(this.#keys.length)
    const key = this.#begin()
    this.#count = this.#shortlist.write(key, this.#rng, this.#candidates)
    this.#left = this.#count
    this.#step = 0
  }

  #begin(): EpisodeKey {
    const key = this.#keys[this.#key]!
    this.#episodes.begin(this.lists, this.slot, key)
    this.#users.begin(this.slot, key.user)
    this.#baseline = this.#overall === null ? 0 : this.#episodes.baseline(key, this.#overall)
    return key
  }

  step(index: number): StepResult {
    const item = this.#candidates[index]!
    this.#candidates[index] = this.#candidates[--this.#left]!
    this.#candidates[this.#left] = item
    this.#step++
    const answer = this.#users.answer(this.slot, item)
    if (!Number.isNaN(answer.rating)) this.lists.observe(this.slot, item, answer.rating)
    const result = this.#result
    result.reward = answer.reward - this.#baseline
    result.terminated = this.#left === 0 || answer.choice === 'leave'
    result.truncated = !result.terminated && this.#step >= this.#episodeLength
    return result
  }

  save(): StateTree {
    return {
      rng: { ...this.#rng.save() },
      key: this.#key,
      step: this.#step,
      left: this.#left,
      candidates: this.#candidates.slice(0, this.#count),
      lists: this.lists.save(this.slot),
    }
  }

  /** What the user was shown in the episode is shown again in its order, so that a user who changes with it is as before. */
  restore(saved: StateTree): void {
    this.#rng.load(readTree(saved, 'rng'))
    this.#key = readNumber(saved, 'key')
    this.#begin()
    this.#step = readNumber(saved, 'step')
    this.#left = readNumber(saved, 'left')
    const candidates = readArray(saved, 'candidates', Int32Array)
    this.#count = candidates.length
    this.#candidates.set(candidates)
    for (let at = this.#count - 1; at >= this.#left; at--) this.#users.answer(this.slot, candidates[at]!)
    this.lists.restore(this.slot, readTree(saved, 'lists') as ReturnType<FeedbackLists['save']>)
  }
}
