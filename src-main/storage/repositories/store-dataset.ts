import type { WriteTransaction } from '../database.ts'
import { adoptRuns } from './absent-datasets.ts'
import { datasetNameTaken } from './dataset-errors.ts'
import { throwIfCancelled, type NewDataset, type StoreOptions } from './new-dataset.ts'
import { bytesOf, type PackedColumns } from './packed-columns.ts'
import { storeInteractions } from './store-interactions.ts'

/** Of one statement. */
const STATEMENT_ROWS = 10_000

/** Writes a whole data set inside `tx`. See DatasetsRepository.store. */
export async function storeDataset(tx: WriteTransaction, dataset: NewDataset, options: StoreOptions): Promise<number> {
  if (await tx.get('SELECT id FROM datasets WHERE name = ?', [dataset.name])) throw datasetNameTaken(dataset.name)
  const { lastId: datasetId } = await tx.run(
    `INSERT INTO datasets (name, format, source, created_at, user_count, item_count, rating_count, scale, time_kind, fingerprint, report)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')`,
    [
      dataset.name,
      dataset.format,
      dataset.source,
      dataset.createdAt,
      dataset.users.length,
      dataset.items.length,
      dataset.columns.rating.length,
      JSON.stringify(dataset.scale),
      dataset.timeKind,
      dataset.fingerprint,
    ],
  )
  await storeUsers(tx, datasetId, dataset)
  await storeItems(tx, datasetId, dataset, options.signal)
  await storeInteractions(tx, datasetId, dataset, options)
  if (dataset.scenarios) {
    const { names, codes } = dataset.scenarios
    await tx.run('INSERT INTO packed_scenarios (dataset_id, names, codes) VALUES (?, ?, ?)', [
      datasetId,
      JSON.stringify(names),
      bytesOf(codes),
    ])
  }
  await adoptRuns(tx, datasetId, dataset.fingerprint)
  throwIfCancelled(options.signal, dataset.name)
  await tx.run('UPDATE datasets SET report = ? WHERE id = ?', [JSON.stringify(dataset.report()), datasetId])
  return datasetId
}

async function storeUsers(tx: WriteTransaction, datasetId: number, { users }: NewDataset): Promise<void> {
  for (let start = 0; start < users.length; start += STATEMENT_ROWS) {
    const rows = users.slice(start, start + STATEMENT_ROWS).map((user, offset) => [start + offset, user.userId, user.attributes])
    await tx.run(
      `INSERT INTO users (dataset_id, user_index, user_id, attributes)
       SELECT ?, value ->> 0, value ->> 1, value ->> 2 FROM jsonb_each(?)`,
      [datasetId, JSON.stringify(rows)],
    )
  }
}

async function storeItems(
  tx: WriteTransaction,
  datasetId: number,
  dataset: NewDataset,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { counts, means } = ratingsPerItem(dataset.columns, dataset.items.length)
  for (let start = 0; start < dataset.items.length; start += STATEMENT_ROWS) {
    throwIfCancelled(signal, dataset.name)
    const rows = dataset.items.slice(start, start + STATEMENT_ROWS).map((item, offset) => {
      const itemIndex = start + offset
      const mean = counts[itemIndex]! > 0 ? means[itemIndex]! : null
      return [itemIndex, item.itemId, item.title, item.year, item.genres, counts[itemIndex]!, mean, item.attributes ?? null]
    })
    await tx.run(
      `INSERT INTO items (dataset_id, item_index, item_id, title, year, genres, rating_count, mean_rating, attributes)
       SELECT ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7 FROM jsonb_each(?)`,
      [datasetId, JSON.stringify(rows)],
    )
  }
}

function ratingsPerItem(columns: PackedColumns, itemCount: number): { counts: Int32Array; means: Float64Array } {
  const counts = new Int32Array(itemCount)
  const means = new Float64Array(itemCount)
  columns.itemIndex.forEach((itemIndex, row) => {
    counts[itemIndex]! += 1
    means[itemIndex]! += columns.rating[row]!
  })
  for (let itemIndex = 0; itemIndex < itemCount; itemIndex++) means[itemIndex]! /= counts[itemIndex]!
  return { counts, means }
}
