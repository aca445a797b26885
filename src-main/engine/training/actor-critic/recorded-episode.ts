import type { Rng } from '../../core/rng.ts'
import { NO_ITEM, type FeedbackLists } from './feedback-lists.ts'
import { copyRow, Transitions, type TransitionLayout } from './replay.ts'

/** What came of a recommendation. */
export interface Outcome {
  /** On the data set's scale; null leaves the lists as they are. */
  readonly rating: number | null
  readonly reward: number
  /** The item's competitor as DEERS learns from it; 0 without one. */
  readonly competitor?: number
}

/** Turns one user's recommendations, as they happen, into transitions for a learner's replay. */
export class RecordedEpisode {
  readonly #lists: FeedbackLists
  readonly #transition: Transitions
  /** Samples candidates for what judges items. */
  readonly #random: Rng
  /** What was last offered and has not been recommended yet; the rest is room. */
  #candidates = new Int32Array(64)
  #left = 0

  /** @param layout of the replay; @param lists whose slot 0 is the user's. Consumes one draw of `random` per candidate sampled */
  constructor(layout: TransitionLayout, lists: FeedbackLists, random: Rng) {
    this.#lists = lists
    this.#transition = new Transitions(1, layout)
    this.#random = random
  }

  /** The first `count` of `items` are what may be recommended. */
  offer(items: Int32Array, count: number): void {
    if (this.#candidates.length < count) this.#candidates = new Int32Array(2 * count)
    this.#left = count
    for (let i = 0; i < count; i++) this.#candidates[i] = items[i]!
  }

  /**
   * The item was recommended: the lists move on.
   * @param action that chose it; where nothing judges actions it is not looked at
   * @returns what happened, the same object each time
   */
  observe(userRow: number, action: Float32Array, item: number, { rating, reward, competitor = 0 }: Outcome): Transitions {
    const transition = this.#transition
    const lists = this.#lists
    transition.userRow[0] = userRow
    transition.item[0] = item
    if (transition.layout.actionWidth > 0) transition.action.set(action)
    copyRow(lists.positive, 0, transition.positive, 0, lists.length)
    copyRow(lists.negative, 0, transition.negative, 0, lists.length)
    this.#sampleCandidates(transition.candidates, item)
    this.#dropCandidate(item)
    if (rating !== null) lists.observe(0, item, rating)
    copyRow(lists.positive, 0, transition.nextPositive, 0, lists.length)
    copyRow(lists.negative, 0, transition.nextNegative, 0, lists.length)
    this.#sampleCandidates(transition.nextCandidates, NO_ITEM)
    transition.reward[0] = reward
    transition.terminated[0] = this.#left === 0 ? 1 : 0
    if (transition.layout.competitors) transition.competitor[0] = competitor
    return transition
  }

  #dropCandidate(item: number): void {
    const at = this.#candidates.subarray(0, this.#left).indexOf(item)
    if (at >= 0) this.#candidates[at] = this.#candidates[--this.#left]!
  }

  /** Different candidates, `sure` (if any) first, as many as there is room for; NO_ITEM fills the rest. */
  #sampleCandidates(out: Int32Array, sure: number): void {
    out.fill(NO_ITEM)
    let filled = 0
    if (sure !== NO_ITEM && out.length > 0) out[filled++] = sure
    for (let i = 0; i < this.#left && filled < out.length; i++) {
      const other = i + this.#random.below(this.#left - i)
      const item = this.#candidates[other]!
      this.#candidates[other] = this.#candidates[i]!
      this.#candidates[i] = item
      if (item !== sure) out[filled++] = item
    }
  }
}
