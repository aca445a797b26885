import type { ParamValues } from '../../contract/params.ts'
import type { ReadableDatabase, WritableDatabase } from '../database.ts'
import { sha256Of } from '../sha256.ts'
import { parseJson } from './json-column.ts'

/** A trained embedding that other runs on the same data set may use again: same key, same bytes. */
export interface StoredEmbedding {
  readonly key: string
  readonly kind: string
  readonly params: ParamValues
  readonly size: number
  readonly validationRmse: number
  readonly lossCurve: readonly number[]
  readonly bytes: Uint8Array
}

export interface EmbeddingsRepository {
  /** Replaces the one of the same data set and key. */
  save(datasetId: number, embedding: StoredEmbedding, createdAt: number): Promise<void>
  /** @returns null when there is none, or when its bytes are not the ones that were saved (it is then trained anew) */
  get(datasetId: number, key: string): Promise<StoredEmbedding | null>
  /** Everything but the bytes, newest first. */
  list(datasetId: number): Promise<(Omit<StoredEmbedding, 'bytes'> & { readonly createdAt: number })[]>
  /** All embeddings of a data set as bytes by key: what a trainer is given. */
  allBytes(datasetId: number): Promise<Map<string, Uint8Array>>
}

type EmbeddingRow = {
  key: string
  kind: string
  params: string
  size: number
  validationRmse: number
  lossCurve: string
  sha256: string
  bytes: Uint8Array
}

const COLUMNS = 'key, kind, params, size, validation_rmse AS validationRmse, loss_curve AS lossCurve'

export function createEmbeddingsRepository(read: ReadableDatabase, write: WritableDatabase): EmbeddingsRepository {
  const describe = (row: Omit<EmbeddingRow, 'sha256' | 'bytes'>) => ({
    key: row.key,
    kind: row.kind,
    params: parseJson<ParamValues>(row.params),
    size: row.size,
    validationRmse: row.validationRmse,
    lossCurve: parseJson<number[]>(row.lossCurve),
  })
  return {
    async save(datasetId, embedding, createdAt) {
      await write.run(
        `INSERT OR REPLACE INTO embeddings
           (dataset_id, key, kind, params, size, validation_rmse, loss_curve, created_at, sha256, bytes)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [
          datasetId,
          embedding.key,
          embedding.kind,
          JSON.stringify(embedding.params),
          embedding.size,
          embedding.validationRmse,
          JSON.stringify(embedding.lossCurve),
          createdAt,
          sha256Of(embedding.bytes),
          embedding.bytes,
        ],
      )
    },
    async get(datasetId, key) {
      const row = await read.get<EmbeddingRow>(
        `SELECT ${COLUMNS}, sha256, bytes FROM embeddings WHERE dataset_id = ? AND key = ?`,
        [datasetId, key],
      )
      return row && sha256Of(row.bytes) === row.sha256 ? { ...describe(row), bytes: row.bytes } : null
    },
    list: async (datasetId) =>
      (
        await read.all<EmbeddingRow & { createdAt: number }>(
          `SELECT ${COLUMNS}, created_at AS createdAt FROM embeddings WHERE dataset_id = ? ORDER BY created_at DESC, key`,
          [datasetId],
        )
      ).map((row) => ({ ...describe(row), createdAt: row.createdAt })),
    async allBytes(datasetId) {
      const rows = await read.all<Pick<EmbeddingRow, 'key' | 'sha256' | 'bytes'>>(
        'SELECT key, sha256, bytes FROM embeddings WHERE dataset_id = ?',
        [datasetId],
      )
      return new Map(rows.filter((row) => sha256Of(row.bytes) === row.sha256).map((row) => [row.key, row.bytes]))
    },
  }
}
