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

export interface RecommendationsRepository {
  /** One transaction; replaces what the run had for the protocols in `columns`. */
  save(runId: number, columns: RecommendationColumns): Promise<void>
  /** By protocol, user and rank, in chunks. */
  stream(runId: number, chunkSize?: number): AsyncGenerator<RecommendationRow[], void, void>
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
