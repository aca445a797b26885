import type { Migration } from './migration.ts'

/**
 * A benchmark is a recipe on a data set; a cell is one of its rows for one seed, filled by an ordinary run. A cell whose run was
 * removed is simply not filled any more.
 */
export const benchmarks: Migration = {
  version: 5,
  name: 'benchmarks',
  sql: `
    CREATE TABLE benchmarks (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      recipe TEXT NOT NULL,
      dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
      seeds TEXT NOT NULL,
      wanted_rows TEXT,
      state TEXT NOT NULL CHECK (state IN ('running', 'interrupted', 'cancelled', 'out-of-time', 'finished')),
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      UNIQUE (recipe, dataset_id)
    ) STRICT;

    CREATE TABLE benchmark_cells (
      benchmark_id INTEGER NOT NULL REFERENCES benchmarks (id) ON DELETE CASCADE,
      row_id TEXT NOT NULL,
      seed INTEGER NOT NULL,
      run_id INTEGER REFERENCES runs (id) ON DELETE CASCADE,
      error TEXT,
      PRIMARY KEY (benchmark_id, row_id, seed)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX benchmark_cells_by_run ON benchmark_cells (run_id);
  `,
}
