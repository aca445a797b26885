import type { RatingScale } from '../../contract/dto/dataset.ts'
import type { LiveAnswer, LiveResponse, LiveSetup, LiveState, WhatIfInstead } from '../../contract/dto/live.ts'
import { isPalateError, PalateError } from '../../contract/errors.ts'
import type { LiveModel, MetViewer } from '../core/live-model.ts'
import type { StateTree } from '../core/state-codec.ts'
import { rewardOf } from '../data/interaction-table.ts'
import { KeptStates } from './kept-states.ts'
import { shownItems } from './shown-items.ts'

/** Items at the head of the ranking that are recorded with an answer. */
export const RECORDED_TOP = 20

/** What became of one item of an answer. */
export interface AnsweredItem {
  readonly item: number
  readonly feedback: LiveResponse['feedback']
  /** null for a skip. */
  readonly rating: number | null
  readonly reward: number
  /** Of the item when it was shown, from 1. */
  readonly rank: number
  readonly score: number
}

/** One answer and what it did. */
export interface AnswerRecord {
  readonly answer: LiveAnswer
  readonly items: readonly AnsweredItem[]
  /** Gradient updates made after it. */
  readonly updates: number
  readonly topBefore: readonly number[]
  readonly topAfter: readonly number[]
}

/** The setup as far as the policy may know it. */
export type MetSetup = LiveSetup & { readonly viewer: MetViewer }

export interface LiveWorld {
  readonly itemCount: number
  readonly scale: RatingScale
  /** What the viewer knows already: never shown. */
  readonly excluded: readonly number[]
}

interface SavedState {
  readonly model: StateTree
  readonly brokeOffAt: number
  readonly rankBefore: Int32Array | null
}

/**
 * One person and one policy: ranking, answer, ranking, and so on. Deterministic: the same setup and answers give the same rankings
 * bit by bit, whether they are played, taken back and played again, or read from a record.
 */
export class LiveSession {
  readonly #model: LiveModel
  readonly #setup: MetSetup
  readonly #world: LiveWorld
  readonly #records: AnswerRecord[] = []
  readonly #states = new KeptStates<SavedState>()
  /** Candidates in ascending order of index; the first #left of them are still to be shown. */
  readonly #candidates: Int32Array
  readonly #gone: Uint8Array
  readonly #scores: Float32Array
  /** Candidates, best first. */
  #order = new Int32Array(0)
  #opening: Int32Array = new Int32Array(0)
  #shown: Int32Array = new Int32Array(0)
  /** By item, from 1; 0 for what is no candidate. */
  #rank: Int32Array
  #rankBefore: Int32Array | null = null
  #left = false
  /** The answer at which learning broke off, from 1; 0: it never did. */
  #brokeOffAt = 0
  #brokeOffBecause = ''

  /** @throws PalateError DATA_UNSUITABLE when the model cannot meet this viewer */
  constructor(model: LiveModel, setup: MetSetup, world: LiveWorld) {
    this.#model = model
    this.#setup = setup
    this.#world = world
    this.#gone = new Uint8Array(world.itemCount)
    this.#candidates = new Int32Array(world.itemCount)
    this.#scores = new Float32Array(world.itemCount)
    this.#rank = new Int32Array(world.itemCount)
    this.#begin()
  }

  get records(): readonly AnswerRecord[] {
    return this.#records
  }

  get state(): LiveState {
    return this.#left ? 'left' : this.#order.length === 0 ? 'exhausted' : 'open'
  }

  /** Candidates, best first; equal scores by item index. */
  get order(): Int32Array {
    return this.#order
  }

  /** The ranking before the first answer. */
  get opening(): Int32Array {
    return this.#opening
  }

  get scale(): RatingScale {
    return this.#world.scale
  }

  /** Of the item in the present ranking, from 1; 0 when it is no candidate. */
  rankOf(item: number): number {
    return this.#rank[item]!
  }

  /** Before the last answer; null before the first, and for what was no candidate then. */
  rankBeforeOf(item: number): number | null {
    return this.#rankBefore?.[item] || null
  }

  scoreOf(item: number): number {
    return this.#scores[item]!
  }

