import type { ErrorRecord } from '../../contract/errors.ts'
import type { RunOrigin, RunState } from '../../contract/dto/run.ts'
import type { ParamValues } from '../../contract/params.ts'
import type { ReadableDatabase, SqlValue, WritableDatabase, WriteTransaction } from '../database.ts'
import { insertRows } from './insert-rows.ts'
import { parseJson } from './json-column.ts'
import { createRunLabels, type RunLabels } from './run-labels.ts'

/** What a run is made with; never changes afterwards, except for the name. */
export interface NewRun {
  readonly group: string
  readonly name: string
  readonly datasetId: number
  readonly modelId: string
  readonly modelVersion: number
  readonly preset: string
  readonly params: ParamValues
  readonly split: string
  readonly seed: number
  readonly protocols: readonly string[]
  readonly ks: readonly number[]
  readonly engineVersion: string
  /** What computes, or what is asked for until the run has started. */
  readonly executor: string
  /** Threads that are asked for; null: to be chosen at the start. */
  readonly threads: number | null
  readonly datasetFingerprint: string
  readonly updatesTotal: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** The live session that it went on from; null where it began by itself. */
  readonly lineage?: RunLineage | null
}

export interface RunLineage {
  readonly runId: number
  readonly sessionId: number
  /** Answers that the session had. */
  readonly answers: number
}

/** What changes while a run is worked on. Give only what changed. */
export interface RunChange {
  readonly name?: string
  readonly state?: RunState
  readonly stage?: string
  readonly executor?: string
  /** In words. */
  readonly device?: string
  readonly executorVersions?: Readonly<Record<string, string>>
  readonly threads?: number | null
  readonly startedAt?: number | null
  readonly endedAt?: number | null
  readonly updatesDone?: number
  readonly updatesTotal?: number
  readonly updatesPerSecond?: number | null
  readonly remainingMs?: number | null
  /** Training time without pauses. */
  readonly elapsedMs?: number
  readonly splitHash?: string | null
  readonly validationNdcg?: number | null
  readonly precision20?: number | null
  readonly ndcg20?: number | null
  readonly error?: ErrorRecord | null
  readonly origin?: RunOrigin | null
}

export interface StoredRun extends NewRun, Required<RunChange> {
  readonly id: number
  /** Sorted. */
  readonly tags: readonly string[]
  /** A person's own notes. */
  readonly comment: string
  /** Null: not put away. */
  readonly archivedAt: number | null
  readonly name: string
  readonly executor: string
  readonly threads: number | null
  readonly updatesTotal: number
  readonly datasetName: string
  readonly lineage: RunLineage | null
}

export interface RunNote {
  readonly at: number
  readonly text: string
}

/** Runs that are removed, but not yet for good, are found by none of these but `RunLabels`. */
export interface RunsRepository extends RunLabels {
  /** All or none. @returns their numbers, in order */
  insert(runs: readonly NewRun[]): Promise<number[]>
  /** @returns null when there is no such run */
  get(runId: number): Promise<StoredRun | null>
  /** Newest first. @param runIds of these only, as far as there are such */
  list(runIds?: readonly number[]): Promise<StoredRun[]>
  /** Of these states only, oldest first: the order of the queue. */
  listByState(states: readonly RunState[]): Promise<StoredRun[]>
  /** @returns false when there is no such run */
  update(runId: number, change: RunChange): Promise<boolean>
  /** Removes the run's rows in every table; the files of its checkpoints are checkpoints.removeFiles' business. */
  remove(runId: number): Promise<boolean>
  /** Runs that are "running" while nobody runs them: called once at start. @returns their numbers */
  markInterrupted(at: number): Promise<number[]>
  addNote(runId: number, note: RunNote): Promise<void>
  notes(runId: number): Promise<RunNote[]>
  countByDataset(datasetId: number): Promise<number>
}

