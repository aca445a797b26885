import type { MetricPoint } from '../../contract/dto/run.ts'
import type { ReadableDatabase, WritableDatabase, WriteTransaction } from '../database.ts'
import { insertRows } from './insert-rows.ts'

/** A curve as columns, in the order of its updates. */
export interface StoredSeries {
  readonly name: string
  readonly update: Int32Array
  readonly value: Float64Array
  readonly elapsedMs: Float64Array
}

export interface MetricPointsRepository {
  /** One transaction. A point of the same name and update replaces the one there. @throws RangeError on a value that is not finite */
  append(runId: number, points: readonly MetricPoint[]): Promise<void>
  /** Every stored point, sorted by name; only the curves in `names` when given. */
  series(runId: number, names?: readonly string[]): Promise<StoredSeries[]>
  count(runId: number): Promise<number>
  /** All points by name and update, in chunks: memory stays bounded. */
  stream(runId: number, chunkSize?: number): AsyncGenerator<MetricPoint[], void, void>
  /**
   * Drops the points measured later than `elapsedMs` of training time, which a resumed run makes anew: exact also for curves that count something else
   * than gradient updates, such as the epochs of an embedding.
   */
  truncateLaterThan(runId: number, elapsedMs: number): Promise<void>
}

type PointRow = { name: string; update: number; value: number; elapsedMs: number }

export function createMetricPointsRepository(read: ReadableDatabase, write: WritableDatabase): MetricPointsRepository {
  return {
    async append(runId, points) {
      const wrong = points.find((point) => !Number.isFinite(point.value))
      if (wrong) throw new RangeError(`metric point ${wrong.name} at update ${wrong.update} is ${wrong.value}`)
      if (points.length === 0) return
      await write.transaction((tx) => insertPoints(tx, runId, points))
    },
    async series(runId, names) {
      const rows = await read.all<PointRow>(
        `SELECT name, at_update AS "update", value, elapsed_ms AS elapsedMs FROM metric_points
         WHERE run_id = ?1 AND (?2 IS NULL OR name IN (SELECT value FROM json_each(?2))) ORDER BY name, at_update`,
        [runId, names ? JSON.stringify(names) : null],
      )
      return toSeries(rows)
    },
    async count(runId) {
      return (await read.get<{ count: number }>('SELECT count(*) AS count FROM metric_points WHERE run_id = ?', [runId]))!.count
    },
    async *stream(runId, chunkSize = 5000) {
      let after: { name: string; update: number } = { name: '', update: -1 }
      for (;;) {
        const rows = await read.all<PointRow>(
          `SELECT name, at_update AS "update", value, elapsed_ms AS elapsedMs FROM metric_points
           WHERE run_id = ? AND (name, at_update) > (?, ?) ORDER BY name, at_update LIMIT ?`,
          [runId, after.name, after.update, chunkSize],
        )
        const last = rows.at(-1)
        if (!last) return
        yield rows
        after = last
      }
    },
    async truncateLaterThan(runId, elapsedMs) {
      await write.run('DELETE FROM metric_points WHERE run_id = ? AND elapsed_ms > ?', [runId, elapsedMs])
    },
  }
}

/** See MetricPointsRepository.append. */
export function insertPoints(tx: WriteTransaction, runId: number, points: readonly MetricPoint[]): Promise<void> {
  const head = 'INSERT OR REPLACE INTO metric_points (run_id, name, at_update, value, elapsed_ms)'
  return insertRows(tx, head, 5, points.length, (index) => {
    const point = points[index]!
    return [runId, point.name, point.update, point.value, point.elapsedMs]
  })
}

function toSeries(rows: readonly PointRow[]): StoredSeries[] {
  const series: StoredSeries[] = []
  for (let start = 0; start < rows.length;) {
    const name = rows[start]!.name
    let end = start + 1
    while (end < rows.length && rows[end]!.name === name) end++
    const own = rows.slice(start, end)
    series.push({
      name,
      update: Int32Array.from(own, (row) => row.update),
      value: Float64Array.from(own, (row) => row.value),
      elapsedMs: Float64Array.from(own, (row) => row.elapsedMs),
    })
    start = end
  }
  return series
}
