import type { HistoryItem, LiveItem, LiveNeighbour, LiveSession, LiveView } from '../../contract/dto/live.ts'
import type { LiveSide } from '../../engine/core/live-model.ts'
import type { Neighbour } from '../../engine/live/likeness.ts'
import { FRAME_ITEMS, type FrameRanking, type LiveFrame } from '../../engine/live/live-frame.ts'
import type { CatalogueItem } from '../../storage/repositories/items.ts'
import type { StoredAnswer, StoredLiveSession } from '../../storage/repositories/live-sessions.ts'

/** A frame with the names of things: what a window and a command show. */
export function liveView(
  stored: StoredLiveSession,
  frame: LiveFrame,
  answers: readonly StoredAnswer[],
  items: readonly CatalogueItem[],
): LiveView {
  const told = liveItems(frame.ranking, items)
  const answerOf = new Map(
    answers.flatMap(({ answer, responses }) => responses.map(({ itemIndex }) => [itemIndex, answer] as const)),
  )
  const responses = answers.flatMap((answer) => answer.responses)
  const rewards = responses.map(({ reward }) => reward)
  return {
    session: toLiveSession(stored),
    slate: frame.slate.map((at) => told[at]!),
    ranking: told.filter(({ rank }) => rank <= FRAME_ITEMS),
    candidates: frame.candidates,
    liked: historyItems(frame.positive, items, answerOf),
    disliked: historyItems(frame.negative, items, answerOf),
    figures: {
      reward: meanOf(rewards),
      precision: meanOf(rewards.map((reward) => (reward > 0 ? 1 : 0))),
      diversity: frame.diversity,
    },
    updates: frame.updates,
    remarks: [...frame.remarks],
    limits: [...frame.limits],
  }
}

export function liveItems(ranking: FrameRanking, items: readonly CatalogueItem[]): LiveItem[] {
  return Array.from(ranking.items, (itemIndex, at) => {
    const { itemId, year, genres } = items[itemIndex]!
    return {
      itemIndex,
      itemId,
      title: titleOf(items, itemIndex),
      year,
      genres: [...genres],
      rank: ranking.ranks[at]!,
      rankBefore: ranking.ranksBefore[at] || null,
      score: ranking.scores[at]!,
      value: ranking.values ? ranking.values[at]! : null,
      nearestLiked: neighbourOf(ranking.nearestLiked[at] ?? null, items),
      nearestDisliked: neighbourOf(ranking.nearestDisliked[at] ?? null, items),
    }
  })
}

/** @returns the session without what only storage needs */
export function toLiveSession({ executor: _, ...session }: StoredLiveSession): LiveSession {
  return session
}

/** In a name that nobody chose. */
export function viewerName({ setup: { viewer }, persona }: Pick<StoredLiveSession, 'setup' | 'persona'>): string {
  if (viewer.kind === 'user') return `user ${viewer.userIndex}`
  if (viewer.kind === 'virtual') return `virtual user ${viewer.seed}`
  if (viewer.kind === 'persona') return `${persona?.title.toLowerCase() ?? viewer.persona} ${viewer.seed}`
  const count = viewer.favourites.length
  return count === 0 ? 'a guest' : `a guest with ${count} ${count === 1 ? 'favourite' : 'favourites'}`
}

function historyItems(
  side: LiveSide | null,
  items: readonly CatalogueItem[],
  answerOf: ReadonlyMap<number, number>,
): HistoryItem[] {
  return (side?.items ?? []).map((itemIndex, at) => ({
    itemIndex,
    title: titleOf(items, itemIndex),
    genres: [...items[itemIndex]!.genres],
    attention: side!.attention ? side!.attention[at]! : null,
    answer: answerOf.get(itemIndex) ?? null,
  }))
}

function neighbourOf(neighbour: Neighbour | null, items: readonly CatalogueItem[]): LiveNeighbour | null {
  return neighbour && { itemIndex: neighbour.item, title: titleOf(items, neighbour.item), similarity: neighbour.similarity }
}

function titleOf(items: readonly CatalogueItem[], itemIndex: number): string {
  const { title, itemId } = items[itemIndex]!
  return title ?? itemId
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
