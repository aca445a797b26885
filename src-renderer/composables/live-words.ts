import type {
  FeedbackKind,
  HistoryItem,
  LiveDrift,
  LiveGenres,
  LiveItem,
  LiveReplay,
  LiveSession,
  LiveSetup,
} from '../../src-main/contract/dto/live.ts'
import { formatPercent, formatScore, plural } from './format.ts'
import { feedbackOf, type Opinion } from './live-rating.ts'

export const saidWords: Readonly<Record<FeedbackKind, string>> = {
  like: 'Liked',
  dislike: 'Disliked',
  skip: 'Skipped',
  rating: 'Rated',
}
export const saidIcons: Readonly<Record<FeedbackKind, string>> = {
  like: 'i-lucide-thumbs-up',
  dislike: 'i-lucide-thumbs-down',
  skip: 'i-lucide-skip-forward',
  rating: 'i-lucide-star',
}

/** "4", "3.5" */
export const ratingText = (rating: number): string => String(Number(rating.toFixed(2)))

/** "Liked", "Rated 4" */
export function opinionWords(opinion: Opinion): string {
  return typeof opinion === 'number' ? `${saidWords.rating} ${ratingText(opinion)}` : saidWords[opinion]
}
export const opinionIcon = (opinion: Opinion): string => saidIcons[feedbackOf(opinion)]

/** What was said of an item of a record, as `opinionWords`. */
export function saidOf({ feedback, rating }: { readonly feedback: FeedbackKind; readonly rating: number | null }): string {
  return feedback === 'rating' && rating !== null ? opinionWords(rating) : saidWords[feedback]
}

/** A title without the year that stands beside it anyway: "Alien (1979)" of 1979 is "Alien". */
export function shortTitle({ title, year }: Pick<LiveItem, 'title' | 'year'>): string {
  const tail = ` (${year})`
  return year !== null && title.length > tail.length && title.endsWith(tail) ? title.slice(0, -tail.length) : title
}

/** "1979 · Horror, Science Fiction" */
export function factsLine({ year, genres }: Pick<LiveItem, 'year' | 'genres'>): string {
  return [year === null ? '' : String(year), genres.join(', ')].filter(Boolean).join(' · ')
}

/** The latest answered first; what was there before the session comes last, in the order in which the model holds it. */
export function latestFirst(items: readonly HistoryItem[]): HistoryItem[] {
  return [...items].sort((a, b) => (b.answer ?? 0) - (a.answer ?? 0))
}

/** Columns for so many cards: full rows where that is possible. */
export function cardColumns(cards: number): number {
  if (cards <= 4) return cards
  return [4, 5, 3].find((columns) => cards % columns === 0) ?? 4
}

/** How an item's rank changed: with a sign for the eye, in words for the ear. */
export interface RankChange {
  readonly kind: 'up' | 'down' | 'same' | 'new' | 'first'
  readonly text: string
  readonly words: string
}

/**
 * The change among the items that are still there: that what was answered left its place is no rise of those below it.
 *
 * @param compared there was a ranking before; without one nothing can have changed
 * @param answered the ranks, from 1, that the items of the last answer had
 */
export function rankChange(
  { rank, rankBefore }: Pick<LiveItem, 'rank' | 'rankBefore'>,
  compared: boolean,
  answered: readonly number[] = [],
): RankChange {
  if (rankBefore === null)
    return compared ? { kind: 'new', text: 'new', words: 'new in the ranking' } : { kind: 'first', text: '', words: '' }
  const by = rankBefore - answered.filter((one) => one < rankBefore).length - rank
  if (by === 0) return { kind: 'same', text: '=', words: 'same rank as before' }
  return by > 0
    ? { kind: 'up', text: `+${by}`, words: `${plural(by, 'place')} up` }
    : { kind: 'down', text: `−${-by}`, words: `${plural(-by, 'place')} down` }
}

/** How two rankings differ, in a sentence. */
export function differenceWords(ranking: readonly Pick<LiveItem, 'rank' | 'rankBefore'>[]): string {
  const moved = ranking.filter((item) => item.rankBefore !== null && item.rankBefore !== item.rank)
  const most = moved.reduce((far, item) => Math.max(far, Math.abs(item.rankBefore! - item.rank)), 0)
  if (moved.length === 0) return `None of the first ${ranking.length} would stand elsewhere.`
  return `${moved.length} of the first ${ranking.length} would stand elsewhere, the farthest by ${plural(most, 'place')}.`
}

