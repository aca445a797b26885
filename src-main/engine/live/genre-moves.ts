import type { GenreMove } from '../../contract/dto/live.ts'
import { isPositive } from '../data/interaction-table.ts'
import type { LiveSession } from './live-session.ts'

/**
 * How the genres of which something was said have moved: their items that were never shown. What was answered has left the ranking, and that it
 * left must not count as a rise of the rest; so ranks are those among what is left, in both rankings. Most liked first. No randomness.
 *
 * @param genres items by genre
 * @param favourites items that the viewer named in the beginning
 */
export function genreMoves(
  session: LiveSession,
  genres: ReadonlyMap<string, readonly number[]>,
  favourites: readonly number[],
): GenreMove[] {
  const now = session.order
  const left = new Set(now)
  const before = ranksOf(session.opening.filter((item) => left.has(item)))
  const after = ranksOf(now)
  const said = session.records.flatMap(({ items }) => items.filter(({ rating }) => rating !== null))
  const moves = [...genres].flatMap(([genre, all]): GenreMove[] => {
    const own = new Set(all)
    const heard = said.filter(({ item }) => own.has(item))
    const likes = heard.filter(({ rating }) => isPositive(rating!, session.scale)).length
    const named = favourites.filter((item) => own.has(item)).length
    const unseen = all.filter((item) => left.has(item))
    if (heard.length + named === 0 || unseen.length === 0) return []
    const mean = (ranks: ReadonlyMap<number, number>) => unseen.reduce((sum, item) => sum + ranks.get(item)!, 0) / unseen.length
    const counts = { favourites: named, likes, dislikes: heard.length - likes, items: unseen.length }
    return [{ genre, ...counts, before: mean(before), after: mean(after) }]
  })
  const liking = ({ likes, favourites: named, dislikes }: GenreMove) => likes + named - dislikes
  return moves.sort((a, b) => liking(b) - liking(a) || (a.genre < b.genre ? -1 : 1))
}

function ranksOf(order: Int32Array): Map<number, number> {
  return new Map(Array.from(order, (item, at) => [item, at + 1]))
}
