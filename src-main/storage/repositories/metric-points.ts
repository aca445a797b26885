import type { MetricPoint } from '../../contract/dto/run.ts'
import type { ReadableDatabase, WritableDatabase, WriteTransaction } from '../database.ts'
import { insertRows } from './insert-rows.ts'
import { parseJson } from './json-column.ts'

/** A curve as columns, in the order of its updates. */
export interface StoredSeries {
  readonly name: string
  readonly update: Int32Array
  readonly value: Float64Array
  readonly elapsedMs: Float64Array
}

export interface PointWindow {
  /** Only these curves. */
  readonly names?: readonly string[] | undefined
  /** First and last update, both included. */
  readonly from?: number | undefined
  readonly to?: number | undefined
}

export interface MetricPointsRepository {
  /** One transaction. A point of the same name and update replaces the one there. @throws RangeError on a value that is not finite */
  append(runId: number, points: readonly MetricPoint[]): Promise<void>
  /** Every stored point, sorted by name. */
  series(runId: number, wanted?: PointWindow): Promise<StoredSeries[]>
  /**
   * As `series`, but of a curve with more points than `fineUpTo` only the lowest and the highest of each of `buckets` equal
   * spans of updates, beside its first and its last point: a million points are looked at by the database, not carried. For
   * pictures: values have 15 digits.
   */
  outlines(
    runId: number,
    wanted: PointWindow & { readonly fineUpTo: number; readonly buckets: number },
  ): Promise<(StoredSeries & { total: number })[]>
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
    async series(runId, wanted = {}) {
      const rows = await read.all<PointRow>(
        `${NAMES} SELECT name, at_update AS "update", value, elapsed_ms AS elapsedMs
         FROM names CROSS JOIN metric_points AS point USING (name) WHERE ${IN_WINDOW} ORDER BY name, at_update`,
        windowParams(runId, wanted),
      )
      return toSeries(rows)
    },
    async outlines(runId, { fineUpTo, buckets, ...wanted }) {
      const spans = await read.all<Span>(
        `${NAMES} SELECT name, count(*) AS total, min(at_update) AS first, max(at_update) AS last
         FROM names CROSS JOIN metric_points AS point USING (name) WHERE ${IN_WINDOW} GROUP BY name ORDER BY name`,
        windowParams(runId, wanted),
      )
      const fine = spans.filter(({ total }) => total <= fineUpTo).map(({ name }) => name)
      const whole = new Map((await columnsOf(read, runId, { ...wanted, names: fine })).map((one) => [one.name, one]))
      const found: (StoredSeries & { total: number })[] = []
      for (const span of spans)
        found.push({ ...(whole.get(span.name) ?? (await outlineOf(read, runId, span, buckets))), total: span.total })
      return found
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

interface Span {
  readonly name: string
  readonly total: number
  readonly first: number
  readonly last: number
}

/** The names of a run's curves by a jump from each to the next: a window of a few points needs no look at all the others. */
const NAMES = `WITH RECURSIVE
  own (name) AS (
    SELECT min(name) FROM metric_points WHERE run_id = ?1
    UNION ALL
    SELECT (SELECT min(name) FROM metric_points WHERE run_id = ?1 AND name > own.name) FROM own WHERE name IS NOT NULL
  ),
  names (name) AS (
    SELECT name FROM own WHERE name IS NOT NULL AND (?2 IS NULL OR name IN (SELECT value FROM json_each(?2)))
  )`
const IN_WINDOW = 'run_id = ?1 AND at_update BETWEEN ?3 AND ?4'

function windowParams(runId: number, { names, from, to }: PointWindow) {
  return [runId, names ? JSON.stringify(names) : null, from ?? 0, to ?? Number.MAX_SAFE_INTEGER]
}

/** Each curve as one row of three texts: five times as fast as a row for each point. */
async function columnsOf(read: ReadableDatabase, runId: number, wanted: PointWindow): Promise<StoredSeries[]> {
  const rows = await read.all<{ name: string; update: string; value: string; elapsedMs: string }>(
    `${NAMES} SELECT name, json_group_array(at_update) AS "update", json_group_array(value) AS value,
       json_group_array(elapsed_ms) AS elapsedMs
     FROM names CROSS JOIN metric_points AS point USING (name) WHERE ${IN_WINDOW} GROUP BY name ORDER BY name`,
    windowParams(runId, wanted),
  )
  // The primary key gives them in the order of their updates.
  return rows.map(({ name, update, value, elapsedMs }) => ({
    name,
    update: Int32Array.from(parseJson<number[]>(update)),
    value: Float64Array.from(parseJson<number[]>(value)),
    elapsedMs: Float64Array.from(parseJson<number[]>(elapsedMs)),
  }))
}

/** A scan of each bucket by the primary key: grouping by an expression would sort all of the points instead. */
async function outlineOf(read: ReadableDatabase, runId: number, span: Span, buckets: number): Promise<StoredSeries> {
  const { name, first, last } = span
  const extreme = (which: 'min' | 'max') =>
    `(SELECT json_array(at_update, ${which}(value), elapsed_ms) FROM metric_points WHERE run_id = ?1 AND name = ?2
      AND at_update >= ?3 + at * (?4 - ?3 + 1) / ?5 AND at_update < ?3 + (at + 1) * (?4 - ?3 + 1) / ?5)`
  const rows = await read.all<{ low: string; high: string }>(
    `WITH RECURSIVE bucket (at) AS (SELECT 0 UNION ALL SELECT at + 1 FROM bucket WHERE at + 1 < ?5)
     SELECT ${extreme('min')} AS low, ${extreme('max')} AS high FROM bucket`,
    [runId, name, first, last, buckets],
  )
  const ends = await read.all<PointRow>(
    `SELECT name, at_update AS "update", value, elapsed_ms AS elapsedMs FROM metric_points
     WHERE run_id = ? AND name = ? AND at_update IN (?, ?)`,
    [runId, name, first, last],
  )
  const points = new Map(ends.map((row) => [row.update, row]))
  for (const text of rows.flatMap(({ low, high }) => [low, high])) {
    const [update, value, elapsedMs] = parseJson<[number | null, number, number]>(text)
    // A bucket between two points far apart holds none.
    if (update !== null) points.set(update, { name, update, value, elapsedMs })
  }
  return toSeries([...points.values()].sort((a, b) => a.update - b.update))[0]!
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
