import { Rng } from '../core/rng.ts'
import type { Answer, SimulatedUsers, SimulatedWorld } from '../core/simulator.ts'
import { isPositive, type InteractionTable } from '../data/interaction-table.ts'
import { predict, type Factorisation } from '../factorisation/als.ts'
import { dot, normalise, type Clusters } from './_spherical-clusters.ts'
import { writeChances, type ChoiceChances, type ChoiceWeights, type Moment } from './_virtual-choice.ts'

/** Items that a user remembers having been shown. */
const REMEMBERED = 10

/** What the simulator's parameters say, the factorisation and the number of clusters left out. */
export interface VirtualSettings extends ChoiceWeights {
  /** Clusters that a taste is mixed of. */
  readonly mixture: number
  /** Share of a clicked item that the taste takes in. */
  readonly drift: number
  /** Whether a click leads to the item's own page. */
  readonly itemPage: boolean
  readonly leaveReward: number
  /** A skip of an item whose cosine with the taste lies below is said aloud. */
  readonly dislikeBelow: number
}

/** Where items lie: unit vectors (or zeros), row-major, and their clusters. */
export interface ItemSpace {
  readonly size: number
  readonly vectors: Float64Array
  readonly clusters: Clusters
}

/** Draws of tastes and chances: one named stream per question. */
export type VirtualStreams = (name: string) => Rng

/** Virtual users on the ratings of one side, as `virtual` describes them; nothing here is drawn but by the named streams. */
export class VirtualWorld implements SimulatedWorld {
  readonly side: SimulatedWorld['side']
  readonly ratings: InteractionTable
  readonly space: ItemSpace
  readonly settings: VirtualSettings
  readonly #model: Factorisation
  readonly #stream: VirtualStreams
  /** By user and cluster how many liked ratings; the row behind all users is everybody's sum. */
  readonly #liked: Float64Array

  constructor(
    side: SimulatedWorld['side'],
    ratings: InteractionTable,
    model: Factorisation,
    space: ItemSpace,
    settings: VirtualSettings,
    stream: VirtualStreams,
  ) {
    this.side = side
    this.ratings = ratings
    this.space = space
    this.settings = settings
    this.#model = model
    this.#stream = stream
    this.#liked = likedByCluster(ratings, space.clusters)
  }

  users(slots: number): SimulatedUsers {
    return new VirtualUsers(this, slots)
  }

  predict(userIndex: number, items: Int32Array, count: number, out: Float32Array): void {
    for (let i = 0; i < count; i++) out[i] = predict(this.#model, userIndex, items[i]!)
  }

  /** The chance that decides the answer to the nth item shown (from 0), the same under every policy: the first of "choice/USER/N". */
  chance(user: number, shown: number): number {
    return this.#stream(`choice/${user}/${shown}`).uniform()
  }

  /**
   * Writes the taste with which a user begins: some clusters, drawn by how many items of each the user liked, weighted at random
   * (evenly over all weightings). Somebody without a liked item, and a stranger (an index beyond the users), draws from what
   * everybody liked. Consumes the stream "taste/USER" from its start.
   *
   * @param likes items between which the taste lies instead, unless none of them points anywhere; then nothing is drawn
   */
  writeTaste(user: number, out: Float64Array, likes: readonly number[] = []): void {
    if (this.#writeMiddle(likes, out)) return
    const { size, clusters } = this.space
    const row = user < this.ratings.userCount && this.#likes(user) > 0 ? user : this.ratings.userCount
    const left = this.#liked.slice(row * clusters.count, (row + 1) * clusters.count)
    const rng = this.#stream(`taste/${user}`)
    out.fill(0)
    for (let drawn = 0; drawn < this.settings.mixture; drawn++) {
      const cluster = drawOf(left, rng)
      if (cluster < 0) break
      left[cluster] = 0
      // Exponential weights over their sum are uniform on the simplex; the sum is lost in the length.
      const weight = -Math.log(1 - rng.uniform())
      for (let c = 0; c < size; c++) out[c]! += weight * clusters.centres[cluster * size + c]!
    }
    normalise(out, 0, size)
  }

  /** @returns false when the items' vectors cancel out, or there are none */
  #writeMiddle(items: readonly number[], out: Float64Array): boolean {
    const { size, vectors } = this.space
    out.fill(0)
    for (const item of items) for (let c = 0; c < size; c++) out[c]! += vectors[item * size + c]!
    normalise(out, 0, size)
    return out.some((value) => value !== 0)
  }

  #likes(user: number): number {
    const { count } = this.space.clusters
    let sum = 0
    for (let c = 0; c < count; c++) sum += this.#liked[user * count + c]!
    return sum
  }
}

