import type { Migration } from './migration.ts'

/** What happened to a run and at which update, and what its processes took at most. */
export const runEvents: Migration = {
  version: 14,
  name: 'events of runs',
  sql: `
    CREATE TABLE run_events (
      run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      at INTEGER NOT NULL,
      at_update INTEGER,
      kind TEXT NOT NULL,
      text TEXT NOT NULL,
      PRIMARY KEY (run_id, position)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE run_processes (
      run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
      peak_memory_bytes INTEGER NOT NULL,
      cpu_ms REAL NOT NULL
    ) STRICT;
  `,
}
