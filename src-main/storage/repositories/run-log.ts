import { runLogKind, type RunLog, type RunLogEntry } from '../../contract/dto/run-log.ts'
import type { ReadableDatabase, WritableDatabase } from '../database.ts'

export interface RunLogRepository {
  add(runId: number, entry: RunLogEntry): Promise<void>
  /** Events and notes in the order of their times; a note that an event tells as well stands there once. */
  read(runId: number): Promise<RunLog>
  /** Joins what a process took to what the ones before it took. */
  addProcess(runId: number, taken: { peakMemoryBytes: number; cpuMs: number }): Promise<void>
}

export function createRunLogRepository(read: ReadableDatabase, write: WritableDatabase): RunLogRepository {
  return {
    async add(runId, { at, update, kind, text }) {
      await write.run(
        `INSERT INTO run_events (run_id, position, at, at_update, kind, text)
         SELECT ?1, (SELECT coalesce(max(position), -1) + 1 FROM run_events WHERE run_id = ?1), ?2, ?3, ?4, ?5`,
        [runId, at, update, kind, text],
      )
    },
    async read(runId) {
      const rows = await read.all<RunLogEntry>(
        `SELECT at, at_update AS "update", kind, text, 0 AS isNote, position FROM run_events WHERE run_id = ?1
         UNION ALL
         SELECT at, NULL, 'note', text, 1, position FROM run_notes AS note WHERE run_id = ?1
           AND NOT EXISTS (SELECT 1 FROM run_events WHERE run_id = ?1 AND text = note.text)
         ORDER BY at, isNote, position`,
        [runId],
      )
      const total = await read.get<{ peakMemoryBytes: number; cpuMs: number }>(
        'SELECT peak_memory_bytes AS peakMemoryBytes, cpu_ms AS cpuMs FROM run_processes WHERE run_id = ?',
        [runId],
      )
      const entries = rows.map(({ at, update, kind, text }) => ({ at, update, kind: runLogKind.catch('note').parse(kind), text }))
      return { entries, total: total ?? null }
    },
    async addProcess(runId, { peakMemoryBytes, cpuMs }) {
      await write.run(
        `INSERT INTO run_processes (run_id, peak_memory_bytes, cpu_ms) VALUES (?1, ?2, ?3)
         ON CONFLICT (run_id) DO UPDATE SET peak_memory_bytes = max(peak_memory_bytes, ?2), cpu_ms = cpu_ms + ?3`,
        [runId, peakMemoryBytes, cpuMs],
      )
    },
  }
}