const COLUMNS = {
  name: 'name',
  state: 'state',
  stage: 'stage',
  executor: 'executor',
  device: 'device',
  executorVersions: 'executor_versions',
  threads: 'threads',
  startedAt: 'started_at',
  endedAt: 'ended_at',
  updatesDone: 'updates_done',
  updatesTotal: 'updates_total',
  updatesPerSecond: 'updates_per_second',
  remainingMs: 'remaining_ms',
  elapsedMs: 'elapsed_ms',
  splitHash: 'split_hash',
  validationNdcg: 'validation_ndcg',
  precision20: 'precision20',
  ndcg20: 'ndcg20',
  error: 'error',
  origin: 'origin',
} as const satisfies Record<keyof RunChange, string>

const SELECT = `
  SELECT runs.id, runs.group_id AS "group", runs.name, runs.dataset_id AS datasetId, coalesce(datasets.deleted_name, datasets.name) AS datasetName,
    configuration.model_id AS modelId, configuration.model_version AS modelVersion, configuration.preset,
    configuration.params, runs.split, runs.seed, runs.protocols, runs.ks, runs.engine_version AS engineVersion,
    runs.executor, runs.device, runs.executor_versions AS executorVersions, runs.threads,
    runs.dataset_fingerprint AS datasetFingerprint, runs.created_at AS createdAt, runs.state, runs.stage,
    runs.started_at AS startedAt, runs.ended_at AS endedAt, runs.updates_done AS updatesDone,
    runs.updates_total AS updatesTotal, runs.updates_per_second AS updatesPerSecond, runs.remaining_ms AS remainingMs,
    runs.elapsed_ms AS elapsedMs, runs.split_hash AS splitHash, runs.validation_ndcg AS validationNdcg, runs.precision20,
    runs.ndcg20, runs.error, runs.origin, runs.tags, runs.comment, runs.archived_at AS archivedAt, runs.parent_run AS parentRun,
    runs.parent_session AS parentSession, runs.parent_answers AS parentAnswers
  FROM runs
  JOIN datasets ON datasets.id = runs.dataset_id
  JOIN model_configurations AS configuration ON configuration.id = runs.model_configuration_id
  WHERE runs.removed_at IS NULL`

type RunRow = Omit<StoredRun, 'params' | 'protocols' | 'ks' | 'executorVersions' | 'error' | 'origin' | 'tags' | 'lineage'> & {
  parentRun: number | null
  parentSession: number | null
  parentAnswers: number | null
  params: string
  protocols: string
  ks: string
  executorVersions: string
  error: string | null
  origin: string | null
  tags: string
}

const toRun = ({ parentRun, parentSession, parentAnswers, ...row }: RunRow): StoredRun => ({
  ...row,
  lineage: parentRun === null ? null : { runId: parentRun, sessionId: parentSession ?? 0, answers: parentAnswers ?? 0 },
  params: parseJson<ParamValues>(row.params),
  protocols: parseJson<string[]>(row.protocols),
  ks: parseJson<number[]>(row.ks),
  executorVersions: parseJson<Record<string, string>>(row.executorVersions),
  error: row.error === null ? null : parseJson<ErrorRecord>(row.error),
  origin: row.origin === null ? null : parseJson<RunOrigin>(row.origin),
  tags: parseJson<string[]>(row.tags),
})

