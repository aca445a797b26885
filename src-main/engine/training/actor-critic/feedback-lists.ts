import { isNegative, isPositive, type InteractionTable } from '../../data/interaction-table.ts'
import type { RatingScale } from '../../../contract/dto/dataset.ts'

/** Marks a place without an item. */
export const NO_ITEM = -1

/**
 * The positive and the negative list of some slots, each at most `length` long, best score first.
 *
 * Score (mdrr-att section 4.3): t r for liked items, t (rMax - r) for disliked ones, with t the interaction's rank in the
 * user's own history over the history's length; or t alone under the rule "latest". A new item has the next rank. Neutral
 * feedback changes neither list; a full list drops its lowest score.
 */
export class FeedbackLists {
  /** [slots, length] item indexes; NO_ITEM after the last. */
  readonly positive: Int32Array
  readonly negative: Int32Array
  readonly #positiveScores: Float64Array
  readonly #negativeScores: Float64Array
  /** Ranks given so far and the length of the training history, per slot. */
  readonly #rank: Int32Array
  readonly #historyLength: Int32Array
  readonly #scale: RatingScale
  readonly #rule: 'preference' | 'latest'
  readonly length: number

  constructor(slots: number, length: number, scale: RatingScale, rule: 'preference' | 'latest') {
    this.length = length
    this.#scale = scale
    this.#rule = rule
    this.positive = new Int32Array(slots * length).fill(NO_ITEM)
    this.negative = new Int32Array(slots * length).fill(NO_ITEM)
    this.#positiveScores = new Float64Array(slots * length)
    this.#negativeScores = new Float64Array(slots * length)
    this.#rank = new Int32Array(slots)
    this.#historyLength = new Int32Array(slots)
  }

  /** Starts a slot from a history. @param rows rows of `table`, in time order; @param use which of them count */
  begin(slot: number, table: InteractionTable, rows: Int32Array, use: (row: number) => boolean): void {
    let size = 0
    for (let i = 0; i < rows.length; i++) if (use(rows[i]!)) size++
    this.empty(slot, size)
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!
      if (use(row)) this.observe(slot, table.itemIndex[row]!, table.rating[row]!)
    }
  }

  /** Empties a slot. @param historyLength how many ratings of the history are about to be observed */
  empty(slot: number, historyLength: number): void {
    const from = slot * this.length
    this.positive.fill(NO_ITEM, from, from + this.length)
    this.negative.fill(NO_ITEM, from, from + this.length)
    this.#historyLength[slot] = Math.max(1, historyLength)
    this.#rank[slot] = 0
  }

  /** Feedback on an item: it joins the list of its side if its score is high enough. */
  observe(slot: number, item: number, rating: number): void {
    const rank = ++this.#rank[slot]!
    const time = rank / this.#historyLength[slot]!
    const scale = this.#scale
    const latest = this.#rule === 'latest'
    if (isPositive(rating, scale)) {
      // On 1..5 stars this is t r itself; the offset keeps scales that start at or below zero positive.
      this.#insert(this.positive, this.#positiveScores, slot, item, latest ? time : time * (rating - scale.min + 1))
    } else if (isNegative(rating, scale)) {
      this.#insert(this.negative, this.#negativeScores, slot, item, latest ? time : time * (scale.max - rating))
    }
  }

  #insert(items: Int32Array, scores: Float64Array, slot: number, item: number, score: number): void {
    const from = slot * this.length
    const end = from + this.length
    let at = from
    // Among equal scores the later one stands first: the older drops out.
    while (at < end && items[at] !== NO_ITEM && scores[at]! > score) at++
    if (at === end) return
    items.copyWithin(at + 1, at, end - 1)
    scores.copyWithin(at + 1, at, end - 1)
    items[at] = item
    scores[at] = score
  }

  /** A copy of one slot. */
  save(slot: number) {
    const from = slot * this.length
    const end = from + this.length
    return {
      positive: this.positive.slice(from, end),
      negative: this.negative.slice(from, end),
      positiveScores: this.#positiveScores.slice(from, end),
      negativeScores: this.#negativeScores.slice(from, end),
      rank: this.#rank.slice(slot, slot + 1),
      historyLength: this.#historyLength.slice(slot, slot + 1),
    }
  }

  restore(slot: number, saved: ReturnType<FeedbackLists['save']>): void {
    const from = slot * this.length
    this.positive.set(saved.positive, from)
    this.negative.set(saved.negative, from)
    this.#positiveScores.set(saved.positiveScores, from)
    this.#negativeScores.set(saved.negativeScores, from)
    this.#rank.set(saved.rank, slot)
    this.#historyLength.set(saved.historyLength, slot)
  }
}
