import type { ItemRow } from '../../contract/dto/dataset.ts'
import type { ReadableDatabase } from '../database.ts'
import { parseJson } from './json-column.ts'

export interface ItemQuery {
  /** Text that title, id or a genre contains, case ignored; empty for all. */
  readonly search: string
  readonly sort: 'ratings' | 'title' | 'meanRating'
  readonly offset: number
  readonly limit: number
}

export interface ItemLabel {
  readonly itemId: string
  readonly title: string | null
}

export interface Descriptions {
  readonly users: { readonly attributes: Readonly<Record<string, string | number>> | null }[]
  readonly items: { readonly year: number | null; readonly genres: readonly string[] }[]
}

export interface ItemsRepository {
  page(datasetId: number, query: ItemQuery): Promise<{ total: number; rows: ItemRow[] }>
  /** Id and title of every item, by itemIndex. */
  labels(datasetId: number): Promise<ItemLabel[]>
  /** Raw id of every user, by userIndex. */
  userIds(datasetId: number): Promise<string[]>
  /** What the source says of every user, by userIndex, and of every item, by itemIndex. */
  descriptions(datasetId: number): Promise<Descriptions>
}

const ORDER = {
  ratings: 'rating_count DESC, item_index',
  // Unrated items have no mean and come last.
  meanRating: 'mean_rating DESC NULLS LAST, rating_count DESC, item_index',
  title: 'title COLLATE NOCASE NULLS LAST, item_index',
} as const

export function createItemsRepository(read: ReadableDatabase): ItemsRepository {
  return {
    async page(datasetId, { search, sort, offset, limit }) {
      const pattern = search.trim() === '' ? null : `%${search.trim().replace(/[\\%_]/g, '\\$&')}%`
      const where = `WHERE dataset_id = ?1
        AND (?2 IS NULL OR title LIKE ?2 ESCAPE '\\' OR item_id LIKE ?2 ESCAPE '\\' OR genres LIKE ?2 ESCAPE '\\')`
      const total = await read.get<{ total: number }>(`SELECT count(*) AS total FROM items ${where}`, [datasetId, pattern])
      const rows = await read.all<Omit<ItemRow, 'genres'> & { genres: string }>(
        `SELECT item_index AS itemIndex, item_id AS itemId, title, year, genres, rating_count AS ratings, mean_rating AS meanRating
         FROM items ${where} ORDER BY ${ORDER[sort]} LIMIT ?3 OFFSET ?4`,
        [datasetId, pattern, limit, offset],
      )
      return { total: total!.total, rows: rows.map((row) => ({ ...row, genres: parseJson<string[]>(row.genres) })) }
    },
    labels: (datasetId) =>
      read.all<ItemLabel>('SELECT item_id AS itemId, title FROM items WHERE dataset_id = ? ORDER BY item_index', [datasetId]),
    async userIds(datasetId) {
      const sql = 'SELECT user_id AS userId FROM users WHERE dataset_id = ? ORDER BY user_index'
      return (await read.all<{ userId: string }>(sql, [datasetId])).map((row) => row.userId)
    },
    async descriptions(datasetId) {
      const users = await read.all<{ attributes: string | null }>(
        'SELECT attributes FROM users WHERE dataset_id = ? ORDER BY user_index',
        [datasetId],
      )
      const items = await read.all<{ year: number | null; genres: string }>(
        'SELECT year, genres FROM items WHERE dataset_id = ? ORDER BY item_index',
        [datasetId],
      )
      return {
        users: users.map(({ attributes }) => ({
          attributes: attributes === null ? null : parseJson<Record<string, string | number>>(attributes),
        })),
        items: items.map(({ year, genres }) => ({ year, genres: parseJson<string[]>(genres) })),
      }
    },
  }
}