export function createRunsRepository(read: ReadableDatabase, write: WritableDatabase): RunsRepository {
  return {
    ...createRunLabels(read, write),
    insert: (runs) => write.transaction((tx) => insertRuns(tx, runs)),
    async get(runId) {
      const row = await read.get<RunRow>(`${SELECT} AND runs.id = ?`, [runId])
      return row ? toRun(row) : null
    },
    list: async (runIds) =>
      (
        await read.all<RunRow>(
          `${SELECT} AND (?1 IS NULL OR runs.id IN (SELECT value FROM json_each(?1))) ORDER BY runs.id DESC`,
          [runIds ? JSON.stringify(runIds) : null],
        )
      ).map(toRun),
    listByState: async (states) =>
      (
        await read.all<RunRow>(`${SELECT} AND runs.state IN (SELECT value FROM json_each(?)) ORDER BY runs.id`, [
          JSON.stringify(states),
        ])
      ).map(toRun),
    update: (runId, change) => updateRun(write, runId, change),
    async remove(runId) {
      const { changes } = await write.run('DELETE FROM runs WHERE id = ?', [runId])
      return changes > 0
    },
    markInterrupted: (at) =>
      write.transaction(async (tx) => {
        const rows = await tx.all<{ id: number }>(
          `UPDATE runs SET state = 'interrupted', ended_at = ?, updates_per_second = NULL, remaining_ms = NULL
           WHERE state = 'running' RETURNING id`,
          [at],
        )
        return rows.map((row) => row.id).sort((a, b) => a - b)
      }),
    async addNote(runId, note) {
      await write.run(
        `INSERT INTO run_notes (run_id, position, at, text)
         SELECT ?1, (SELECT coalesce(max(position), -1) + 1 FROM run_notes WHERE run_id = ?1), ?2, ?3`,
        [runId, note.at, note.text],
      )
    },
    notes: (runId) => read.all<RunNote>('SELECT at, text FROM run_notes WHERE run_id = ? ORDER BY position', [runId]),
    async countByDataset(datasetId) {
      const row = await read.get<{ count: number }>(
        'SELECT count(*) AS count FROM runs WHERE dataset_id = ? AND removed_at IS NULL',
        [datasetId],
      )
      return row!.count
    },
  }
}

export async function insertRuns(tx: WriteTransaction, runs: readonly NewRun[]): Promise<number[]> {
  const ids: number[] = []
  for (const run of runs) {
    const configuration = await configurationId(tx, run)
    const { lastId } = await tx.run(
      `INSERT INTO runs (group_id, name, dataset_id, model_configuration_id, split, seed, protocols, ks, engine_version, executor, threads,
         dataset_fingerprint, created_at, state, stage, updates_done, updates_total, elapsed_ms, parent_run, parent_session, parent_answers)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', 'preparing', 0, ?, 0, ?, ?, ?)`,
      [
        run.group,
        run.name,
        run.datasetId,
        configuration,
        run.split,
        run.seed,
        JSON.stringify(run.protocols),
        JSON.stringify(run.ks),
        run.engineVersion,
        run.executor,
        run.threads,
        run.datasetFingerprint,
        run.createdAt,
        run.updatesTotal,
        run.lineage?.runId ?? null,
        run.lineage?.sessionId ?? null,
        run.lineage?.answers ?? null,
      ],
    )
    ids.push(lastId)
  }
  return ids
}

/** Runs that differ in their seed only share one row. */
async function configurationId(tx: WriteTransaction, run: NewRun): Promise<number> {
  const sorted = Object.fromEntries(Object.entries(run.params).sort(([a], [b]) => (a < b ? -1 : 1)))
  const key: SqlValue[] = [run.modelId, run.modelVersion, run.preset, JSON.stringify(sorted)]
  await insertRows(tx, 'INSERT OR IGNORE INTO model_configurations (model_id, model_version, preset, params)', 4, 1, () => key)
  const row = await tx.get<{ id: number }>(
    'SELECT id FROM model_configurations WHERE model_id = ? AND model_version = ? AND preset = ? AND params = ?',
    key,
  )
  return row!.id
}

export async function updateRun(write: Pick<WriteTransaction, 'run'>, runId: number, change: RunChange): Promise<boolean> {
  const names = (Object.keys(COLUMNS) as (keyof RunChange)[]).filter((name) => change[name] !== undefined)
  if (names.length === 0) return true
  const values = names.map((name): SqlValue => {
    const value = change[name]!
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : value
  })
  const { changes } = await write.run(`UPDATE runs SET ${names.map((name) => `${COLUMNS[name]} = ?`).join(', ')} WHERE id = ?`, [
    ...values,
    runId,
  ])
  return changes > 0
}
