import type { DatasetSummary, ImportReport, RatingScale } from '../../contract/dto/dataset.ts'
import type { ReadableDatabase, WritableDatabase } from '../database.ts'
import { findAbsent, type AbsentDataset } from './absent-datasets.ts'
import { datasetAbsent, datasetNameTaken, datasetNotFound } from './dataset-errors.ts'
import { parseJson } from './json-column.ts'
import type { NewDataset, StoreOptions } from './new-dataset.ts'
import { newColumns, putPacked, type PackedColumns } from './packed-columns.ts'
import { createRemovedDatasets, deleteDataset, refuseInUse, type RemovedDatasets } from './removed-datasets.ts'
import { storeDataset } from './store-dataset.ts'

/** Hidden data sets are found by none of these but `RemovedDatasets`. */
export interface DatasetsRepository extends RemovedDatasets {
  list(): Promise<DatasetSummary[]>
  /** By number or by name. @throws PalateError DATASET_NOT_FOUND */
  get(dataset: number | string): Promise<DatasetSummary>
  /** @returns null when there is none of that number or name */
  find(dataset: number | string): Promise<DatasetSummary | null>
  /** What is known of a data set that runs came without; null when it is none of those. */
  absent(datasetId: number): Promise<AbsentDataset | null>
  /** @returns null when there is none with these ratings */
  findByFingerprint(fingerprint: string): Promise<DatasetSummary | null>
  report(datasetId: number): Promise<ImportReport>
  /**
   * One transaction: either the complete data set is visible afterwards, or nothing of it.
   * @throws PalateError DATASET_NAME_TAKEN, DISK_FULL, CANCELLED when the signal is aborted meanwhile
   */
  store(dataset: NewDataset, options?: StoreOptions): Promise<number>
  columns(datasetId: number): Promise<PackedColumns>
  /** @throws PalateError DATASET_NAME_TAKEN */
  rename(datasetId: number, name: string): Promise<void>
  setScale(datasetId: number, scale: RatingScale): Promise<void>
  /** What people wrote about it; empty at first. */
  notes(datasetId: number): Promise<string>
  setNotes(datasetId: number, notes: string): Promise<void>
  /** @throws PalateError DATASET_IN_USE while runs refer to it */
  remove(datasetId: number): Promise<boolean>
}

type DatasetRow = Omit<DatasetSummary, 'scale' | 'density'> & { scale: string }

const SELECT = `
  SELECT id, name, format, source, created_at AS createdAt, user_count AS users, item_count AS items, rating_count AS ratings,
    scale, time_kind AS timeKind, fingerprint
  FROM datasets WHERE deleted_at IS NULL AND absent = 0`

const toSummary = (row: DatasetRow): DatasetSummary => ({
  ...row,
  density: row.users * row.items > 0 ? row.ratings / (row.users * row.items) : 0,
  scale: parseJson<RatingScale>(row.scale),
})

export function createDatasetsRepository(read: ReadableDatabase, write: WritableDatabase): DatasetsRepository {
  const find: DatasetsRepository['find'] = async (dataset) => {
    // A name may look like a number ("100"), so text is a name first and a number only if no name fits.
    const byName = typeof dataset === 'string' ? await read.get<DatasetRow>(`${SELECT} AND name = ?`, [dataset]) : undefined
    const id = typeof dataset === 'number' ? dataset : /^\d{1,15}$/.test(dataset) ? Number(dataset) : null
    const row = byName ?? (id === null ? undefined : await read.get<DatasetRow>(`${SELECT} AND id = ?`, [id]))
    return row ? toSummary(row) : null
  }
  return {
    ...createRemovedDatasets(write),
    find,
    list: async () => (await read.all<DatasetRow>(`${SELECT} ORDER BY id`)).map(toSummary),
    async get(dataset) {
      const found = await find(dataset)
      if (found) return found
      const absent = typeof dataset === 'number' ? await findAbsent(read, dataset) : null
      throw absent ? datasetAbsent(absent.name) : datasetNotFound(dataset)
    },
    absent: (datasetId) => findAbsent(read, datasetId),
    async findByFingerprint(fingerprint) {
      const row = await read.get<DatasetRow>(`${SELECT} AND fingerprint = ? ORDER BY id LIMIT 1`, [fingerprint])
      return row ? toSummary(row) : null
    },
    async report(datasetId) {
      const row = await read.get<{ report: string }>('SELECT report FROM datasets WHERE id = ?', [datasetId])
      if (!row) throw datasetNotFound(datasetId)
      return parseJson<ImportReport>(row.report)
    },
    store: (dataset, options = {}) => write.transaction((tx) => storeDataset(tx, dataset, options)),
    columns: (datasetId) => readColumns(read, datasetId),
    async rename(datasetId, name) {
      await write.transaction(async (tx) => {
        const other = await tx.get('SELECT id FROM datasets WHERE name = ? AND id <> ?', [name, datasetId])
        if (other) throw datasetNameTaken(name)
        await tx.run('UPDATE datasets SET name = ? WHERE id = ?', [name, datasetId])
      })
    },
    async setScale(datasetId, scale) {
      await write.run('UPDATE datasets SET scale = ? WHERE id = ?', [JSON.stringify(scale), datasetId])
    },
    async notes(datasetId) {
      const row = await read.get<{ notes: string }>('SELECT notes FROM datasets WHERE id = ?', [datasetId])
      if (!row) throw datasetNotFound(datasetId)
      return row.notes
    },
    async setNotes(datasetId, notes) {
      await write.run('UPDATE datasets SET notes = ? WHERE id = ?', [notes, datasetId])
    },
    remove: (datasetId) =>
      write.transaction(async (tx) => {
        await refuseInUse(tx, datasetId)
        return (await deleteDataset(tx, datasetId)) > 0
      }),
  }
}

/** Piece by piece, so that beside the columns only one piece is in memory. @throws PalateError DATASET_NOT_FOUND */
async function readColumns(read: ReadableDatabase, datasetId: number): Promise<PackedColumns> {
  const found = await read.get<{ chunks: number; size: number | null }>(
    'SELECT count(*) AS chunks, sum(length(rating)) / 4 AS size FROM packed_interactions WHERE dataset_id = ?',
    [datasetId],
  )
  if (!found || found.size === null) throw datasetNotFound(datasetId)
  const columns = newColumns(found.size)
  for (let chunk = 0, row = 0; chunk < found.chunks; chunk++) {
    const blobs = await read.get<Record<keyof PackedColumns, Buffer>>(
      `SELECT user_index AS userIndex, item_index AS itemIndex, rating, time FROM packed_interactions
       WHERE dataset_id = ? AND chunk = ?`,
      [datasetId, chunk],
    )
    // Removed since it was counted.
    if (!blobs) throw datasetNotFound(datasetId)
    row = putPacked(columns, row, blobs)
  }
  return columns
}