/** Who answers, by the name that its choice had. */
export function viewerWords({ setup, persona }: { setup: Pick<LiveSetup, 'viewer'>; persona: LiveSession['persona'] }): string {
  const { viewer } = setup
  if (viewer.kind === 'user') return `User no. ${viewer.userIndex + 1}`
  if (viewer.kind === 'virtual') return `Virtual user ${viewer.seed}`
  if (viewer.kind === 'persona') return `${persona?.title ?? viewer.persona} ${viewer.seed}`
  return viewer.favourites.length === 0 ? 'Me, cold' : `Me, ${plural(viewer.favourites.length, 'favourite')}`
}

export function learningWords({ learning }: LiveSetup): string {
  if (!learning) return 'frozen'
  return `${plural(learning.updatesPerAnswer, 'update')} an answer${learning.rateFactor === 1 ? '' : `, rate × ${learning.rateFactor}`}`
}

/** How much of what is shown is left to chance. */
export function explorationWords({ exploration = 0 }: Pick<LiveSetup, 'exploration'>): string {
  return exploration === 0 ? 'nothing: the best are shown' : `each card with a probability of ${formatPercent(exploration)}`
}

/** Whether an item is shown though the ranking alone would not have shown it. */
export const isExplored = ({ rank }: Pick<LiveItem, 'rank'>, { slate }: Pick<LiveSetup, 'slate'>): boolean => rank > slate

export const stateWords: Readonly<Record<LiveSession['state'], string>> = {
  open: 'Open',
  left: 'Left',
  exhausted: 'All seen',
}

/** What became of the policy on people that it was not trained on. */
export function driftWords({ before, after, users }: LiveDrift): string {
  if (users === 0) return 'This model cannot be measured within a session.'
  const change = after - before
  const people = `NDCG@20 over ${plural(users, 'held-out user')}`
  if (change === 0) return `Unchanged: ${people} is ${formatScore(after)}, as trained.`
  if (formatScore(before) === formatScore(after)) return `Hardly changed: ${people} is ${formatScore(after)}, as trained.`
  return `${people} went from ${formatScore(before)} as trained to ${formatScore(after)} now: ${change > 0 ? 'better' : 'worse'} by ${formatScore(Math.abs(change))}.`
}

/** How far a genre has come: "31.4 places up". A lower rank is better. */
export function moveWords(change: number): string {
  const places = Math.abs(change)
  if (places < 0.05) return 'stayed'
  return `${places.toFixed(1)} ${places.toFixed(1) === '1.0' ? 'place' : 'places'} ${change < 0 ? 'up' : 'down'}`
}

/** What a viewer said of a genre: "5 favourites, 12 liked, 1 not". */
export function saidOfGenre({ favourites, likes, dislikes }: NonNullable<LiveGenres['moves']>[number]): string {
  const parts = [
    favourites > 0 && plural(favourites, 'favourite'),
    likes > 0 && `${likes} liked`,
    dislikes > 0 && `${dislikes} not`,
  ]
  return parts.filter(Boolean).join(', ')
}

/** What is waited for while a session's process starts; undefined where nothing is played again. */
export function openingWords({ answers, setup }: Pick<LiveSession, 'answers' | 'setup'>): string | undefined {
  if (answers === 0) return undefined
  const learnt = setup.learning ? `, with ${plural(setup.learning.updatesPerAnswer, 'update')} after each` : ''
  return `Opening: ${plural(answers, 'answer')} played again to where the session stood${learnt} …`
}

/** Every word must occur in one of the session's texts. */
export function filterSessions(sessions: readonly LiveSession[], text: string): LiveSession[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return sessions.filter((session) => {
    const { name, notes, runName, model, setup, persona, state } = session
    const viewer = `${viewerWords({ setup, persona })} ${setup.viewer.kind}`
    const hay = [name, notes, runName, model, viewer, learningWords(setup), state].join(' ').toLowerCase()
    return words.every((word) => hay.includes(word))
  })
}

/** Whether a session that was played again came out as it is stored. */
export function replayWords({ answers, identical, firstDifference }: LiveReplay): string {
  return identical
    ? `${plural(answers, 'answer')} played again: every ranking is identical to what is stored.`
    : `Played again, it differs from what is stored, first after answer ${firstDifference} of ${answers}. The program or the record has changed since.`
}
