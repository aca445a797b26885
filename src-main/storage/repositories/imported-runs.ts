import { rm } from 'node:fs/promises'
import type { MetricPoint, ResultRowWithInterval } from '../../contract/dto/run.ts'
import type { ReadableDatabase, WritableDatabase, WriteTransaction } from '../database.ts'
import { placeAbsent, type AbsentDataset } from './absent-datasets.ts'
import { runFolder, writeModel } from './checkpoints.ts'
import { insertPoints } from './metric-points.ts'
import { insertRecommendations, type RecommendationColumns } from './recommendations.ts'
import { insertResults } from './results.ts'
import { insertRuns, updateRun, type NewRun, type RunChange, type RunNote } from './runs.ts'
import { insertUserMetrics, type UserMetricColumns } from './user-metrics.ts'

/** A run that was made elsewhere, complete. */
export interface ImportedRun {
  readonly run: Omit<NewRun, 'datasetId'>
  readonly end: RunChange
  readonly notes: readonly RunNote[]
  readonly points: readonly MetricPoint[]
  readonly results: readonly ResultRowWithInterval[]
  readonly userMetrics: UserMetricColumns
  readonly recommendations: RecommendationColumns
  /** null: it has kept none. */
  readonly model: Uint8Array | null
}

/** By what a run is told from all others, in whatever workspace it lies. */
export type RunIdentity = Pick<NewRun, 'group' | 'seed' | 'createdAt'>

export interface ImportedRunsRepository {
  /** @returns the run's number here, or null */
  find(run: RunIdentity): Promise<number | null>
  /**
   * One transaction: all runs or none, each with everything that belongs to it.
   *
   * @param dataset a data set of this workspace, or what is known of one that is not here
   * @param runs    taken one after the other, so that one is in memory at a time
   * @returns their numbers, in order
   * @throws PalateError DISK_FULL, and whatever `runs` throws
   */
  store(dataset: number | AbsentDataset, runs: AsyncIterable<ImportedRun>, at: number): Promise<number[]>
}

/** @param folder the workspace */
export function createImportedRunsRepository(
  read: ReadableDatabase,
  write: WritableDatabase,
  folder: string,
): ImportedRunsRepository {
  return {
    async find({ group, seed, createdAt }) {
      const sql =
        'SELECT id FROM runs WHERE group_id = ? AND seed = ? AND created_at = ? AND removed_at IS NULL ORDER BY id LIMIT 1'
      return (await read.get<{ id: number }>(sql, [group, seed, createdAt]))?.id ?? null
    },
    async store(dataset, runs, at) {
      const ids: number[] = []
      try {
        await write.transaction(async (tx) => {
          const datasetId = typeof dataset === 'number' ? dataset : await placeAbsent(tx, dataset, at)
          for await (const run of runs) ids.push(await insertImported(tx, folder, datasetId, run, at))
        })
      } catch (error) {
        // A number that is given back is used again: no file may wait for its next owner.
        for (const id of ids) await rm(runFolder(folder, id), { recursive: true, force: true })
        throw error
      }
      return ids
    },
  }
}

async function insertImported(
  tx: WriteTransaction,
  folder: string,
  datasetId: number,
  { run, end, notes, points, results, userMetrics, recommendations, model }: ImportedRun,
  at: number,
): Promise<number> {
  const [runId] = (await insertRuns(tx, [{ ...run, datasetId }])) as [number]
  await updateRun(tx, runId, end)
  for (const [position, note] of notes.entries()) {
    await tx.run('INSERT INTO run_notes (run_id, position, at, text) VALUES (?, ?, ?, ?)', [runId, position, note.at, note.text])
  }
  await insertPoints(tx, runId, points)
  await insertResults(tx, runId, results)
  await insertUserMetrics(tx, runId, userMetrics)
  await insertRecommendations(tx, runId, recommendations)
  if (model) await writeModel(tx, folder, runId, { createdAt: at, content: model })
  return runId
}
