import type { Rng } from '../../core/rng.ts'
import { tableOfFold, type Embedding } from '../../factorisation/embedding.ts'
import type { EpisodeKey, TrainingEpisodes } from './environment.ts'

/**
 * What may be recommended in episodes with simulated users: every item outside the history, and a shortlist of them. The
 * shortlist is where lists are decided, the best by the embedding, and something of all the rest, so that what is learnt
 * about the best does not come at the price of the others.
 */
export class Shortlist {
  readonly #episodes: TrainingEpisodes
  readonly #embedding: Embedding
  readonly #size: number
  readonly #marks: Uint8Array
  /** All items outside the history, then the work of choosing among them. */
  readonly #items: Int32Array
  readonly #scores: Float32Array

  /** @param size so many of the best and as many others */
  constructor(episodes: TrainingEpisodes, size: number) {
    this.#episodes = episodes
    this.#embedding = episodes.embedding
    this.#size = size
    this.#marks = new Uint8Array(episodes.train.itemCount)
    this.#items = new Int32Array(episodes.train.itemCount)
    this.#scores = new Float32Array(episodes.train.itemCount)
  }

  /** Longest shortlist there can be. */
  get most(): number {
    return Math.min(2 * this.#size, this.#items.length)
  }

  /** Every item outside the history of the episode, ascending; the array is this object's own, until the next call. */
  open({ user, fold }: EpisodeKey): Int32Array {
    const { byUser, train } = this.#episodes
    const { foldOf } = this.#embedding
    this.#marks.fill(0)
    for (let i = byUser.start[user]!; i < byUser.start[user + 1]!; i++) {
      const row = byUser.rows[i]!
      if (foldOf[row] !== fold) this.#marks[train.itemIndex[row]!] = 1
    }
    let count = 0
    for (let item = 0; item < this.#marks.length; item++) if (this.#marks[item] === 0) this.#items[count++] = item
    return this.#items.subarray(0, count)
  }

  /**
   * Writes the shortlist to the front of `out`, the best in no particular order, then the others. Consumes a draw for each of
   * the others.
   * @returns how many there are
   */
  write(key: EpisodeKey, rng: Rng, out: Int32Array): number {
    const items = this.open(key)
    const best = Math.min(this.#size, items.length)
    this.#score(key, items)
    selectBest(items, this.#scores, best)
    const count = Math.min(items.length, 2 * this.#size)
    for (let i = best; i < count; i++) {
      const other = i + rng.below(items.length - i)
      const held = items[i]!
      items[i] = items[other]!
      items[other] = held
    }
    out.set(items.subarray(0, count))
    return count
  }

  #score({ user, fold }: EpisodeKey, items: Int32Array): void {
    const { width, users, items: vectors, userCount, itemCount } = this.#embedding
    const table = tableOfFold(this.#embedding, fold)
    const userAt = (table * userCount + user) * width
    for (let i = 0; i < items.length; i++) {
      const itemAt = (table * (itemCount + 1) + items[i]!) * width
      let sum = 0
      for (let c = 0; c < width; c++) sum += users[userAt + c]! * vectors[itemAt + c]!
      this.#scores[i] = sum
    }
  }
}

/** Moves the items with the `count` highest scores to the front, and their scores with them (Hoare's selection). */
function selectBest(items: Int32Array, scores: Float32Array, count: number): void {
  let low = 0
  let high = items.length - 1
  while (low < high && count > 0) {
    const pivot = scores[(low + high) >> 1]!
    let i = low
    let j = high
    while (i <= j) {
      while (scores[i]! > pivot) i++
      while (scores[j]! < pivot) j--
      if (i > j) break
      const item = items[i]!
      const score = scores[i]!
      items[i] = items[j]!
      scores[i] = scores[j]!
      items[j] = item
      scores[j] = score
      i++
      j--
    }
    if (count - 1 <= j) high = j
    else if (count - 1 >= i) low = i
    else return
  }
}
