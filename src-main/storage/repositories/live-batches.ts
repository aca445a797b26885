import type { LiveBatch, LiveBatchResult, LiveBatchSetup, LiveBatchState } from '../../contract/dto/live-batch.ts'
import type { ErrorRecord } from '../../contract/errors.ts'
import type { ReadableDatabase, WritableDatabase } from '../database.ts'
import { parseJson } from './json-column.ts'
import { aligned, bytesOf } from './packed-columns.ts'

/** Every reward of a batch. */
export interface BatchRewards {
  readonly users: Int32Array
  /** [players, users, steps]; NaN from where an episode has ended. */
  readonly rewards: Float32Array
}

export interface NewLiveBatch {
  readonly datasetId: number
  readonly name: string
  readonly setup: LiveBatchSetup
  readonly at: number
}

export interface LiveBatchEnd {
  readonly state: Exclude<LiveBatchState, 'running'>
  readonly elapsedMs: number
  readonly error: ErrorRecord | null
  readonly played: (BatchRewards & { readonly result: LiveBatchResult }) | null
}

export interface LiveBatchesRepository {
  /** It is "running". @returns its number */
  insert(batch: NewLiveBatch): Promise<number>
  /** @returns null when there is none */
  get(batchId: number): Promise<LiveBatch | null>
  /** The latest first. */
  list(): Promise<LiveBatch[]>
  end(batchId: number, end: LiveBatchEnd): Promise<void>
  /** @returns null where nothing came of it */
  result(batchId: number): Promise<LiveBatchResult | null>
  /** @returns null where nothing came of it */
  rewards(batchId: number): Promise<BatchRewards | null>
  /** @returns false when there is none */
  remove(batchId: number): Promise<boolean>
  /** Batches that are "running" while nobody runs them: called once at start. */
  markInterrupted(): Promise<void>
}

type Row = Omit<LiveBatch, 'setup' | 'error'> & { setup: string; error: string | null }

const SELECT = `
  SELECT batch.id, batch.name, dataset_id AS datasetId, datasets.name AS datasetName, setup, state, batch.created_at AS createdAt,
    elapsed_ms AS elapsedMs, error
  FROM live_batches AS batch JOIN datasets ON datasets.id = batch.dataset_id`

const toBatch = (row: Row): LiveBatch => ({
  ...row,
  setup: parseJson<LiveBatchSetup>(row.setup),
  error: row.error === null ? null : parseJson<ErrorRecord>(row.error),
})

export function createLiveBatchesRepository(read: ReadableDatabase, write: WritableDatabase): LiveBatchesRepository {
  return {
    async insert({ datasetId, name, setup, at }) {
      const sql = `INSERT INTO live_batches (dataset_id, name, setup, state, created_at, elapsed_ms) VALUES (?, ?, ?, 'running', ?, 0)`
      return (await write.run(sql, [datasetId, name, JSON.stringify(setup), at])).lastId
    },
    async get(batchId) {
      const row = await read.get<Row>(`${SELECT} WHERE batch.id = ?`, [batchId])
      return row ? toBatch(row) : null
    },
    list: async () => (await read.all<Row>(`${SELECT} ORDER BY batch.id DESC`)).map(toBatch),
    async end(batchId, { state, elapsedMs, error, played }) {
      await write.run(
        'UPDATE live_batches SET state = ?, elapsed_ms = ?, error = ?, result = ?, user_indexes = ?, rewards = ? WHERE id = ?',
        [
          state,
          Math.round(elapsedMs),
          error && JSON.stringify(error),
          played && JSON.stringify(played.result),
          played && bytesOf(played.users),
          played && bytesOf(played.rewards),
          batchId,
        ],
      )
    },
    async result(batchId) {
      const row = await read.get<{ result: string | null }>('SELECT result FROM live_batches WHERE id = ?', [batchId])
      return row?.result ? parseJson<LiveBatchResult>(row.result) : null
    },
    async rewards(batchId) {
      const sql = 'SELECT user_indexes AS users, rewards FROM live_batches WHERE id = ?'
      const row = await read.get<{ users: Uint8Array | null; rewards: Uint8Array | null }>(sql, [batchId])
      if (!row?.users || !row.rewards) return null
      return { users: new Int32Array(aligned(row.users, 4)), rewards: new Float32Array(aligned(row.rewards, 4)) }
    },
    remove: async (batchId) => (await write.run('DELETE FROM live_batches WHERE id = ?', [batchId])).changes > 0,
    async markInterrupted() {
      await write.run(`UPDATE live_batches SET state = 'interrupted' WHERE state = 'running'`, [])
    },
  }
}
