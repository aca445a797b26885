import type { Scorer } from '../core/model.ts'
import type { Policy } from '../core/policy.ts'
import { candidateCount, candidatesOf, ratingOf, type CandidateSets, type ToldFeedback } from './candidate-sets.ts'
import { bestPositions } from './best-positions.ts'

/**
 * The recommended lists of all sets, each at most `length` long: list c stands from start[c] to start[c + 1]. The rating of an
 * item that the user never rated is NaN.
 */
export interface RankedLists {
  readonly start: Int32Array
  readonly items: Int32Array
  readonly ratings: Float32Array
  readonly scores: Float32Array
}

/** Candidates that a scorer is asked for before others get a turn: some tens of milliseconds. */
const CANDIDATES_AT_ONCE = 50_000

/** @param length longest list wanted: the largest k */
function emptyLists(sets: CandidateSets, length: number): RankedLists {
  const start = new Int32Array(sets.users.length + 1)
  for (let c = 0; c < sets.users.length; c++) start[c + 1] = start[c]! + Math.min(length, candidateCount(sets, c))
  const size = start[sets.users.length]!
  return { start, items: new Int32Array(size), ratings: new Float32Array(size), scores: new Float32Array(size) }
}

/**
 * Orders every set once by score, highest first; equal scores by item index.
 *
 * Yields after each few thousand candidates, so that the caller can pause; returns the lists.
 */
export function* rankOnce(sets: CandidateSets, scorer: Scorer, length: number): Generator<number, RankedLists> {
  const lists = emptyLists(sets, length)
  let scored = 0
  for (let c = 0; c < sets.users.length; c++) {
    const items = candidatesOf(sets, c)
    scored += items.length
    const scores = new Float32Array(items.length)
    scorer.score(sets.users[c]!, items, items.length, scores)
    writeOrder(sets, lists, c, items, scores)
    if (scored < CANDIDATES_AT_ONCE) continue
    yield c / sets.users.length
    scored = 0
  }
  return lists
}

function writeOrder(sets: CandidateSets, lists: RankedLists, c: number, items: Int32Array, scores: Float32Array): void {
  const order = bestPositions(scores, lists.start[c + 1]! - lists.start[c]!)
  for (let at = lists.start[c]!, i = 0; at < lists.start[c + 1]!; at++, i++) {
    const item = items[order[i]!]!
    lists.items[at] = item
    lists.ratings[at] = sets.pool ? ratingOf(sets, c, item) : sets.ratings[sets.start[c]! + order[i]!]!
    lists.scores[at] = scores[order[i]!]!
  }
}

/**
 * Runs the policy over every set, as many users at once as it has slots.
 *
 * Sequential: the best remaining candidate is recommended, its logged rating is observed, and so on. Otherwise the order
 * is read off the first action. A candidate's rating reaches the policy only after it was recommended; what is told before the
 * list reaches it as if it had been recommended.
 */
export function* rankByPolicy(
  sets: CandidateSets,
  policy: Policy,
  length: number,
  sequential: boolean,
): Generator<number, RankedLists> {
  if (sequential && sets.pool) throw new TypeError('Only a logged rating can come back as feedback: a pool is ordered at once')
  const lists = emptyLists(sets, length)
  const leaders = [...sets.users.keys()].filter((c) => c === 0 || sets.users[c] !== sets.users[c - 1])
  // A batch takes as many steps as its longest list: users with lists of a length stand together.
  if (sequential) leaders.sort((a, b) => lengthOf(lists, b) - lengthOf(lists, a) || a - b)
  for (let first = 0; first < leaders.length; first += policy.slots) {
    const batch = leaders.slice(first, first + policy.slots)
    batch.forEach((c, slot) => policy.begin(slot, sets.users[c]!))
    if (sets.told) tell(sets.told, policy, batch)
    const share = first / leaders.length
    if (sequential) yield* stepThrough(sets, lists, policy, batch, share)
    else yield* orderBatch(sets, lists, policy, batch, share)
    yield share
  }
  return lists
}

function lengthOf(lists: RankedLists, c: number): number {
  return lists.start[c + 1]! - lists.start[c]!
}

/** @param leaders the set of the user in each slot */
function tell({ start, items, ratings }: ToldFeedback, policy: Policy, leaders: readonly number[]): void {
  const longest = Math.max(...leaders.map((c) => start[c + 1]! - start[c]!))
  const ignored = new Float32Array(longest)
  for (let step = 0; step < longest; step++) {
    const active = leaders.flatMap((c, slot) => (start[c]! + step < start[c + 1]! ? [slot] : []))
    policy.act(Int32Array.from(active), active.length)
    for (const slot of active) {
      const at = start[leaders[slot]!]! + step
      const rest = items.subarray(at, start[leaders[slot]! + 1]!)
      // A policy that learns on may ask what it chose from.
      policy.score(slot, rest, rest.length, ignored)
      policy.observe(slot, items[at]!, ratings[at]!)
    }
  }
}

function* orderBatch(
  sets: CandidateSets,
  lists: RankedLists,
  policy: Policy,
  leaders: readonly number[],
  share: number,
): Generator<number, void> {
  policy.act(
    Int32Array.from(leaders, (_, slot) => slot),
    leaders.length,
  )
  let scored = 0
  for (const [slot, first] of leaders.entries()) {
    for (let c = first; sets.users[c] === sets.users[first]; c++) {
      const items = candidatesOf(sets, c)
      const scores = new Float32Array(items.length)
      policy.score(slot, items, items.length, scores)
      writeOrder(sets, lists, c, items, scores)
      scored += items.length
      if (scored < CANDIDATES_AT_ONCE) continue
      yield share
      scored = 0
    }
  }
}

function* stepThrough(
  sets: CandidateSets,
  lists: RankedLists,
  policy: Policy,
  batch: readonly number[],
  share: number,
): Generator<number> {
  /** Positions (within the whole of `sets`) that are still to be recommended, per slot. */
  const remaining = batch.map((c) =>
    Int32Array.from({ length: sets.start[c + 1]! - sets.start[c]! }, (_, i) => sets.start[c]! + i),
  )
  const left = remaining.map((positions) => positions.length)
  const widest = Math.max(...left)
  const items = new Int32Array(widest)
  const scores = new Float32Array(widest)
  const active = new Int32Array(batch.length)
  for (let step = 0; ; step++) {
    let count = 0
    for (const [slot, c] of batch.entries()) if (step < lengthOf(lists, c)) active[count++] = slot
    if (count === 0) return
    policy.act(active, count)
    for (let a = 0; a < count; a++) {
      const slot = active[a]!
      const positions = remaining[slot]!
      const size = left[slot]!
      for (let i = 0; i < size; i++) items[i] = sets.items[positions[i]!]!
      policy.score(slot, items, size, scores)
      let best = 0
      for (let i = 1; i < size; i++) if (scores[i]! > scores[best]!) best = i
      const position = positions[best]!
      const at = lists.start[batch[slot]!]! + step
      lists.items[at] = sets.items[position]!
      lists.ratings[at] = sets.ratings[position]!
      lists.scores[at] = scores[best]!
      policy.observe(slot, sets.items[position]!, sets.ratings[position]!)
      // Closing the gap keeps the candidates in ascending item order, and with it the rule for ties.
      positions.copyWithin(best, best + 1, size)
      left[slot] = size - 1
    }
    if (step % 16 === 15) yield share
  }
}
