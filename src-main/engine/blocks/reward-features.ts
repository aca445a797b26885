import type { RatingScale } from '../../contract/dto/dataset.ts'
import { rewardOf } from '../data/interaction-table.ts'

/** The latest liked and disliked items and the mean reward of a user in each of several slots. */
export class SideHistory {
  readonly #length: number
  readonly #scale: RatingScale
  /** [slots, 2, length]: item indexes, newest at count - 1 modulo length. */
  readonly #items: Int32Array
  /** [slots, 2]: how many have been seen. */
  readonly #counts: Int32Array
  /** [slots]: sum of rewards and their number. */
  readonly #rewards: Float64Array
  readonly #seen: Int32Array

  constructor(slots: number, length: number, scale: RatingScale) {
    this.#length = length
    this.#scale = scale
    this.#items = new Int32Array(slots * 2 * length)
    this.#counts = new Int32Array(slots * 2)
    this.#rewards = new Float64Array(slots)
    this.#seen = new Int32Array(slots)
  }

  begin(slot: number): void {
    this.#counts.fill(0, slot * 2, slot * 2 + 2)
    this.#rewards[slot] = 0
    this.#seen[slot] = 0
  }

  /** Neutral feedback moves the mean reward alone. */
  observe(slot: number, item: number, rating: number): void {
    this.#rewards[slot]! += rewardOf(rating, this.#scale)
    this.#seen[slot]!++
    const side = rating >= this.#scale.positiveFrom ? 0 : rating <= this.#scale.negativeTo ? 1 : -1
    if (side < 0) return
    const list = slot * 2 + side
    this.#items[list * this.#length + (this.#counts[list]! % this.#length)] = item
    this.#counts[list]!++
  }

  /** Mean of the vectors of a side into `out`; zeros without any. @param side 0: liked, 1: disliked */
  mean(slot: number, side: 0 | 1, items: Float32Array, width: number, out: Float64Array): void {
    out.fill(0)
    const list = slot * 2 + side
    const count = Math.min(this.#length, this.#counts[list]!)
    for (let i = 0; i < count; i++) {
      const at = this.#items[list * this.#length + i]! * width
      for (let c = 0; c < out.length; c++) out[c]! += items[at + c]! / count
    }
  }

  /** Mean reward so far, drawn towards 0 by five pseudo-ratings. */
  meanReward(slot: number): number {
    return this.#rewards[slot]! / (this.#seen[slot]! + 5)
  }
}

/**
 * What a linear model sees of a state and an item: for user u, means g of the liked and disliked items and item i, the
 * element-wise products u i, g+ i and g- i of the latent coordinates, their sums, the item's further coordinates (bias,
 * popularity), the user's mean reward and a constant 1.
 */
export class RewardFeatures {
  readonly count: number
  readonly #width: number
  readonly #latent: number
  readonly #user: Float64Array
  readonly #liked: Float64Array
  readonly #disliked: Float64Array
  readonly #values: Float64Array
  #meanReward = 0

  /** @param width of the vectors, of which `latent` coordinates are latent */
  constructor(width: number, latent: number) {
    this.#width = width
    this.#latent = latent
    this.#user = new Float64Array(latent)
    this.#liked = new Float64Array(latent)
    this.#disliked = new Float64Array(latent)
    this.count = 3 * latent + 3 + (width - latent) + 2
    this.#values = new Float64Array(this.count)
  }

  /** @param userAt where the user's vector begins; @param items the table that the history's indexes refer to */
  setState(users: Float32Array, userAt: number, items: Float32Array, history: SideHistory, slot: number): void {
    for (let c = 0; c < this.#latent; c++) this.#user[c] = users[userAt + c]!
    history.mean(slot, 0, items, this.#width, this.#liked)
    history.mean(slot, 1, items, this.#width, this.#disliked)
    this.#meanReward = history.meanReward(slot)
  }

  /** @returns the same array each time */
  of(items: Float32Array, item: number): Float64Array {
    const [x, k, w] = [this.#values, this.#latent, this.#width]
    const at = item * w
    x.fill(0, 3 * k, 3 * k + 3)
    for (let c = 0; c < k; c++) {
      const value = items[at + c]!
      x[3 * k]! += x[c] = this.#user[c]! * value
      x[3 * k + 1]! += x[k + c] = this.#liked[c]! * value
      x[3 * k + 2]! += x[2 * k + c] = this.#disliked[c]! * value
    }
    for (let c = k; c < w; c++) x[3 + 2 * k + c] = items[at + c]!
    x[this.count - 2] = this.#meanReward
    x[this.count - 1] = 1
    return x
  }
}
