import type { WriteTransaction } from '../database.ts'
import { JsonbRows } from './jsonb-rows.ts'
import { throwIfCancelled, type NewDataset, type StoreOptions } from './new-dataset.ts'
import { CHUNK_ROWS, packColumns } from './packed-columns.ts'

/** Of one statement. */
const STATEMENT_ROWS = 10_000
/** Pages that are full are not looked at again while rows are only appended, so that a large cache is of no use. */
const APPENDING = 'PRAGMA cache_size = -16384'
/**
 * The cache's size is also how much SQLite sorts at once for an index. Pieces that fit into the processor's cache are sorted and
 * merged in half the time of one large piece, and do not grow with the data set.
 */
const SORTING = 'PRAGMA cache_size = -2048'

/** Writes the ratings twice: as rows with both indexes, and packed. See DatasetsRepository.store. */
export async function storeInteractions(
  tx: WriteTransaction,
  datasetId: number,
  dataset: NewDataset,
  options: StoreOptions,
): Promise<void> {
  const size = dataset.columns.rating.length
  await storePacked(tx, datasetId, dataset, options.signal)
  if (!(await isCheaperToRebuild(tx, size))) return storeRows(tx, datasetId, dataset, options)
  const usual = (await tx.get<{ cache_size: number }>('PRAGMA cache_size'))!.cache_size
  try {
    await tx.exec(`DROP INDEX interactions_by_user; DROP INDEX interactions_by_item; ${APPENDING}`)
    await storeRows(tx, datasetId, dataset, options)
    options.onProgress?.('indexing', size)
    await tx.exec(`${SORTING}; CREATE INDEX interactions_by_user ON interactions (dataset_id, user_index)`)
    throwIfCancelled(options.signal, dataset.name)
    await tx.exec('CREATE INDEX interactions_by_item ON interactions (dataset_id, item_index)')
  } finally {
    await tx.exec(`PRAGMA cache_size = ${usual}`)
  }
  throwIfCancelled(options.signal, dataset.name)
}

async function storePacked(
  tx: WriteTransaction,
  datasetId: number,
  { columns, name }: NewDataset,
  signal: AbortSignal | undefined,
): Promise<void> {
  const size = columns.rating.length
  // Also a data set without ratings has a piece.
  for (let chunk = 0; chunk === 0 || chunk * CHUNK_ROWS < size; chunk++) {
    throwIfCancelled(signal, name)
    const packed = packColumns(columns, chunk * CHUNK_ROWS, Math.min(size, (chunk + 1) * CHUNK_ROWS))
    await tx.run(
      'INSERT INTO packed_interactions (dataset_id, chunk, user_index, item_index, rating, time) VALUES (?, ?, ?, ?, ?, ?)',
      [datasetId, chunk, packed.userIndex, packed.itemIndex, packed.rating, packed.time],
    )
  }
}

async function storeRows(
  tx: WriteTransaction,
  datasetId: number,
  { columns, name }: NewDataset,
  { signal, onProgress }: StoreOptions,
): Promise<void> {
  const size = columns.rating.length
  const rows = new JsonbRows()
  for (let start = 0; start < size; start += STATEMENT_ROWS) {
    throwIfCancelled(signal, name)
    const end = Math.min(size, start + STATEMENT_ROWS)
    await tx.run(
      `INSERT INTO interactions (dataset_id, user_index, item_index, rating, time)
       SELECT ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM jsonb_each(?)`,
      [datasetId, rows.encode(columns, start, end)],
    )
    onProgress?.('storing', end)
  }
  throwIfCancelled(signal, name)
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
