import type { BenchmarkState } from '../../contract/dto/benchmark.ts'
import type { ErrorRecord } from '../../contract/errors.ts'
import type { ReadableDatabase, WritableDatabase } from '../database.ts'
import { parseJson } from './json-column.ts'

/** What is wanted of a benchmark; a later start may want something else of it. */
export interface WantedBenchmark {
  readonly recipe: string
  readonly datasetId: number
  readonly seeds: readonly number[]
  /** Ids of rows; null: all of the recipe. */
  readonly rows: readonly string[] | null
}

export interface StoredBenchmark extends WantedBenchmark {
  readonly id: number
  readonly datasetName: string
  readonly state: BenchmarkState
  readonly createdAt: number
  readonly updatedAt: number
}

/** A row for one seed, as far as it was begun. */
export interface StoredCell {
  readonly row: string
  readonly seed: number
  /** Null: it was refused before there was a run. */
  readonly runId: number | null
  readonly error: ErrorRecord | null
}

export interface BenchmarksRepository {
  /** There is one for each recipe and data set: it is made, or what it wants is replaced. @returns its number; it is "running" */
  begin(wanted: WantedBenchmark, at: number): Promise<number>
  /** @returns null when there is none */
  get(id: number): Promise<StoredBenchmark | null>
  /** Newest first. */
  list(): Promise<StoredBenchmark[]>
  setState(id: number, state: BenchmarkState, at: number): Promise<void>
  /** Of every row and seed that was ever begun. */
  cells(id: number): Promise<StoredCell[]>
  /** Replaces what the cell was. */
  setCell(id: number, cell: StoredCell): Promise<void>
  /** Its runs stay. @returns false when there is none */
  remove(id: number): Promise<boolean>
  /** Benchmarks that are "running" while nobody runs them: called once at start. */
  markInterrupted(at: number): Promise<void>
}

type BenchmarkRow = Omit<StoredBenchmark, 'seeds' | 'rows'> & { seeds: string; rows: string | null }
type CellRow = Omit<StoredCell, 'error'> & { error: string | null }

const SELECT = `
  SELECT benchmarks.id, recipe, dataset_id AS datasetId, datasets.name AS datasetName, seeds, wanted_rows AS rows, state,
    benchmarks.created_at AS createdAt, updated_at AS updatedAt
  FROM benchmarks JOIN datasets ON datasets.id = benchmarks.dataset_id`

const toBenchmark = (row: BenchmarkRow): StoredBenchmark => ({
  ...row,
  seeds: parseJson<number[]>(row.seeds),
  rows: row.rows === null ? null : parseJson<string[]>(row.rows),
})

export function createBenchmarksRepository(read: ReadableDatabase, write: WritableDatabase): BenchmarksRepository {
  return {
    begin: ({ recipe, datasetId, seeds, rows }, at) =>
      write.transaction(async (tx) => {
        await tx.run(
          `INSERT INTO benchmarks (recipe, dataset_id, seeds, wanted_rows, state, created_at, updated_at)
           VALUES (?1, ?2, ?3, ?4, 'running', ?5, ?5)
           ON CONFLICT (recipe, dataset_id)
           DO UPDATE SET seeds = excluded.seeds, wanted_rows = excluded.wanted_rows, state = 'running', updated_at = ?5`,
          [recipe, datasetId, JSON.stringify(seeds), rows && JSON.stringify(rows), at],
        )
        const sql = 'SELECT id FROM benchmarks WHERE recipe = ? AND dataset_id = ?'
        return (await tx.get<{ id: number }>(sql, [recipe, datasetId]))!.id
      }),
    async get(id) {
      const row = await read.get<BenchmarkRow>(`${SELECT} WHERE benchmarks.id = ?`, [id])
      return row ? toBenchmark(row) : null
    },
    list: async () => (await read.all<BenchmarkRow>(`${SELECT} ORDER BY updated_at DESC, benchmarks.id DESC`)).map(toBenchmark),
    async setState(id, state, at) {
      await write.run('UPDATE benchmarks SET state = ?, updated_at = ? WHERE id = ?', [state, at, id])
    },
    async cells(id) {
      const rows = await read.all<CellRow>(
        'SELECT row_id AS "row", seed, run_id AS runId, error FROM benchmark_cells WHERE benchmark_id = ? ORDER BY row_id, seed',
        [id],
      )
      return rows.map((row) => ({ ...row, error: row.error === null ? null : parseJson<ErrorRecord>(row.error) }))
    },
    async setCell(id, { row, seed, runId, error }) {
      await write.run(
        'INSERT OR REPLACE INTO benchmark_cells (benchmark_id, row_id, seed, run_id, error) VALUES (?, ?, ?, ?, ?)',
        [id, row, seed, runId, error && JSON.stringify(error)],
      )
    },
    remove: async (id) => (await write.run('DELETE FROM benchmarks WHERE id = ?', [id])).changes > 0,
    async markInterrupted(at) {
      await write.run(`UPDATE benchmarks SET state = 'interrupted', updated_at = ? WHERE state = 'running'`, [at])
    },
  }
}
