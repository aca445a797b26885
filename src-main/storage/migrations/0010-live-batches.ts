import type { Migration } from './migration.ts'

/**
 * Policies among simulated users. The result is kept as it was computed, with the names that the runs had: it can be looked at when a
 * run is gone. Rewards are 32-bit floats, [players, users, steps], NaN from where an episode has ended; users are 32-bit indexes.
 */
export const liveBatches: Migration = {
  version: 10,
  name: 'live batches',
  sql: `
    CREATE TABLE live_batches (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      setup TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('running', 'finished', 'cancelled', 'failed', 'interrupted')),
      created_at INTEGER NOT NULL,
      elapsed_ms INTEGER NOT NULL,
      error TEXT,
      result TEXT,
      user_indexes BLOB,
      rewards BLOB
    ) STRICT;
    CREATE INDEX live_batches_by_dataset ON live_batches (dataset_id);
  `,
}
