import type { DatasetActivity, DatasetSparsity, EmbeddingMap } from '../../src-main/contract/dto/dataset-figures.ts'
import { formatPercent } from './format.ts'

/** Users and items seen up to the end of each bin, and their share of all. */
export interface Newcomers {
  /** The last rank or row of the bin, or the moment at which it ends. */
  readonly x: number
  readonly users: number
  readonly items: number
  readonly userShare: number
  readonly itemShare: number
}

export function newcomers({ bins, unit }: Pick<DatasetActivity, 'bins' | 'unit'>): Newcomers[] {
  const whole = unit === 'rank' || unit === 'row' ? 1 : 0
  const allUsers = bins.reduce((sum, bin) => sum + bin.newUsers, 0)
  const allItems = bins.reduce((sum, bin) => sum + bin.newItems, 0)
  let users = 0
  let items = 0
  return bins.map((bin) => {
    users += bin.newUsers
    items += bin.newItems
    return { x: bin.to - whole, users, items, userShare: users / Math.max(1, allUsers), itemShare: items / Math.max(1, allItems) }
  })
}

const fifths = 5

/** The picture in 25 numbers: ratings per pair, by fifths of the users (rows) and of the items. */
export function fillByFifths(picture: DatasetSparsity): number[][] {
  const { userEdges, itemEdges, ratings } = picture
  const columns = itemEdges.length - 1
  const users = userEdges.at(-1) ?? 0
  const items = itemEdges.at(-1) ?? 0
  const sums = Array.from({ length: fifths }, () => new Array<number>(fifths).fill(0))
  const pairs = Array.from({ length: fifths }, () => new Array<number>(fifths).fill(0))
  const fifth = (edges: readonly number[], cell: number, size: number) =>
    Math.min(fifths - 1, Math.floor(((edges[cell]! + edges[cell + 1]!) / 2 / size) * fifths))
  ratings.forEach((count, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns]
    const [u, i] = [fifth(userEdges, row, users), fifth(itemEdges, column, items)]
    sums[u]![i]! += count
    pairs[u]![i]! += cellPairs(picture, row, column)
  })
  return sums.map((line, u) => line.map((sum, i) => sum / Math.max(1, pairs[u]![i]!)))
}

/** How many pairs of user and item a cell stands for. */
export function cellPairs({ userEdges, itemEdges }: DatasetSparsity, row: number, column: number): number {
  return (userEdges[row + 1]! - userEdges[row]!) * (itemEdges[column + 1]! - itemEdges[column]!)
}

/** "Half of all ratings come from 15 % of the users and fall on 9 % of the items." */
export function describeHalves(picture: DatasetSparsity): string {
  const users = picture.usersForHalf / Math.max(1, picture.userEdges.at(-1) ?? 0)
  const items = picture.itemsForHalf / Math.max(1, picture.itemEdges.at(-1) ?? 0)
  return `Half of all ratings come from ${formatPercent(users)} of the users and fall on ${formatPercent(items)} of the items`
}

export interface GenreGroup {
  readonly genre: string
  readonly items: number
  /** Mean place of its items on the map. */
  readonly x: number
  readonly y: number
}

/** The genres of a map's items, the most frequent first; an item of several counts in each. */
export function genreGroups(points: EmbeddingMap['points']): GenreGroup[] {
  const groups = new Map<string, { items: number; x: number; y: number }>()
  for (const point of points) {
    for (const genre of point.genres) {
      const group = groups.get(genre) ?? { items: 0, x: 0, y: 0 }
      groups.set(genre, { items: group.items + 1, x: group.x + point.x, y: group.y + point.y })
    }
  }
  return [...groups]
    .map(([genre, { items, x, y }]) => ({ genre, items, x: x / items, y: y / items }))
    .sort((a, b) => b.items - a.items || (a.genre < b.genre ? -1 : 1))
}

/** What an item is shown as when several of its genres have a colour: the rarest says most about it. */
export function tellingGenre(genres: readonly string[], coloured: readonly string[]): string | undefined {
  return genres.filter((genre) => coloured.includes(genre)).sort((a, b) => coloured.indexOf(b) - coloured.indexOf(a))[0]
}