function likedByCluster(
  { size, userIndex, itemIndex, rating, userCount, scale }: InteractionTable,
  clusters: Clusters,
): Float64Array {
  const { count, clusterOf } = clusters
  const liked = new Float64Array((userCount + 1) * count)
  for (let row = 0; row < size; row++) {
    const cluster = clusterOf[itemIndex[row]!]!
    if (cluster < 0 || !isPositive(rating[row]!, scale)) continue
    liked[userIndex[row]! * count + cluster]!++
    liked[userCount * count + cluster]!++
  }
  return liked
}

/** A position drawn in proportion to its weight; -1 where all weights are 0. Consumes one uniform draw. */
function drawOf(weights: Float64Array, rng: Rng): number {
  let at = rng.uniform() * weights.reduce((sum, weight) => sum + weight, 0)
  let last = -1
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue
    last = i
    at -= weights[i]!
    if (at < 0) return i
  }
  return last
}

/** What a user in a slot carries through a session. */
interface Visit {
  user: number
  readonly taste: Float64Array
  /** The last few shown, oldest first. */
  readonly recent: number[]
  shown: number
  skips: number
  /** The item whose page is open; -1 on the main page. */
  page: number
}

class VirtualUsers implements SimulatedUsers {
  readonly slots: number
  readonly #world: VirtualWorld
  readonly #visits: Visit[]
  readonly #answer: { -readonly [K in keyof Answer]: Answer[K] } = { choice: 'skip', rating: NaN, reward: 0 }
  readonly #chances: ChoiceChances = { click: 0, skip: 0, leave: 0 }

  constructor(world: VirtualWorld, slots: number) {
    this.slots = slots
    this.#world = world
    const { size } = world.space
    this.#visits = Array.from({ length: slots }, () => ({
      user: 0,
      taste: new Float64Array(size),
      recent: [],
      shown: 0,
      skips: 0,
      page: -1,
    }))
  }

  begin(slot: number, userIndex: number, likes: readonly number[] = []): void {
    const visit = this.#visits[slot]!
    Object.assign(visit, { user: userIndex, shown: 0, skips: 0, page: -1 })
    visit.recent.length = 0
    this.#world.writeTaste(userIndex, visit.taste, likes)
  }

  answer(slot: number, itemIndex: number): Answer {
    const visit = this.#visits[slot]!
    const { settings, ratings } = this.#world
    const interest = this.#interest(visit, itemIndex)
    this.#write(visit, itemIndex, interest)
    const chance = this.#world.chance(visit.user, visit.shown)
    const answer = this.#answer
    if (chance < this.#chances.click) {
      answer.choice = 'click'
      answer.rating = ratings.scale.max
      answer.reward = 1
    } else if (chance >= 1 - this.#chances.leave) {
      answer.choice = 'leave'
      answer.rating = NaN
      answer.reward = settings.leaveReward
    } else {
      const aloud = interest < settings.dislikeBelow
      answer.choice = aloud ? 'rate' : 'skip'
      answer.rating = aloud ? ratings.scale.min : NaN
      answer.reward = aloud ? -1 : 0
    }
    this.shown(slot, itemIndex, answer.choice === 'click')
    return answer
  }

  shown(slot: number, itemIndex: number, liked: boolean): void {
    const visit = this.#visits[slot]!
    const { settings, space } = this.#world
    visit.shown++
    visit.recent.push(itemIndex)
    if (visit.recent.length > REMEMBERED) visit.recent.shift()
    visit.skips = liked ? 0 : visit.skips + 1
    visit.page = liked && settings.itemPage ? itemIndex : -1
    if (!liked) return
    const from = itemIndex * space.size
    for (let c = 0; c < space.size; c++)
      visit.taste[c] = (1 - settings.drift) * visit.taste[c]! + settings.drift * space.vectors[from + c]!
    normalise(visit.taste, 0, space.size)
  }

  expected(slot: number, items: Int32Array, count: number, out: Float32Array): void {
    const visit = this.#visits[slot]!
    const { leaveReward, dislikeBelow } = this.#world.settings
    for (let i = 0; i < count; i++) {
      const interest = this.#interest(visit, items[i]!)
      this.#write(visit, items[i]!, interest)
      const { click, skip, leave } = this.#chances
      out[i] = click + leave * leaveReward - (interest < dislikeBelow ? skip : 0)
    }
  }

  #interest({ taste }: Visit, item: number): number {
    const { vectors, size } = this.#world.space
    return dot(taste, 0, vectors, item * size, size)
  }

  #write(visit: Visit, item: number, interest: number): void {
    const { space, settings } = this.#world
    const { vectors, size } = space
    let sameness = 0
    for (const other of visit.recent) sameness += Math.max(0, dot(vectors, item * size, vectors, other * size, size))
    const moment: Moment = {
      interest,
      sameness: visit.recent.length === 0 ? 0 : sameness / visit.recent.length,
      anchor: visit.page < 0 ? null : dot(vectors, item * size, vectors, visit.page * size, size),
      skips: visit.skips,
      shown: visit.shown,
    }
    writeChances(moment, settings, this.#chances)
  }
}
