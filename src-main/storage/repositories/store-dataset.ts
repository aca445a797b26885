import { PalateError } from '../../contract/errors.ts'
import type { WriteTransaction } from '../database.ts'
import { datasetNameTaken } from './dataset-errors.ts'
import type { NewDataset, StoreOptions } from './new-dataset.ts'
import { bytesOf, packColumns, type PackedColumns } from './packed-columns.ts'

const CHUNK_ROWS = 10_000

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
  const packed = packColumns(dataset.columns)
  await tx.run('INSERT INTO packed_interactions (dataset_id, user_index, item_index, rating, time) VALUES (?, ?, ?, ?, ?)', [
    datasetId,
    packed.userIndex,
    packed.itemIndex,
    packed.rating,
    packed.time,
  ])
  if (dataset.scenarios) {
    const { names, codes } = dataset.scenarios
    await tx.run('INSERT INTO packed_scenarios (dataset_id, names, codes) VALUES (?, ?, ?)', [
      datasetId,
      JSON.stringify(names),
      bytesOf(codes),
    ])
  }
  throwIfCancelled(options.signal, dataset.name)
  await tx.run('UPDATE datasets SET report = ? WHERE id = ?', [JSON.stringify(dataset.report()), datasetId])
  return datasetId
}

async function storeUsers(tx: WriteTransaction, datasetId: number, { users }: NewDataset): Promise<void> {
  for (let start = 0; start < users.length; start += CHUNK_ROWS) {
    const rows = users.slice(start, start + CHUNK_ROWS).map((user, offset) => [start + offset, user.userId, user.attributes])
    await tx.run(
      `INSERT INTO users (dataset_id, user_index, user_id, attributes)
       SELECT ?, value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)`,
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
  for (let start = 0; start < dataset.items.length; start += CHUNK_ROWS) {
    throwIfCancelled(signal, dataset.name)
    const rows = dataset.items.slice(start, start + CHUNK_ROWS).map((item, offset) => {
      const itemIndex = start + offset
      const mean = counts[itemIndex]! > 0 ? means[itemIndex]! : null
      return [itemIndex, item.itemId, item.title, item.year, item.genres, counts[itemIndex]!, mean, item.attributes ?? null]
    })
    await tx.run(
      `INSERT INTO items (dataset_id, item_index, item_id, title, year, genres, rating_count, mean_rating, attributes)
       SELECT ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7 FROM json_each(?)`,
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

async function storeInteractions(
  tx: WriteTransaction,
  datasetId: number,
  { columns, name }: NewDataset,
  { signal, onProgress }: StoreOptions,
): Promise<void> {
  const size = columns.rating.length
  const rebuildIndexes = await isCheaperToRebuild(tx, size)
  if (rebuildIndexes) await tx.exec('DROP INDEX interactions_by_user; DROP INDEX interactions_by_item')
  for (let start = 0; start < size; start += CHUNK_ROWS) {
    throwIfCancelled(signal, name)
    const end = Math.min(size, start + CHUNK_ROWS)
    await tx.run(
      `INSERT INTO interactions (dataset_id, user_index, item_index, rating, time)
       SELECT ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)`,
      [datasetId, rowsAsJson(columns, start, end)],
    )
    onProgress?.('storing', end)
  }
  throwIfCancelled(signal, name)
  if (!rebuildIndexes) return
  onProgress?.('indexing', size)
  await tx.exec('CREATE INDEX interactions_by_user ON interactions (dataset_id, user_index)')
  throwIfCancelled(signal, name)
  await tx.exec('CREATE INDEX interactions_by_item ON interactions (dataset_id, item_index)')
}

/**
 * Building both indexes at the end takes half of what keeping them up to date takes per row, but it covers the rows of
 * every other data set too: it pays when the new rows are at least as many as those there.
 */
async function isCheaperToRebuild(tx: WriteTransaction, newRows: number): Promise<boolean> {
  const row = await tx.get<{ rows: number | null }>('SELECT sum(rating_count) AS rows FROM datasets')
  // The sum counts the new data set as well: its row stands already.
  return (row?.rows ?? 0) - newRows <= newRows
}

/** Written by hand: JSON.stringify over an array of arrays takes several times as long. All columns hold finite numbers. */
function rowsAsJson(columns: PackedColumns, start: number, end: number): string {
  const { userIndex, itemIndex, rating, time } = columns
  let text = ''
  for (let row = start; row < end; row++) {
    text += `${row > start ? ',' : ''}[${userIndex[row]!},${itemIndex[row]!},${rating[row]!},${time[row]!}]`
  }
  return `[${text}]`
}

function throwIfCancelled(signal: AbortSignal | undefined, name: string): void {
  if (!signal?.aborted) return
  throw new PalateError('CANCELLED', `The import of "${name}" was cancelled. Nothing of it was kept.`, {
    what: `import of ${name}`,
  })
}
