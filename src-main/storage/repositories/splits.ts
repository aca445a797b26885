import type { ReadableDatabase, WritableDatabase } from '../database.ts'

export interface SplitsRepository {
  /**
   * Remembers the hash of a split's rows the first time it is made.
   * @returns the hash of that first time: if it differs from `hash`, the split was not reproduced
   */
  remember(datasetId: number, split: string, hash: string, createdAt: number): Promise<string>
  /** @returns null when that split was never made */
  hash(datasetId: number, split: string): Promise<string | null>
}

export function createSplitsRepository(read: ReadableDatabase, write: WritableDatabase): SplitsRepository {
  return {
    remember: (datasetId, split, hash, createdAt) =>
      write.transaction(async (tx) => {
        await tx.run('INSERT OR IGNORE INTO splits (dataset_id, split, hash, created_at) VALUES (?, ?, ?, ?)', [
          datasetId,
          split,
          hash,
          createdAt,
        ])
        const sql = 'SELECT hash FROM splits WHERE dataset_id = ? AND split = ?'
        return (await tx.get<{ hash: string }>(sql, [datasetId, split]))!.hash
      }),
    async hash(datasetId, split) {
      const sql = 'SELECT hash FROM splits WHERE dataset_id = ? AND split = ?'
      return (await read.get<{ hash: string }>(sql, [datasetId, split]))?.hash ?? null
    },
  }
}
