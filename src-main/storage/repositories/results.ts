import type { ResultRowWithInterval } from '../../contract/dto/run.ts'
import type { ReadableDatabase, WritableDatabase, WriteTransaction } from '../database.ts'
import { insertRows } from './insert-rows.ts'

export interface ResultsRepository {
  /** One transaction. Rows of the same model, protocol, subset, k and metric are replaced, others stay. */
  save(runId: number, rows: readonly ResultRowWithInterval[]): Promise<void>
  /** In the order in which they were saved. */
  list(runId: number): Promise<ResultRowWithInterval[]>
  /** The results of many runs at once, by run. */
  listMany(runIds: readonly number[]): Promise<Map<number, ResultRowWithInterval[]>>
}

const SELECT = `SELECT run_id AS runId, model, seed, split, protocol, subset, k, metric, value, users, low, high FROM results`

export function createResultsRepository(read: ReadableDatabase, write: WritableDatabase): ResultsRepository {
  const listMany: ResultsRepository['listMany'] = async (runIds) => {
    const found = new Map<number, ResultRowWithInterval[]>(runIds.map((runId) => [runId, []]))
    const rows = await read.all<ResultRowWithInterval & { runId: number }>(
      `${SELECT} WHERE run_id IN (SELECT value FROM json_each(?)) ORDER BY run_id, position, model, protocol, subset, k, metric`,
      [JSON.stringify(runIds)],
    )
    for (const { runId, ...row } of rows) found.get(runId)!.push(row)
    return found
  }
  return {
    save: (runId, rows) => write.transaction((tx) => insertResults(tx, runId, rows)),
    list: async (runId) => (await listMany([runId])).get(runId)!,
    listMany,
  }
}

/** See ResultsRepository.save. */
export async function insertResults(tx: WriteTransaction, runId: number, rows: readonly ResultRowWithInterval[]): Promise<void> {
  const last = await tx.get<{ next: number }>('SELECT coalesce(max(position) + 1, 0) AS next FROM results WHERE run_id = ?', [
    runId,
  ])
  const head =
    'INSERT OR REPLACE INTO results (run_id, model, seed, split, protocol, subset, k, metric, value, users, low, high, position)'
  await insertRows(tx, head, 13, rows.length, (index) => {
    const row = rows[index]!
    const { model, seed, split, protocol, subset, k, metric, value, users, low, high } = row
    return [runId, model, seed, split, protocol, subset, k, metric, value, users, low, high, last!.next + index]
  })
}
