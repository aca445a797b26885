import type { ItemRow } from '../../contract/dto/dataset.ts'
import type { ReadableDatabase } from '../database.ts'
import { parseJson } from './json-column.ts'

export interface ItemQuery {
  /** Text that title, id or a genre contains, case ignored; empty for all. */
  readonly search: string
  /** A whole genre; left out for all. */
  readonly genre?: string | undefined
  readonly sort: 'ratings' | 'title' | 'year' | 'meanRating'
  /** Left out: titles from A, everything else from the top. */
  readonly direction?: 'asc' | 'desc' | undefined
  readonly offset: number
  readonly limit: number
}

export interface ItemLabel {
  readonly itemId: string
  readonly title: string | null
}

export interface CatalogueItem extends ItemLabel {
  readonly year: number | null
  readonly genres: readonly string[]
}

export interface UserRecord {
  readonly userId: string
  /** What the source says of the user. */
  readonly attributes: Record<string, string | number> | null
}

export interface Descriptions {
  readonly users: { readonly attributes: Readonly<Record<string, string | number>> | null }[]
  readonly items: { readonly year: number | null; readonly genres: readonly string[] }[]
}

export interface ItemsRepository {
  page(datasetId: number, query: ItemQuery): Promise<{ total: number; rows: ItemRow[] }>
  /** Id and title of every item, by itemIndex. */
  labels(datasetId: number): Promise<ItemLabel[]>
  /** Every item, by itemIndex. */
  catalogue(datasetId: number): Promise<CatalogueItem[]>
  /** Raw id of every user, by userIndex. */
  userIds(datasetId: number): Promise<string[]>
  /** Raw ids of a few users, in the order of `userIndexes`. */
  userIdsOf(datasetId: number, userIndexes: readonly number[]): Promise<string[]>
  /** @returns null when there is no user of that index */
  user(datasetId: number, userIndex: number): Promise<UserRecord | null>
  /** What the source says of every user, by userIndex, and of every item, by itemIndex. */
  descriptions(datasetId: number): Promise<Descriptions>
}

/** What is missing comes last in both directions: unrated items have no mean. */
const ORDER = {
  ratings: (direction: string) => `rating_count ${direction}, item_index`,
  meanRating: (direction: string) => `mean_rating ${direction} NULLS LAST, rating_count DESC, item_index`,
  title: (direction: string) => `title COLLATE NOCASE ${direction} NULLS LAST, item_index`,
  year: (direction: string) => `year ${direction} NULLS LAST, rating_count DESC, item_index`,
} as const

function orderBy(sort: ItemQuery['sort'], direction: ItemQuery['direction']): string {
  const usual = sort === 'title' ? 'asc' : 'desc'
  return ORDER[sort]((direction ?? usual) === 'asc' ? 'ASC' : 'DESC')
}

function toItemRow(row: Omit<ItemRow, 'genres' | 'attributes'> & { genres: string; attributes: string | null }): ItemRow {
  const attributes = row.attributes === null ? null : parseJson<Record<string, string | number>>(row.attributes)
  return { ...row, genres: parseJson<string[]>(row.genres), attributes }
}

export function createItemsRepository(read: ReadableDatabase): ItemsRepository {
  return {
    async page(datasetId, { search, genre, sort, direction, offset, limit }) {
      const pattern = search.trim() === '' ? null : `%${search.trim().replace(/[\\%_]/g, '\\$&')}%`
      const where = `WHERE dataset_id = ?1
        AND (?2 IS NULL OR title LIKE ?2 ESCAPE '\\' OR item_id LIKE ?2 ESCAPE '\\' OR genres LIKE ?2 ESCAPE '\\')
        AND (?3 IS NULL OR EXISTS (SELECT 1 FROM json_each(genres) WHERE value = ?3))`
      const total = await read.get<{ total: number }>(`SELECT count(*) AS total FROM items ${where}`, [
        datasetId,
        pattern,
        genre ?? null,
      ])
      const rows = await read.all<Omit<ItemRow, 'genres' | 'attributes'> & { genres: string; attributes: string | null }>(
        `SELECT item_index AS itemIndex, item_id AS itemId, title, year, genres, rating_count AS ratings, mean_rating AS meanRating, attributes
         FROM items ${where} ORDER BY ${orderBy(sort, direction)} LIMIT ?4 OFFSET ?5`,
        [datasetId, pattern, genre ?? null, limit, offset],
      )
      return { total: total!.total, rows: rows.map(toItemRow) }
    },
    labels: (datasetId) =>
      read.all<ItemLabel>('SELECT item_id AS itemId, title FROM items WHERE dataset_id = ? ORDER BY item_index', [datasetId]),
    async catalogue(datasetId) {
      const sql = 'SELECT item_id AS itemId, title, year, genres FROM items WHERE dataset_id = ? ORDER BY item_index'
      const rows = await read.all<Omit<CatalogueItem, 'genres'> & { genres: string }>(sql, [datasetId])
      return rows.map((row) => ({ ...row, genres: parseJson<string[]>(row.genres) }))
    },
    async user(datasetId, userIndex) {
      const row = await read.get<{ userId: string; attributes: string | null }>(
        'SELECT user_id AS userId, attributes FROM users WHERE dataset_id = ? AND user_index = ?',
        [datasetId, userIndex],
      )
      if (!row) return null
      const attributes = row.attributes === null ? null : parseJson<Record<string, string | number>>(row.attributes)
      return { userId: row.userId, attributes }
    },
    async userIds(datasetId) {
      const sql = 'SELECT user_id AS userId FROM users WHERE dataset_id = ? ORDER BY user_index'
      return (await read.all<{ userId: string }>(sql, [datasetId])).map((row) => row.userId)
    },
    async userIdsOf(datasetId, userIndexes) {
      const rows = await read.all<{ userId: string }>(
        `SELECT user_id AS userId FROM json_each(?2) AS wanted
         JOIN users ON users.dataset_id = ?1 AND users.user_index = wanted.value ORDER BY wanted.key`,
        [datasetId, JSON.stringify(userIndexes)],
      )
      return rows.map((row) => row.userId)
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
