import type { RatingScale } from '../../src-main/contract/dto/dataset.ts'
import type { FeedbackKind, LiveView, PastAnswer } from '../../src-main/contract/dto/live.ts'

/** What was said of an item in a session. */
export interface SaidItem {
  readonly itemIndex: number
  readonly title: string
  readonly feedback: FeedbackKind
  /** On the data set's scale; null where it was said in a word. */
  readonly rating: number | null
  /** When it was shown, from 1. */
  readonly rank: number
}

/** One answer of a session, and where it left the mean reward. */
export interface AnswerEntry {
  /** From 1. */
  readonly answer: number
  readonly items: readonly SaidItem[]
  readonly leave: boolean
  /** Mean over all items answered so far; null while there is none. */
  readonly meanReward: number | null
}

/** A record's item as it is listed. A like is stored as the highest rating; only what was said as a rating is told as one. */
export function saidItem(item: {
  readonly itemIndex: number
  readonly title: string
  readonly feedback: FeedbackKind
  readonly rating?: number | null | undefined
  readonly rank: number
}): SaidItem {
  const { itemIndex, title, feedback, rank } = item
  return { itemIndex, title, feedback, rating: feedback === 'rating' ? (item.rating ?? null) : null, rank }
}

/** What is asked first of an item of the record: what was liked, or rated high, becomes a dislike, and everything else a like. */
export function oppositeOf(
  { feedback, rating }: Pick<SaidItem, 'feedback' | 'rating'>,
  scale: Pick<RatingScale, 'min' | 'max'> | undefined,
): 'like' | 'dislike' {
  const high = rating !== null && scale !== undefined && rating > (scale.min + scale.max) / 2
  return feedback === 'like' || high ? 'dislike' : 'like'
}

/** The stored answers as the timeline shows them. */
export function entriesOf(history: readonly PastAnswer[]): AnswerEntry[] {
  return history.map(({ answer, items, leave, meanReward }) => ({
    answer,
    items: items.map(saidItem),
    leave,
    meanReward,
  }))
}

/** The entry of an answer that was just given, from what the engine made of it. */
export function entryOf({ session, figures }: LiveView, items: readonly SaidItem[], leave: boolean): AnswerEntry {
  return { answer: session.answers, items, leave, meanReward: figures.reward }
}

/** The ranking at a moment of a past session: before its first answer, or after one of them. */
export interface RankingThen {
  readonly items: readonly {
    readonly itemIndex: number
    readonly title: string
    readonly rank: number
    readonly rankBefore: number | null
  }[]
  /** Whether there was a ranking before: then what has no rank in it is new among the first. */
  readonly compared: boolean
}

/** @param at how many answers had been given, from 0 */
export function rankingThen(history: readonly PastAnswer[], at: number): RankingThen {
  const answer = history[at - 1]
  const top = answer?.topAfter ?? history[0]?.topBefore ?? []
  const before = new Map(answer?.topBefore.map(({ itemIndex }, place) => [itemIndex, place + 1]) ?? [])
  return {
    items: top.map(({ itemIndex, title }, place) => ({
      itemIndex,
      title,
      rank: place + 1,
      rankBefore: before.get(itemIndex) ?? null,
    })),
    compared: answer !== undefined,
  }
}

/** A point per answer for a chart; answers before anything was said have none. */
export function curveOf(history: readonly PastAnswer[], figure: 'meanReward' | 'precision'): (readonly [number, number])[] {
  return history.flatMap((answer) => {
    const value = answer[figure]
    return value === null ? [] : [[answer.answer, value] as const]
  })
}

/**
 * How much the heads of two sessions' rankings have in common, before the first answer and after each that both have.
 *
 * @returns points of (answers given, share of the longer head that stands in both, 0 to 1)
 */
export function overlapCurve(one: readonly PastAnswer[], other: readonly PastAnswer[]): (readonly [number, number])[] {
  const moments = one.length === 0 || other.length === 0 ? 0 : Math.min(one.length, other.length) + 1
  return Array.from({ length: moments }, (_, at) => {
    const [a, b] = [rankingThen(one, at).items, rankingThen(other, at).items]
    const known = new Set(a.map(({ itemIndex }) => itemIndex))
    const shared = b.filter(({ itemIndex }) => known.has(itemIndex)).length
    return [at, shared / Math.max(1, a.length, b.length)] as const
  })
}