  /** The items to be answered now. */
  get slate(): Int32Array {
    return this.#left ? new Int32Array(0) : this.#shown
  }

  /** Items that the viewer looks at as one: the slate, or with a single card the head of the ranking. */
  get inSight(): Int32Array {
    return this.#setup.slate > 1 ? this.#shown : this.#order.subarray(0, RECORDED_TOP)
  }

  get updates(): number {
    return this.#records.reduce((sum, record) => sum + record.updates, 0)
  }

  get remarks(): readonly string[] {
    if (this.#brokeOffAt === 0) return []
    return [
      `Learning on line broke off after answer ${this.#brokeOffAt}: ${this.#brokeOffBecause} The session goes on with the last finite weights, frozen.`,
    ]
  }

  /**
   * The viewer answers: the state moves on item by item, then the policy learns, then the items are ranked anew. An item that is
   * answered is not shown again.
   *
   * @throws PalateError INPUT_INVALID; nothing has changed then
   */
  answer(answer: LiveAnswer): AnswerRecord {
    this.#check(answer)
    this.#keepState()
    const record = this.#play(answer)
    this.#records.push(record)
    return record
  }

  /** @throws PalateError INPUT_INVALID when there is no answer */
  undo(): void {
    if (this.#records.length === 0) throw invalid('There is no answer to take back.')
    this.#goTo(this.#records.slice(0, -1))
  }

  /**
   * The whole ranking as it would be now, had an item been answered otherwise. Everything that came later is kept, as far as it could
   * still happen. Leaves the session as it was.
   *
   * @param instead "absent": never answered, so that nothing was learnt from it and the item is still a candidate
   * @throws PalateError INPUT_INVALID
   */
  whatIf(answerNumber: number, item: number, instead: WhatIfInstead): { order: Int32Array; scores: Float32Array } {
    const asked = this.#records[answerNumber - 1]
    if (!asked?.items.some((one) => one.item === item)) {
      throw invalid(`Answer ${answerNumber} says nothing of item ${item}.`)
    }
    const records = [...this.#records]
    const responses = asked.answer.responses.flatMap((one): LiveResponse[] => {
      if (one.itemIndex !== item) return [one]
      return instead === 'absent' ? [] : [{ itemIndex: item, feedback: instead }]
    })
    const present = this.#save()
    this.#backTo(records.slice(0, answerNumber - 1), () => undefined)
    const changed = [{ ...asked.answer, responses }, ...records.slice(answerNumber).map(({ answer }) => answer)]
    for (const answer of changed) this.#records.push(this.#play(answer))
    const result = { order: this.#order, scores: this.#scores.slice() }
    this.#restore(present, records)
    return result
  }

  /** The first so many answers, to begin another session with. */
  prefix(count: number): LiveAnswer[] {
    return this.#records.slice(0, count).map(({ answer }) => answer)
  }

  #begin(): void {
    this.#gone.fill(0)
    for (const item of this.#world.excluded) this.#gone[item] = 1
    this.#left = false
    this.#brokeOffAt = 0
    this.#rankBefore = null
    this.#records.length = 0
    this.#model.begin(this.#setup.viewer)
    this.#rankAnew(0)
    this.#opening = this.#order
  }

  #check({ responses }: LiveAnswer): void {
    if (this.#left) throw invalid('The session is over: the viewer has left. Take the last answer back to go on.')
    const seen = new Set<number>()
    for (const { itemIndex: item, feedback, rating } of responses) {
      if (item >= this.#world.itemCount) throw invalid(`There is no item ${item} in the data set.`)
      if (seen.has(item)) throw invalid(`Item ${item} is answered twice at once. Say one thing of it.`)
      if (this.#gone[item])
        throw invalid(`Item ${item} was answered before, or is known to the viewer. Take that answer back to change it.`)
      const { min, max } = this.#world.scale
      if (feedback === 'rating' && (rating! < min || rating! > max))
        throw invalid(`A rating lies between ${min} and ${max}, not at ${rating}.`)
      seen.add(item)
    }
  }

  #ratingOf({ feedback, rating }: LiveResponse): number | null {
    const { min, max } = this.#world.scale
    switch (feedback) {
      case 'like':
        return max
      case 'dislike':
        return min
      case 'skip':
        return null
      case 'rating':
        return rating!
    }
  }

  #play(answer: LiveAnswer): AnswerRecord {
    const topBefore = this.#top()
    const items = answer.responses.map((response): AnsweredItem => {
      const item = response.itemIndex
      const rating = this.#ratingOf(response)
      const reward = rating === null ? 0 : rewardOf(rating, this.#world.scale)
      return { item, feedback: response.feedback, rating, reward, rank: this.#rank[item]!, score: this.#scores[item]! }
    })
    for (const { item, rating } of items) {
      this.#model.observe(item, rating)
      this.#gone[item] = 1
    }
    const updates = items.length === 0 ? 0 : this.#learn()
    this.#left = answer.leave
    this.#rankBefore = this.#rank
    this.#rankAnew(this.#records.length + 1)
    return { answer, items, updates, topBefore, topAfter: this.#top() }
  }

  /** @returns updates made */
  #learn(): number {
    const wanted = this.#setup.learning?.updatesPerAnswer ?? 0
    if (wanted === 0 || !this.#model.learn || this.#brokeOffAt > 0) return 0
    const before = this.#model.save()
    try {
      this.#model.learn(wanted)
      return wanted
    } catch (error) {
      if (!isPalateError(error) || error.code !== 'RUN_DIVERGED') throw error
      this.#model.restore(before)
      this.#brokeOffAt = this.#records.length + 1
      this.#brokeOffBecause = error.message
      return 0
    }
  }

  /** @param given answers so far */
  #rankAnew(given: number): void {
    const candidates = this.#candidates
    let count = 0
    for (let item = 0; item < this.#gone.length; item++) if (!this.#gone[item]) candidates[count++] = item
    const scores = new Float32Array(count)
    this.#model.score(candidates, count, scores)
    this.#scores.fill(0)
    for (let i = 0; i < count; i++) this.#scores[candidates[i]!] = scores[i]!
    const own = this.#scores
    this.#order = candidates.slice(0, count).sort((a, b) => own[b]! - own[a]! || a - b)
    this.#rank = new Int32Array(this.#world.itemCount)
    for (let at = 0; at < count; at++) this.#rank[this.#order[at]!] = at + 1
    const { slate, exploration = 0, seed } = this.#setup
    this.#shown = shownItems(this.#order, slate, exploration, { seed, given })
  }

  #top(): number[] {
    return [...this.#order.subarray(0, RECORDED_TOP)]
  }

  /** Stands behind these records, the session's first; what is played on the way is kept for the next step back. */
  #goTo(records: readonly AnswerRecord[]): void {
    this.#states.dropFrom(records.length + 1)
    this.#backTo(records, () => this.#keepState())
  }

  /** Stands behind these records, the session's first: played on from the nearest kept state. */
  #backTo(records: readonly AnswerRecord[], beforeEach: () => void): void {
    const kept = this.#states.nearest(records.length)
    if (kept) this.#restore(kept.state, records.slice(0, kept.at))
    else this.#begin()
    for (const { answer } of records.slice(kept?.at ?? 0)) {
      beforeEach()
      this.#records.push(this.#play(answer))
    }
  }

  #keepState(): void {
    this.#states.keep(this.#records.length, this.#save())
  }

  #save(): SavedState {
    return { model: this.#model.save(), brokeOffAt: this.#brokeOffAt, rankBefore: this.#rankBefore }
  }

  #restore(saved: SavedState, records: readonly AnswerRecord[]): void {
    this.#records.splice(0, this.#records.length, ...records)
    this.#gone.fill(0)
    for (const item of this.#world.excluded) this.#gone[item] = 1
    for (const record of records) for (const { item } of record.items) this.#gone[item] = 1
    this.#left = records.at(-1)?.answer.leave ?? false
    this.#brokeOffAt = saved.brokeOffAt
    this.#rankBefore = saved.rankBefore
    this.#model.restore(saved.model)
    this.#rankAnew(records.length)
  }
}

function invalid(message: string): PalateError {
  return new PalateError('INPUT_INVALID', message, { issues: [{ path: 'responses', message }] })
}
