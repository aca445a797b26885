import type { RatingScale } from '../../contract/dto/dataset.ts'
import type { Scorer } from '../core/model.ts'
import type { Policy } from '../core/policy.ts'
import type { Answer, SimulatedUsers, SimulatedWorld } from '../core/simulator.ts'
import { ratingOf } from '../data/interaction-table.ts'
import { bestPositions } from './best-positions.ts'
import type { RankedLists } from './rank.ts'

/** Episodes to be played: who meets whom, and what may be recommended. */
export interface EpisodeSource {
  readonly count: number
  /** Index under which the policy knows the user of the episode. */
  playerOf(episode: number): number
  /** The simulated user of the episode. */
  userOf(episode: number): number
  /** Items, ascending. The array may be the source's own, until the next call. */
  candidatesOf(episode: number): Int32Array
}

/** Candidates that are scored before others get a turn: some tens of milliseconds. */
const CANDIDATES_AT_ONCE = 50_000

/**
 * Plays every episode with a policy: the best candidate that is left is recommended, the user answers, the policy observes, and
 * so on; `steps` times, or until no candidate is left or the user goes. Policy and user are set back before each episode.
 *
 * @param policyFor is given the users, for the oracle; everybody else learns of them by their answers alone
 * @returns what was recommended in order; `ratings` are the answers: where the user gave none, the rating that earns as much
 */
export function* playPolicy(
  world: SimulatedWorld,
  source: EpisodeSource,
  policyFor: (users: SimulatedUsers, slots: number) => Policy,
  slots: number,
  steps: number,
): Generator<number, RankedLists> {
  const users = world.users(slots)
  const policy = policyFor(users, slots)
  const record = new EpisodeRecord(source.count, steps, world.ratings.scale)
  for (let first = 0; first < source.count; first += slots) {
    const batch = Math.min(slots, source.count - first)
    const remaining = Array.from({ length: batch }, (_, slot) => source.candidatesOf(first + slot).slice())
    for (let slot = 0; slot < batch; slot++) {
      users.begin(slot, source.userOf(first + slot))
      policy.begin(slot, source.playerOf(first + slot))
    }
    yield* playBatch(users, policy, record, remaining, first, first / source.count)
    yield (first + batch) / source.count
  }
  return record.lists()
}

function* playBatch(
  users: SimulatedUsers,
  policy: Policy,
  record: EpisodeRecord,
  remaining: readonly Int32Array[],
  first: number,
  share: number,
): Generator<number, void> {
  const left = Int32Array.from(remaining, (items) => items.length)
  const scores = new Float32Array(left.reduce((most, count) => Math.max(most, count), 0))
  const active = new Int32Array(remaining.length)
  let scored = 0
  for (let step = 0; step < record.steps; step++) {
    let count = 0
    for (let slot = 0; slot < remaining.length; slot++) if (left[slot]! > 0) active[count++] = slot
    if (count === 0) return
    policy.act(active, count)
    for (let a = 0; a < count; a++) {
      const slot = active[a]!
      const items = remaining[slot]!
      policy.score(slot, items, left[slot]!, scores)
      let best = 0
      for (let i = 1; i < left[slot]!; i++) if (scores[i]! > scores[best]!) best = i
      const item = items[best]!
      const answer = users.answer(slot, item)
      record.add(first + slot, item, answer, scores[best]!)
      if (!Number.isNaN(answer.rating)) policy.observe(slot, item, answer.rating)
      // Closing the gap keeps the candidates in ascending order, and with it the rule for ties: the lower index first.
      items.copyWithin(best, best + 1, left[slot])
      left[slot] = answer.choice === 'leave' ? 0 : left[slot]! - 1
      scored += left[slot]!
      if (scored < CANDIDATES_AT_ONCE) continue
      scored = 0
      yield share
    }
  }
}

/** Plays every episode with a static order: the user's answers change nothing. As `playPolicy` in all else. */
export function* playScorer(
  world: SimulatedWorld,
  source: EpisodeSource,
  scorer: Scorer,
  steps: number,
): Generator<number, RankedLists> {
  const users = world.users(1)
  const record = new EpisodeRecord(source.count, steps, world.ratings.scale)
  let scored = 0
  for (let episode = 0; episode < source.count; episode++) {
    const items = source.candidatesOf(episode)
    const scores = new Float32Array(items.length)
    scorer.score(source.playerOf(episode), items, items.length, scores)
    users.begin(0, source.userOf(episode))
    for (const at of bestPositions(scores, Math.min(steps, items.length))) {
      const answer = users.answer(0, items[at]!)
      record.add(episode, items[at]!, answer, scores[at]!)
      if (answer.choice === 'leave') break
    }
    scored += items.length
    if (scored < CANDIDATES_AT_ONCE) continue
    scored = 0
    yield episode / source.count
  }
  return record.lists()
}

/** Takes what the user will like best: the ceiling of every policy that cannot ask the user beforehand. */
export function oracleOf(users: SimulatedUsers, slots: number): Policy {
  return {
    slots,
    begin: () => undefined,
    act: () => undefined,
    score: (slot, items, count, out) => users.expected(slot, items, count, out),
    observe: () => undefined,
  }
}

/** What happened, with room for the longest episode each. */
class EpisodeRecord {
  readonly steps: number
  readonly #lengths: Int32Array
  readonly #items: Int32Array
  readonly #ratings: Float32Array
  readonly #scores: Float32Array
  readonly #scale: RatingScale

  constructor(episodes: number, steps: number, scale: RatingScale) {
    this.steps = steps
    this.#scale = scale
    this.#lengths = new Int32Array(episodes)
    this.#items = new Int32Array(episodes * steps)
    this.#ratings = new Float32Array(episodes * steps)
    this.#scores = new Float32Array(episodes * steps)
  }

  add(episode: number, item: number, { rating, reward }: Answer, score: number): void {
    const at = episode * this.steps + this.#lengths[episode]!++
    this.#items[at] = item
    this.#ratings[at] = Number.isNaN(rating) ? ratingOf(reward, this.#scale) : rating
    this.#scores[at] = score
  }

  lists(): RankedLists {
    const start = new Int32Array(this.#lengths.length + 1)
    this.#lengths.forEach((length, episode) => (start[episode + 1] = start[episode]! + length))
    const size = start[this.#lengths.length]!
    const lists = { start, items: new Int32Array(size), ratings: new Float32Array(size), scores: new Float32Array(size) }
    this.#lengths.forEach((length, episode) => {
      const from = episode * this.steps
      lists.items.set(this.#items.subarray(from, from + length), start[episode])
      lists.ratings.set(this.#ratings.subarray(from, from + length), start[episode])
      lists.scores.set(this.#scores.subarray(from, from + length), start[episode])
    })
    return lists
  }
}
