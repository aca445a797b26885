import type { ReadableDatabase } from '../database.ts'
import { parseJson } from './json-column.ts'
import type { NewItem, NewUser } from './new-dataset.ts'

/** What a data set holds beside its ratings, complete. */
export interface DatasetContentsRepository {
  /** By userIndex. */
  users(datasetId: number): Promise<NewUser[]>
  /** By itemIndex. */
  items(datasetId: number): Promise<NewItem[]>
}

export function createDatasetContentsRepository(read: ReadableDatabase): DatasetContentsRepository {
  return {
    async users(datasetId) {
      const sql = 'SELECT user_id AS userId, attributes FROM users WHERE dataset_id = ? ORDER BY user_index'
      const rows = await read.all<{ userId: string; attributes: string | null }>(sql, [datasetId])
      return rows.map(({ userId, attributes }) => ({
        userId,
        attributes: attributes === null ? null : parseJson<Record<string, string | number>>(attributes),
      }))
    },
    async items(datasetId) {
      const sql = 'SELECT item_id AS itemId, title, year, genres FROM items WHERE dataset_id = ? ORDER BY item_index'
      const rows = await read.all<Omit<NewItem, 'genres'> & { genres: string }>(sql, [datasetId])
      return rows.map((row) => ({ ...row, genres: parseJson<string[]>(row.genres) }))
    },
  }
}
