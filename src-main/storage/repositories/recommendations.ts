import type { ReadableDatabase, WritableDatabase, WriteTransaction } from '../database.ts'
import { insertRows } from './insert-rows.ts'

/** Columns of what was recommended in evaluation, one row per user and rank (rank from 1). */
export interface RecommendationColumns {
  readonly protocol: readonly string[]
  readonly userIndex: Int32Array
  readonly rank: Int32Array
  readonly itemIndex: Int32Array
  readonly score: Float32Array
  /** NaN where the user never rated the item. */
  readonly rating: Float32Array
}

export interface RecommendationRow {
  readonly protocol: string
  readonly userIndex: number
  /** "index 7" where the data set is not in this workspace; items likewise. */
  readonly userId: string
  readonly rank: number
  readonly itemIndex: number
  readonly itemId: string
  readonly title: string | null
  readonly score: number
  /** Null where the user never rated the item. */
  readonly rating: number | null
}

/** One place of a user's list. */
export interface ListPlace extends Pick<RecommendationRow, 'rank' | 'itemIndex' | 'itemId' | 'title' | 'score' | 'rating'> {
  readonly year: number | null
}

interface Page {
  readonly offset: number
  readonly limit: number
}

export interface RecommendationsRepository {
  /** One transaction; replaces what the run had for the protocols in `columns`. */
  save(runId: number, columns: RecommendationColumns): Promise<void>
  /** By protocol, user and rank, in chunks. */
  stream(runId: number, chunkSize?: number): AsyncGenerator<RecommendationRow[], void, void>
  /** Users for whom every one of the runs has a list, by userIndex. @param search part of the user's id, case ignored; empty for all */
  users(
    runIds: readonly number[],
    protocol: string,
    page: Page & { readonly search: string },
  ): Promise<{ total: number; rows: { userIndex: number; userId: string }[] }>
  /** A user's list by rank; empty where the run has none. */
  list(runId: number, protocol: string, userIndex: number, page: Page): Promise<{ total: number; rows: ListPlace[] }>
}

export function createRecommendationsRepository(read: ReadableDatabase, write: WritableDatabase): RecommendationsRepository {
  return {
    save: (runId, columns) => write.transaction((tx) => insertRecommendations(tx, runId, columns)),
    async *stream(runId, chunkSize = 5000) {
      let after = { protocol: '', userIndex: -1, rank: -1 }
      for (;;) {
        const rows = await read.all<RecommendationRow>(
          `SELECT r.protocol, r.user_index AS userIndex, coalesce(users.user_id, 'index ' || r.user_index) AS userId, r.rank, r.item_index AS itemIndex,
             coalesce(items.item_id, 'index ' || r.item_index) AS itemId, items.title, r.score, r.rating
           FROM recommendations AS r
           JOIN runs ON runs.id = r.run_id
           LEFT JOIN users ON users.dataset_id = runs.dataset_id AND users.user_index = r.user_index
           LEFT JOIN items ON items.dataset_id = runs.dataset_id AND items.item_index = r.item_index
           WHERE r.run_id = ? AND (r.protocol, r.user_index, r.rank) > (?, ?, ?)
           ORDER BY r.protocol, r.user_index, r.rank LIMIT ?`,
          [runId, after.protocol, after.userIndex, after.rank, chunkSize],
        )
        const last = rows.at(-1)
        if (!last) return
        yield rows
        after = last
      }
    },
    async users(runIds, protocol, { search, offset, limit }) {
      const pattern = search.trim() === '' ? null : `%${search.trim().replace(/[\\%_]/g, '\\$&')}%`
      const from = `FROM (
          SELECT r.user_index, runs.dataset_id FROM recommendations AS r JOIN runs ON runs.id = r.run_id
          WHERE r.run_id IN (SELECT value FROM json_each(?1)) AND r.protocol = ?2 AND r.rank = 1
          GROUP BY r.user_index HAVING count(*) = ?3
        ) AS listed
        JOIN users ON users.dataset_id = listed.dataset_id AND users.user_index = listed.user_index
        WHERE (?4 IS NULL OR users.user_id LIKE ?4 ESCAPE '\\')`
      const params = [JSON.stringify(runIds), protocol, runIds.length, pattern]
      const counted = await read.get<{ total: number }>(`SELECT count(*) AS total ${from}`, params)
      const rows = await read.all<{ userIndex: number; userId: string }>(
        `SELECT listed.user_index AS userIndex, users.user_id AS userId ${from} ORDER BY listed.user_index LIMIT ?5 OFFSET ?6`,
        [...params, limit, offset],
      )
      return { total: counted!.total, rows }
    },
    async list(runId, protocol, userIndex, { offset, limit }) {
      const which = 'r.run_id = ? AND r.protocol = ? AND r.user_index = ?'
      const counted = await read.get<{ total: number }>(`SELECT count(*) AS total FROM recommendations AS r WHERE ${which}`, [
        runId,
        protocol,
        userIndex,
      ])
      const rows = await read.all<ListPlace>(
        `SELECT r.rank, r.item_index AS itemIndex, items.item_id AS itemId, items.title, items.year, r.score, r.rating
         FROM recommendations AS r
         JOIN runs ON runs.id = r.run_id
         JOIN items ON items.dataset_id = runs.dataset_id AND items.item_index = r.item_index
         WHERE ${which} ORDER BY r.rank LIMIT ? OFFSET ?`,
        [runId, protocol, userIndex, limit, offset],
      )
      return { total: counted!.total, rows }
    },
  }
}

/** See RecommendationsRepository.save. */
export async function insertRecommendations(tx: WriteTransaction, runId: number, columns: RecommendationColumns): Promise<void> {
  await tx.run('DELETE FROM recommendations WHERE run_id = ? AND protocol IN (SELECT value FROM json_each(?))', [
    runId,
    JSON.stringify([...new Set(columns.protocol)]),
  ])
  const head = 'INSERT INTO recommendations (run_id, protocol, user_index, rank, item_index, score, rating)'
  await insertRows(tx, head, 7, columns.rank.length, (index) => [
    runId,
    columns.protocol[index]!,
    columns.userIndex[index]!,
    columns.rank[index]!,
    columns.itemIndex[index]!,
    columns.score[index]!,
    Number.isNaN(columns.rating[index]) ? null : columns.rating[index]!,
  ])
}
