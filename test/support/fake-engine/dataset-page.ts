import { PalateError } from '../../../src-main/contract/errors.ts'
import type { DatasetDetail, ItemRow } from '../../../src-main/contract/dto/dataset.ts'
import type { UserRow } from '../../../src-main/contract/dto/dataset-figures.ts'
import type { Handlers } from '../../../src-main/services/handlers.ts'
import type { World } from './world.ts'

export const itemCount = 400
const userCount = 300
const dayMs = 86_400

export function fakeItem(at: number): ItemRow {
  const words = ['Night', 'River', 'Silent', 'Golden', 'Last', 'Winter', 'Glass', 'Paper']
  const genres = [['Drama'], ['Comedy', 'Romance'], ['Thriller'], ['Animation', 'Family'], ['Documentary']]
  return {
    itemIndex: at,
    itemId: String(at + 1),
    title: at === 3 ? '<img src=x onerror=alert(1)>' : `${words[at % 8]} ${words[(at * 3 + 1) % 8]} ${at}`,
    year: 1960 + (at % 60),
    genres: genres[at % 5]!,
    attributes: at % 2 === 0 ? { author: `Author ${at}` } : null,
    ratings: Math.max(1, Math.round(260 / (at + 1) ** 0.7)),
    meanRating: at % 17 === 0 ? null : 2.5 + ((at * 7) % 20) / 10,
  }
}

function fakeUser(at: number): UserRow {
  const ratings = Math.max(2, Math.round(180 / (at + 1) ** 0.45))
  const positives = Math.floor(ratings / 2)
  return {
    userIndex: at,
    userId: at === 2 ? '<b>user</b>' : `user-${at + 1}`,
    ratings,
    meanRating: 2.5 + ((at * 3) % 20) / 10,
    positives,
    negatives: Math.floor(ratings / 5),
  }
}

type PageCalls =
  | 'items'
  | 'activity'
  | 'genres'
  | 'sparsity'
  | 'users'
  | 'timeline'
  | 'embeddings'
  | 'embeddingMap'
  | 'notes'
  | 'setNotes'
  | 'restore'

/** What the page of a data set asks for: figures of a made-up world, the same at every call. */
export function fakeDatasetPage(
  world: World,
  datasetOf: (ref: number | string) => DatasetDetail,
): Pick<Handlers['datasets'], PageCalls> {
  const genreNames = ['Drama', 'Comedy', 'Romance', 'Thriller', 'Animation', 'Family', 'Documentary']
  const page = <T>(all: T[], { offset, limit }: { offset: number; limit: number }) =>
    Promise.resolve({ total: all.length, rows: all.slice(offset, offset + limit) })
  return {
    items: ({ search, genre, sort, direction, ...range }) => {
      const all = Array.from({ length: itemCount }, (_, at) => fakeItem(at)).filter(
        (row) => row.title?.toLowerCase().includes(search.toLowerCase()) && (genre === undefined || row.genres.includes(genre)),
      )
      if (sort === 'title') all.sort((a, b) => a.title!.localeCompare(b.title!))
      if (sort === 'title' ? direction === 'desc' : direction === 'asc') all.reverse()
      return page(all, range)
    },
    activity: () =>
      Promise.resolve({
        timeKind: 'unix-seconds' as const,
        unit: 'week' as const,
        bins: Array.from({ length: 40 }, (_, at) => ({
          from: 1_704_067_200 + at * 7 * dayMs,
          to: 1_704_067_200 + (at + 1) * 7 * dayMs,
          ratings: 150 + Math.round(100 * Math.sin(at / 5)),
          newUsers: Math.max(0, 15 - Math.round(at / 3)),
          newItems: at < 10 ? 40 : 0,
        })),
      }),
    genres: () =>
      Promise.resolve(
        genreNames.map((genre, at) => ({
          genre,
          items: 80,
          ratings: 2000 - at * 200,
          mean: 3.2 + at / 10,
          low: 3.1 + at / 10,
          high: 3.3 + at / 10,
        })),
      ),
    sparsity: () => {
      const userEdges = Array.from({ length: 21 }, (_, at) => at * 15)
      const itemEdges = Array.from({ length: 41 }, (_, at) => at * 10)
      const ratings = Array.from({ length: 800 }, (_, at) => Math.round(120 / (1 + Math.floor(at / 40) / 3 + (at % 40) / 4)))
      return Promise.resolve({ userEdges, itemEdges, ratings, usersForHalf: 60, itemsForHalf: 48 })
    },
    users: ({ search, sort, direction, ...range }) => {
      const all = Array.from({ length: userCount }, (_, at) => fakeUser(at)).filter((row) => row.userId.includes(search))
      all.sort((a, b) => (direction === 'asc' ? 1 : -1) * ((a[sort] ?? 0) - (b[sort] ?? 0)))
      return page(all, range)
    },
    timeline: ({ userIndex }) => {
      const user = fakeUser(userIndex)
      const events = Array.from({ length: user.ratings }, (_, at) => {
        const { itemIndex, itemId, title, genres } = fakeItem((at * 7) % itemCount)
        const rating = 1 + ((at * 3) % 5)
        const feedback = rating >= 4 ? ('positive' as const) : rating <= 2 ? ('negative' as const) : ('neutral' as const)
        return { itemIndex, itemId, title, genres, rating, time: 1_704_067_200 + at * dayMs, feedback }
      })
      return Promise.resolve({ ...user, attributes: { age: 30 }, timeKind: 'unix-seconds' as const, events })
    },
    embeddings: () =>
      Promise.resolve(
        world.embeddings.map((key, at) => ({
          key,
          kind: 'pmf',
          params: { size: 16, epochs: 12, bias: 'item' },
          size: 18,
          validationRmse: 0.94 + at / 100,
          lossCurve: Array.from({ length: 12 }, (_, epoch) => 0.7 + 0.4 / (epoch + 1) + at / 50),
          createdAt: 1_772_366_400_000,
        })),
      ),
    embeddingMap: ({ key }) =>
      Promise.resolve(
        key === 'damaged'
          ? null
          : {
              key,
              explained: [0.21, 0.13],
              ratedItems: itemCount,
              points: Array.from({ length: itemCount }, (_, at) => {
                const { itemId, title, genres, ratings } = fakeItem(at)
                return { itemId, title, genres, ratings, x: Math.sin(at * 1.7) + (at % 5), y: Math.cos(at * 2.3) + (at % 3) }
              }),
            },
      ),
    notes: ({ dataset }) => Promise.resolve({ notes: world.notes.get(datasetOf(dataset).id) ?? '' }),
    setNotes: ({ dataset, notes }) => {
      world.notes.set(datasetOf(dataset).id, notes)
      return Promise.resolve({ notes })
    },
    restore: ({ dataset }) => {
      const at = world.removed.findIndex((one) => one.id === dataset)
      const [found] = at < 0 ? [] : world.removed.splice(at, 1)
      if (!found) {
        const details = { name: String(dataset) }
        return Promise.reject(new PalateError('DATASET_NOT_FOUND', `There is no data set number ${dataset}.`, details))
      }
      world.datasets.push(found)
      return Promise.resolve(found)
    },
  }
}
