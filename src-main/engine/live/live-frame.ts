import type { LiveState, WhatIfInstead } from '../../contract/dto/live.ts'
import type { LiveModel, LiveSide } from '../core/live-model.ts'
import { diversity, nearest, type Neighbour } from './likeness.ts'
import type { LiveSession } from './live-session.ts'

/** Items of a ranking, first of all its head; position i of every column is that of item i. */
export interface FrameRanking {
  readonly items: Int32Array
  /** From 1. */
  readonly ranks: Int32Array
  readonly scores: Float32Array
  /** Before the last answer, from 1; 0 where there was none. */
  readonly ranksBefore: Int32Array
  /** The critic's; null where there is none. */
  readonly values: Float32Array | null
  readonly nearestLiked: readonly (Neighbour | null)[]
  readonly nearestDisliked: readonly (Neighbour | null)[]
}

/** A session as it stands, in numbers: what a window draws. */
export interface LiveFrame {
  readonly state: LiveState
  readonly ranking: FrameRanking
  /** What is to be answered now: positions in `ranking`. What is shown by chance may stand behind its head. */
  readonly slate: readonly number[]
  readonly candidates: number
  readonly positive: LiveSide | null
  readonly negative: LiveSide | null
  readonly diversity: number | null
  readonly updates: number
  readonly remarks: readonly string[]
  readonly limits: readonly string[]
}

/** Items at the head of the ranking that a frame tells of. */
export const FRAME_ITEMS = 50

/** Draws no random numbers and leaves no trace in the session. */
export function liveFrame(session: LiveSession, model: LiveModel): LiveFrame {
  const { vectors } = model
  const { positive, negative } = model.history()
  const slate = [...session.slate]
  const items = Int32Array.from(new Set([...session.order.subarray(0, FRAME_ITEMS), ...slate]))
  const values = model.values ? new Float32Array(items.length) : null
  if (values) model.values!(items, items.length, values)
  return {
    state: session.state,
    ranking: {
      items,
      ranks: Int32Array.from(items, (item) => session.rankOf(item)),
      scores: Float32Array.from(items, (item) => session.scoreOf(item)),
      ranksBefore: Int32Array.from(items, (item) => session.rankBeforeOf(item) ?? 0),
      values,
      ...neighbours(session, model, items),
    },
    slate: slate.map((item) => items.indexOf(item)),
    candidates: session.order.length,
    positive,
    negative,
    diversity: vectors ? diversity(vectors, [...session.inSight]) : null,
    updates: session.updates,
    remarks: session.remarks,
    limits: model.limits,
  }
}

/** The head of the ranking that would be; `ranksBefore` are the present ranks. Values would be those of another state: there are none. */
export function whatIfRanking(
  { session, model }: { readonly session: LiveSession; readonly model: LiveModel },
  change: { readonly answer: number; readonly item: number; readonly instead: WhatIfInstead },
): FrameRanking {
  const { order, scores } = session.whatIf(change.answer, change.item, change.instead)
  const items = order.slice(0, FRAME_ITEMS)
  return {
    items,
    ranks: Int32Array.from(items, (_, at) => at + 1),
    scores: Float32Array.from(items, (item) => scores[item]!),
    ranksBefore: Int32Array.from(items, (item) => session.rankOf(item)),
    values: null,
    ...neighbours(session, model, items),
  }
}

function neighbours(session: LiveSession, model: LiveModel, items: Int32Array) {
  const { vectors } = model
  const { positive, negative } = model.history()
  const near = (seen: readonly number[] | undefined, side: 1 | -1) => {
    const others = [...new Set([...(seen ?? []), ...answeredItems(session, side)])]
    return Array.from(items, (item) => (vectors ? nearest(vectors, item, others) : null))
  }
  return { nearestLiked: near(positive?.items, 1), nearestDisliked: near(negative?.items, -1) }
}

/** Items of the session with a reward above (1) or below (-1) the middle. */
function answeredItems(session: LiveSession, side: 1 | -1): number[] {
  return session.records.flatMap(({ items }) => items.filter(({ reward }) => Math.sign(reward) === side).map(({ item }) => item))
}
