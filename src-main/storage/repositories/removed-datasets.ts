import type { WritableDatabase, WriteTransaction } from '../database.ts'
import { datasetInUse, datasetNameTaken, datasetNotFound } from './dataset-errors.ts'

/** Data sets that are removed but can still be had back. */
export interface RemovedDatasets {
  /**
   * Hides a data set and frees its name; its rows stay.
   * @returns whether there was one
   * @throws PalateError DATASET_IN_USE while runs refer to it
   */
  hide(datasetId: number, at: number): Promise<boolean>
  /** @throws PalateError DATASET_NOT_FOUND when it is gone for good, DATASET_NAME_TAKEN when its name belongs to another by now */
  restore(datasetId: number): Promise<void>
  /**
   * Deletes the rows of what was hidden at `hiddenBefore` or earlier. A data set that a run took up in the very moment it was
   * hidden comes back instead.
   * @returns how many are gone
   */
  purge(hiddenBefore: number): Promise<number>
}

export function createRemovedDatasets(write: WritableDatabase): RemovedDatasets {
  return {
    hide: (datasetId, at) =>
      write.transaction(async (tx) => {
        await refuseInUse(tx, datasetId)
        // A name with a space at its start comes through no door of the contract.
        const sql = `UPDATE datasets SET deleted_at = ?, deleted_name = name, name = ' removed ' || id
                     WHERE id = ? AND deleted_at IS NULL`
        return (await tx.run(sql, [at, datasetId])).changes > 0
      }),
    restore: (datasetId) => write.transaction((tx) => bringBack(tx, datasetId)),
    purge: (hiddenBefore) =>
      write.transaction(async (tx) => {
        const hidden = await tx.all<{ id: number; runs: number }>(
          `SELECT id, (SELECT count(*) FROM runs WHERE dataset_id = datasets.id AND removed_at IS NULL) AS runs FROM datasets WHERE deleted_at <= ?`,
          [hiddenBefore],
        )
        let gone = 0
        for (const { id, runs } of hidden) {
          if (runs === 0) gone += await deleteDataset(tx, id)
          else await bringBack(tx, id)
        }
        return gone
      }),
  }
}

/** @throws PalateError DATASET_IN_USE */
export async function refuseInUse(tx: WriteTransaction, datasetId: number): Promise<void> {
  const used = await tx.get<{ runs: number; name: string }>(
    `SELECT count(*) AS runs, datasets.name FROM runs JOIN datasets ON datasets.id = runs.dataset_id
     WHERE datasets.id = ? AND runs.removed_at IS NULL GROUP BY datasets.id`,
    [datasetId],
  )
  if (used) throw datasetInUse(used.name, used.runs)
}

/** With the runs on it that are removed already; their files go when the workspace is opened next. @returns how many are gone */
export async function deleteDataset(tx: WriteTransaction, datasetId: number): Promise<number> {
  await tx.run('DELETE FROM runs WHERE dataset_id = ? AND removed_at IS NOT NULL', [datasetId])
  return (await tx.run('DELETE FROM datasets WHERE id = ?', [datasetId])).changes
}

async function bringBack(tx: WriteTransaction, datasetId: number): Promise<void> {
  const hidden = await tx.get<{ name: string }>(
    'SELECT deleted_name AS name FROM datasets WHERE id = ? AND deleted_at IS NOT NULL',
    [datasetId],
  )
  if (!hidden) throw datasetNotFound(datasetId)
  if (await tx.get('SELECT id FROM datasets WHERE name = ?', [hidden.name])) throw datasetNameTaken(hidden.name)
  await tx.run('UPDATE datasets SET name = deleted_name, deleted_name = NULL, deleted_at = NULL WHERE id = ?', [datasetId])
}
