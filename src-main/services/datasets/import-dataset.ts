import { createHash } from 'node:crypto'
import type { DatasetSummary, ImportReport } from '../../contract/dto/dataset.ts'
import type { ImportSettings } from '../../contract/dto/import-settings.ts'
import { readDataset } from '../../engine/data/reading/read-dataset.ts'
import type { DatasetContent } from '../../engine/data/reading/dataset-content.ts'
import { datasetNameTaken } from '../../storage/repositories/dataset-errors.ts'
import type { NewDataset } from '../../storage/repositories/new-dataset.ts'
import { packColumns } from '../../storage/repositories/packed-columns.ts'
import type { Workspace } from '../workspace.ts'
import { detectFormat, suggestedName } from './detect-format.ts'
import type { ImportMeter } from './import-meter.ts'
import { openSource } from './open-source.ts'

export interface ImportRequest {
  readonly path: string
  readonly name?: string | undefined
  readonly format?: string | undefined
  readonly onBadRow: 'fail' | 'skip'
  /** What shall not be detected. */
  readonly settings?: ImportSettings | undefined
  /** What the data set says it came from, where that is not the path. */
  readonly origin?: string | undefined
}

/**
 * Reads a source and stores it, all or nothing.
 *
 * @throws PalateError of reading (PATH_NOT_FOUND, INPUT_INVALID, FORMAT_UNKNOWN, FILE_EMPTY, ROW_INVALID, INPUT_REFUSED) and of storing
 *         (DATASET_NAME_TAKEN, DISK_FULL), CANCELLED when the signal is aborted
 */
export async function importDataset(
  workspace: Workspace,
  request: ImportRequest,
  meter: ImportMeter,
  signal: AbortSignal,
): Promise<{ dataset: DatasetSummary; report: ImportReport }> {
  const { datasets } = workspace.repositories
  const startedAt = Date.now()
  const clock = performance.now()
  const source = await openSource(request.path)
  try {
    const { reader, recognition } = await detectFormat(source, request.settings, request.format)
    const name = request.name ?? suggestedName(source.display)
    // Asked before the long work; the transaction asks again.
    if ((await datasets.list()).some((dataset) => dataset.name === name)) throw datasetNameTaken(name)
    meter.enter('reading')
    const { settings } = recognition
    const content = await readDataset(reader, source, {
      settings,
      onBadRow: request.onBadRow,
      signal,
      onProgress: (rows, bytes, total) => meter.read(rows, bytes, total),
    })
    const made = { name, format: reader.id, source: request.origin ?? source.display, createdAt: startedAt }
    return await storeContent(workspace, content, made, { clock, meter, signal, settings })
  } finally {
    await source.close()
  }
}

/** Stores what a reader or the sample lab made. @param how.clock performance.now() at the start, for the report */
export async function storeContent(
  workspace: Workspace,
  content: DatasetContent,
  made: Pick<NewDataset, 'name' | 'format' | 'source' | 'createdAt'>,
  how: { clock: number; meter?: ImportMeter; signal?: AbortSignal; settings?: ImportSettings },
): Promise<{ dataset: DatasetSummary; report: ImportReport }> {
  const { datasets } = workspace.repositories
  const { users, items, timeKind, scale, counts, rejectedRows } = content
  const columns = {
    userIndex: content.userIndex,
    itemIndex: content.itemIndex,
    rating: content.rating,
    time: content.time,
  }
  const report = (): ImportReport => ({
    ...counts,
    rejectedRows: [...rejectedRows],
    durationMs: performance.now() - how.clock,
    ...(content.missing ? { missing: content.missing } : {}),
    ...(content.scenarios ? { scenarios: countScenarios(content.scenarios) } : {}),
    ...(content.duplicatesPolicy ? { duplicatesPolicy: content.duplicatesPolicy } : {}),
    ...(content.notes && content.notes.length > 0 ? { notes: [...content.notes] } : {}),
    ...(how.settings ? { settings: how.settings } : {}),
  })
  how.meter?.enter('storing')
  const id = await datasets.store(
    {
      ...made,
      users,
      items,
      columns,
      timeKind,
      scale,
      fingerprint: fingerprintOf(content),
      scenarios: content.scenarios,
      report,
    },
    { signal: how.signal, onProgress: (stage, rows) => how.meter?.stored(stage, rows) },
  )
  return { dataset: await datasets.get(id), report: await datasets.report(id) }
}

/** How many ratings each scenario holds, the commonest first. */
function countScenarios({ names, codes }: NonNullable<DatasetContent['scenarios']>): { name: string; count: number }[] {
  const counts = new Int32Array(names.length + 1)
  for (const code of codes) counts[code]! += 1
  return names.map((name, at) => ({ name, count: counts[at + 1]! })).sort((a, b) => b.count - a.count)
}

/** SHA-256 over the packed columns and the counts: equal for equal ratings, whatever the names around them. */
export function fingerprintOf(content: DatasetContent): string {
  const hash = createHash('sha256')
  hash.update(JSON.stringify({ users: content.users.length, items: content.items.length, timeKind: content.timeKind }))
  for (const bytes of Object.values(packColumns(content))) hash.update(bytes)
  return hash.digest('hex')
}
