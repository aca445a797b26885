import type { Migration } from './migration.ts'

/**
 * Configurations of models that somebody has named. A version is never changed: saving again adds one. One that was removed keeps
 * its rows until it can no longer be had back; its name is free at once.
 */
export const configurations: Migration = {
  version: 12,
  name: 'configurations',
  sql: `
    CREATE TABLE configurations (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      removed_at INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX configuration_names ON configurations (name) WHERE removed_at IS NULL;

    CREATE TABLE configuration_versions (
      configuration_id INTEGER NOT NULL REFERENCES configurations (id) ON DELETE CASCADE,
      version INTEGER NOT NULL,
      at INTEGER NOT NULL,
      model_id TEXT NOT NULL,
      model_version INTEGER NOT NULL,
      preset TEXT NOT NULL,
      params TEXT NOT NULL,
      PRIMARY KEY (configuration_id, version)
    ) STRICT, WITHOUT ROWID;
  `,
}
