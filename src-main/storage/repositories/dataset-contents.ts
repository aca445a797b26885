import type { ReadableDatabase } from '../database.ts'
import { parseJson } from './json-column.ts'
import type { NewItem, NewUser, Scenarios } from './new-dataset.ts'
import { aligned } from './packed-columns.ts'

/** What a data set holds beside its ratings, complete. */
export interface DatasetContentsRepository {
  /** By userIndex. */
  users(datasetId: number): Promise<NewUser[]>
  /** By itemIndex. */
  items(datasetId: number): Promise<NewItem[]>
  /** In which scenario each rating was given; null where the source does not tell. */
  scenarios(datasetId: number): Promise<Scenarios | null>
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
      const sql = 'SELECT item_id AS itemId, title, year, genres, attributes FROM items WHERE dataset_id = ? ORDER BY item_index'
      type Row = Omit<NewItem, 'genres' | 'attributes'> & { genres: string; attributes: string | null }
      const rows = await read.all<Row>(sql, [datasetId])
      return rows.map(({ attributes, ...row }) => ({
        ...row,
        genres: parseJson<string[]>(row.genres),
        ...(attributes === null ? {} : { attributes: parseJson<Record<string, string | number>>(attributes) }),
      }))
    },
    async scenarios(datasetId) {
      const sql = 'SELECT names, codes FROM packed_scenarios WHERE dataset_id = ?'
      const row = await read.get<{ names: string; codes: Buffer }>(sql, [datasetId])
      return row ? { names: parseJson<string[]>(row.names), codes: new Uint16Array(aligned(row.codes, 2)) } : null
    },
  }
}
