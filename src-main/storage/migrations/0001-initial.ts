import type { Migration } from './migration.ts'

/**
 * The first schema. Every table is STRICT, so that a column holds what it says.
 *
 * Interactions stand twice: as rows for questions in SQL, and packed as columns (little-endian) so that training opens a
 * million ratings in milliseconds. Both are written in the one transaction that also makes the data set visible.
 */
export const initial: Migration = {
  version: 1,
  name: 'initial',
  sql: `
    CREATE TABLE datasets (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL UNIQUE,
      format TEXT NOT NULL,
      source TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      user_count INTEGER NOT NULL,
      item_count INTEGER NOT NULL,
      rating_count INTEGER NOT NULL,
      scale TEXT NOT NULL,
      time_kind TEXT NOT NULL CHECK (time_kind IN ('unix-seconds', 'per-user-rank', 'file-order')),
      fingerprint TEXT NOT NULL,
      report TEXT NOT NULL
    ) STRICT;

    CREATE TABLE users (
      dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
      user_index INTEGER NOT NULL,
      user_id TEXT NOT NULL,
      attributes TEXT,
      PRIMARY KEY (dataset_id, user_index)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE items (
      dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
      item_index INTEGER NOT NULL,
      item_id TEXT NOT NULL,
      title TEXT,
      year INTEGER,
      genres TEXT NOT NULL,
      rating_count INTEGER NOT NULL,
      mean_rating REAL,
      PRIMARY KEY (dataset_id, item_index)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE interactions (
      dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
      user_index INTEGER NOT NULL,
      item_index INTEGER NOT NULL,
      rating REAL NOT NULL,
      time REAL NOT NULL
    ) STRICT;
    CREATE INDEX interactions_by_user ON interactions (dataset_id, user_index);
    CREATE INDEX interactions_by_item ON interactions (dataset_id, item_index);

    CREATE TABLE packed_interactions (
      dataset_id INTEGER PRIMARY KEY REFERENCES datasets (id) ON DELETE CASCADE,
      user_index BLOB NOT NULL,
      item_index BLOB NOT NULL,
      rating BLOB NOT NULL,
      time BLOB NOT NULL
    ) STRICT;

    CREATE TABLE splits (
      dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
      split TEXT NOT NULL,
      hash TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      PRIMARY KEY (dataset_id, split)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE embeddings (
      dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
      key TEXT NOT NULL,
      kind TEXT NOT NULL,
      params TEXT NOT NULL,
      size INTEGER NOT NULL,
      validation_rmse REAL NOT NULL,
      loss_curve TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      sha256 TEXT NOT NULL,
      bytes BLOB NOT NULL,
      PRIMARY KEY (dataset_id, key)
    ) STRICT;

    CREATE TABLE model_configurations (
      id INTEGER PRIMARY KEY,
      model_id TEXT NOT NULL,
      model_version INTEGER NOT NULL,
      preset TEXT NOT NULL,
      params TEXT NOT NULL,
      UNIQUE (model_id, model_version, preset, params)
    ) STRICT;

    CREATE TABLE runs (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      group_id TEXT NOT NULL,
      name TEXT NOT NULL,
      dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE RESTRICT,
      model_configuration_id INTEGER NOT NULL REFERENCES model_configurations (id) ON DELETE RESTRICT,
      split TEXT NOT NULL,
      seed INTEGER NOT NULL,
      protocols TEXT NOT NULL,
      ks TEXT NOT NULL,
      engine_version TEXT NOT NULL,
      executor TEXT NOT NULL,
      dataset_fingerprint TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (
        state IN ('queued', 'running', 'paused', 'stopped', 'interrupted', 'diverged', 'failed', 'finished')
      ),
      stage TEXT NOT NULL,
      started_at INTEGER,
      ended_at INTEGER,
      updates_done INTEGER NOT NULL,
      updates_total INTEGER NOT NULL,
      updates_per_second REAL,
      remaining_ms REAL,
      elapsed_ms REAL NOT NULL,
      split_hash TEXT,
      validation_ndcg REAL,
      precision20 REAL,
      ndcg20 REAL,
      error TEXT
    ) STRICT;
    CREATE INDEX runs_by_dataset ON runs (dataset_id);
    CREATE INDEX runs_by_state ON runs (state);

    CREATE TABLE run_notes (
      run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      at INTEGER NOT NULL,
      text TEXT NOT NULL,
      PRIMARY KEY (run_id, position)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE metric_points (
      run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      at_update INTEGER NOT NULL,
      value REAL NOT NULL,
      elapsed_ms REAL NOT NULL,
      PRIMARY KEY (run_id, name, at_update)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE checkpoints (
      run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      at_update INTEGER NOT NULL,
      file TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      sha256 TEXT NOT NULL,
      elapsed_ms REAL NOT NULL,
      created_at INTEGER NOT NULL,
      PRIMARY KEY (run_id, at_update)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE trained_models (
      run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
      file TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      sha256 TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE results (
      run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      model TEXT NOT NULL,
      seed INTEGER NOT NULL,
      split TEXT NOT NULL,
      protocol TEXT NOT NULL,
      subset TEXT NOT NULL CHECK (subset IN ('all', 'full-length')),
      k INTEGER NOT NULL,
      metric TEXT NOT NULL,
      value REAL NOT NULL,
      users INTEGER NOT NULL,
      low REAL,
      high REAL,
      position INTEGER NOT NULL,
      PRIMARY KEY (run_id, model, protocol, subset, k, metric)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE user_metrics (
      run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      model TEXT NOT NULL,
      protocol TEXT NOT NULL,
      user_index INTEGER NOT NULL,
      candidates INTEGER NOT NULL,
      k INTEGER NOT NULL,
      metric TEXT NOT NULL,
      value REAL NOT NULL,
      PRIMARY KEY (run_id, model, protocol, user_index, k, metric)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE recommendations (
      run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      protocol TEXT NOT NULL,
      user_index INTEGER NOT NULL,
      rank INTEGER NOT NULL,
      item_index INTEGER NOT NULL,
      score REAL NOT NULL,
      rating REAL NOT NULL,
      PRIMARY KEY (run_id, protocol, user_index, rank)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE settings (
      key TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
}
