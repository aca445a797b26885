import type { RatingScale, TimeKind } from '../../contract/dto/dataset.ts'
import type { ReadableDatabase, WriteTransaction } from '../database.ts'
import { parseJson } from './json-column.ts'

/** What is known of a data set that is not here. */
export interface AbsentDataset {
  readonly name: string
  readonly fingerprint: string
  readonly users: number
  readonly items: number
  readonly ratings: number
  readonly scale: RatingScale
  readonly timeKind: TimeKind
}

/** @returns the number of the one that stands for a data set of this fingerprint, made where there is none */
export async function placeAbsent(tx: WriteTransaction, dataset: AbsentDataset, at: number): Promise<number> {
  const known = await tx.get<{ id: number }>('SELECT id FROM datasets WHERE absent = 1 AND fingerprint = ?', [
    dataset.fingerprint,
  ])
  if (known) return known.id
  const { name, fingerprint, users, items, ratings, scale, timeKind } = dataset
  // A name with a space at its start comes through no door of the contract.
  const { lastId } = await tx.run(
    `INSERT INTO datasets (name, format, source, created_at, user_count, item_count, rating_count, scale, time_kind, fingerprint, report,
       deleted_name, absent)
     VALUES (' absent ' || ?1, 'absent', '', ?2, ?3, ?4, ?5, ?6, ?7, ?1, '{}', ?8, 1)`,
    [fingerprint, at, users, items, ratings, JSON.stringify(scale), timeKind, name],
  )
  return lastId
}

/** Runs that waited for a data set of this fingerprint are runs on `datasetId` from now on. */
export async function adoptRuns(tx: WriteTransaction, datasetId: number, fingerprint: string): Promise<void> {
  const absent = await tx.get<{ id: number }>('SELECT id FROM datasets WHERE absent = 1 AND fingerprint = ?', [fingerprint])
  if (!absent) return
  await tx.run('UPDATE runs SET dataset_id = ? WHERE dataset_id = ?', [datasetId, absent.id])
  await tx.run('DELETE FROM datasets WHERE id = ?', [absent.id])
}

/** @returns null when there is no absent data set of that number */
export async function findAbsent(read: ReadableDatabase, datasetId: number): Promise<AbsentDataset | null> {
  const row = await read.get<Omit<AbsentDataset, 'scale'> & { scale: string }>(
    `SELECT deleted_name AS name, fingerprint, user_count AS users, item_count AS items, rating_count AS ratings, scale,
       time_kind AS timeKind
     FROM datasets WHERE id = ? AND absent = 1`,
    [datasetId],
  )
  return row ? { ...row, scale: parseJson<RatingScale>(row.scale) } : null
}
