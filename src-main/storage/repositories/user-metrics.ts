import type { ReadableDatabase, WritableDatabase, WriteTransaction } from '../database.ts'
import { insertRows } from './insert-rows.ts'

/** Columns of per-user metrics: one row per model, protocol, user, k and metric. */
export interface UserMetricColumns {
  readonly model: readonly string[]
  readonly protocol: readonly string[]
  readonly userIndex: Int32Array
  readonly candidates: Int32Array
  readonly k: Int32Array
  readonly metric: readonly string[]
  readonly value: Float64Array
}

export interface UserMetricRow {
  readonly model: string
  readonly protocol: string
  readonly userIndex: number
  /** "index 7" where the data set is not in this workspace. */
  readonly userId: string
  readonly candidates: number
  readonly k: number
  readonly metric: string
  readonly value: number
}

/** One metric of a run's own model, one row per user that has a value. */
export interface UserValueColumns {
  readonly userIndex: Int32Array
  readonly candidates: Int32Array
  readonly value: Float64Array
}

export interface UserMetricsRepository {
  /** One transaction. A value for the same model, protocol, user, k and metric is replaced. */
  save(runId: number, columns: UserMetricColumns): Promise<void>
  /** Of one model, protocol, k and metric, by user; empty where the run was not evaluated so. */
  values(runId: number, wanted: { model: string; protocol: string; k: number; metric: string }): Promise<UserValueColumns>
  /** By model, protocol, user, k and metric, in chunks. */
  stream(runId: number, chunkSize?: number): AsyncGenerator<UserMetricRow[], void, void>
}

export function createUserMetricsRepository(read: ReadableDatabase, write: WritableDatabase): UserMetricsRepository {
  return {
    save: (runId, columns) => write.transaction((tx) => insertUserMetrics(tx, runId, columns)),
    async values(runId, { model, protocol, k, metric }) {
      const rows = await read.all<{ user: number; candidates: number; value: number }>(
        `SELECT user_index AS user, candidates, value FROM user_metrics
         WHERE run_id = ? AND model = ? AND protocol = ? AND k = ? AND metric = ? ORDER BY user_index`,
        [runId, model, protocol, k, metric],
      )
      return {
        userIndex: Int32Array.from(rows, (row) => row.user),
        candidates: Int32Array.from(rows, (row) => row.candidates),
        value: Float64Array.from(rows, (row) => row.value),
      }
    },
    async *stream(runId, chunkSize = 5000) {
      let after = { model: '', protocol: '', userIndex: -1, k: -1, metric: '' }
      for (;;) {
        const rows = await read.all<UserMetricRow>(
          `SELECT m.model, m.protocol, m.user_index AS userIndex, coalesce(users.user_id, 'index ' || m.user_index) AS userId, m.candidates, m.k, m.metric, m.value
           FROM user_metrics AS m
           JOIN runs ON runs.id = m.run_id
           LEFT JOIN users ON users.dataset_id = runs.dataset_id AND users.user_index = m.user_index
           WHERE m.run_id = ? AND (m.model, m.protocol, m.user_index, m.k, m.metric) > (?, ?, ?, ?, ?)
           ORDER BY m.model, m.protocol, m.user_index, m.k, m.metric LIMIT ?`,
          [runId, after.model, after.protocol, after.userIndex, after.k, after.metric, chunkSize],
        )
        const last = rows.at(-1)
        if (!last) return
        yield rows
        after = last
      }
    },
  }
}

/** See UserMetricsRepository.save. */
export function insertUserMetrics(tx: WriteTransaction, runId: number, columns: UserMetricColumns): Promise<void> {
  const head = 'INSERT OR REPLACE INTO user_metrics (run_id, model, protocol, user_index, candidates, k, metric, value)'
  return insertRows(tx, head, 8, columns.value.length, (index) => [
    runId,
    columns.model[index]!,
    columns.protocol[index]!,
    columns.userIndex[index]!,
    columns.candidates[index]!,
    columns.k[index]!,
    columns.metric[index]!,
    columns.value[index]!,
  ])
}
