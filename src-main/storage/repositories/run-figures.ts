import type { ParamValues } from '../../contract/params.ts'
import type { ReadableDatabase } from '../database.ts'
import { parseJson } from './json-column.ts'

/** Names one figure of a run's own model. */
export interface FigureName {
  readonly protocol: string
  readonly subset: 'all' | 'full-length'
  readonly k: number
  readonly metric: string
}

/** One figure of many runs, as columns of equal length. */
export interface FigureColumn {
  readonly runIds: number[]
  readonly values: number[]
}

/** What runs were made with, each configuration told once. */
export interface RunSettings {
  readonly configurations: { readonly id: number; readonly params: ParamValues }[]
  readonly runs: { readonly id: number; readonly configuration: number; readonly executor: string }[]
}

/** Questions of the table of runs, which wants few columns of thousands of runs. */
export interface RunFiguresRepository {
  /** Every figure that any run has. */
  names(): Promise<FigureName[]>
  /** @param runIds of these only */
  column(figure: FigureName, runIds?: readonly number[]): Promise<FigureColumn>
  /** @param runIds of these only */
  settings(runIds?: readonly number[]): Promise<RunSettings>
}

const RUNS = `runs JOIN model_configurations AS configuration ON configuration.id = runs.model_configuration_id`
const WANTED = 'runs.removed_at IS NULL AND (?1 IS NULL OR runs.id IN (SELECT value FROM json_each(?1)))'

export function createRunFiguresRepository(read: ReadableDatabase): RunFiguresRepository {
  return {
    names: () =>
      read.all<FigureName>(
        `SELECT DISTINCT results.protocol, results.subset, results.k, results.metric
         FROM ${RUNS} JOIN results ON results.run_id = runs.id AND results.model = configuration.model_id
         WHERE runs.removed_at IS NULL ORDER BY 1, 2 DESC, 4, 3`,
      ),
    async column({ protocol, subset, k, metric }, runIds) {
      const rows = await read.all<{ id: number; value: number }>(
        `SELECT runs.id, results.value FROM ${RUNS}
           JOIN results ON results.run_id = runs.id AND results.model = configuration.model_id
             AND results.protocol = ?2 AND results.subset = ?3 AND results.k = ?4 AND results.metric = ?5
         WHERE ${WANTED} ORDER BY runs.id`,
        [runIds ? JSON.stringify(runIds) : null, protocol, subset, k, metric],
      )
      return { runIds: rows.map(({ id }) => id), values: rows.map(({ value }) => value) }
    },
    async settings(runIds) {
      const runs = await read.all<RunSettings['runs'][number]>(
        `SELECT id, model_configuration_id AS configuration, executor FROM runs WHERE ${WANTED} ORDER BY id`,
        [runIds ? JSON.stringify(runIds) : null],
      )
      const known = JSON.stringify([...new Set(runs.map(({ configuration }) => configuration))])
      const configurations = await read.all<{ id: number; params: string }>(
        'SELECT id, params FROM model_configurations WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id',
        [known],
      )
      return {
        runs,
        configurations: configurations.map(({ id, params }) => ({ id, params: parseJson<ParamValues>(params) })),
      }
    },
  }
}
