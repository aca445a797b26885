import type { WritableDatabase } from '../database.ts'

/** Measured values of many runs, made by SQLite itself: to bind twenty million rows would take minutes. */
export interface GeneratedRows {
  /** Makes queued runs finished ones, with key figures and times that follow from their numbers. */
  finish(runIds: readonly number[]): Promise<void>
  /** One row per run, protocol, subset, k and metric, for the run's own model. */
  results(
    runIds: readonly number[],
    ks: readonly number[],
    metrics: readonly string[],
    protocols: readonly string[],
  ): Promise<void>
  /** `points` points of each curve of each run, in the order of the table's key. One transaction. */
  metricPoints(runIds: readonly number[], curves: readonly string[], points: number): Promise<void>
}

/** From 0 to below 1 by a number that other SQL makes; the same for every call. */
const spread = (number: string) => `((${number} * 7919 % 10007) / 10007.0)`

/** For benchmarks: rows as training and evaluation store them, whose values mean nothing. */
export function createGeneratedRows(write: WritableDatabase): GeneratedRows {
  return {
    async finish(runIds) {
      await write.run(
        `UPDATE runs SET state = 'finished', stage = 'finished', started_at = created_at + 500,
           ended_at = created_at + 60000 + 1000 * (id % 600), updates_done = updates_total, elapsed_ms = 60000 + 1000 * (id % 600),
           precision20 = 0.6 + 0.1 * ${spread('id')}, ndcg20 = 0.85 + 0.08 * ${spread('(id + 17)')}, executor = 'kernels'
         WHERE id IN (SELECT value FROM json_each(?))`,
        [JSON.stringify(runIds)],
      )
    },
    async results(runIds, ks, metrics, protocols) {
      await write.run(
        `INSERT INTO results
         SELECT runs.id, configuration.model_id, runs.seed, runs.split, protocol.value, subset.value, k.value, metric.value,
           0.5 + 0.5 * ${spread('(runs.id * 31 + k.value + metric.key)')}, 6040, NULL, NULL, 0
         FROM json_each(?1) AS run JOIN runs ON runs.id = run.value
           JOIN model_configurations AS configuration ON configuration.id = runs.model_configuration_id,
           json_each(?2) AS protocol, json_each('["all", "full-length"]') AS subset, json_each(?3) AS k, json_each(?4) AS metric
         ORDER BY 1, 2, 5, 6, 7, 8`,
        [runIds, protocols, ks, metrics].map((list) => JSON.stringify(list)),
      )
    },
    async metricPoints(runIds, curves, points) {
      await write.run(
        `WITH RECURSIVE steps (step) AS (SELECT 0 UNION ALL SELECT step + 1 FROM steps WHERE step + 1 < ?3)
         INSERT INTO metric_points
         SELECT run.value, curve.value, step * 10, 1.0 / (1 + step / 60.0) + 0.1 * ${spread('(step * 13 + run.value)')}, step * 160.0
         FROM json_each(?1) AS run CROSS JOIN json_each(?2) AS curve CROSS JOIN steps`,
        [JSON.stringify(runIds), JSON.stringify([...curves].sort()), points],
      )
    },
  }
}
