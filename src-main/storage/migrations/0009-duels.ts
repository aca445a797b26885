import type { Migration } from './migration.ts'

/**
 * Duels: two live sessions, and what was said of both together. A step is whole only when its row is there: answers of the
 * sessions beyond the last step have not happened.
 *
 * A duel goes with either of its sessions. Sessions that are removed can be had back until the workspace is opened again.
 */
export const duels: Migration = {
  version: 9,
  name: 'duels',
  sql: `
    ALTER TABLE live_sessions ADD COLUMN removed_at INTEGER;

    CREATE TABLE duels (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL,
      setup TEXT NOT NULL,
      first_session INTEGER NOT NULL UNIQUE REFERENCES live_sessions (id) ON DELETE CASCADE,
      second_session INTEGER NOT NULL UNIQUE REFERENCES live_sessions (id) ON DELETE CASCADE,
      over INTEGER NOT NULL,
      looked_after INTEGER,
      created_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE duel_steps (
      duel_id INTEGER NOT NULL REFERENCES duels (id) ON DELETE CASCADE,
      step INTEGER NOT NULL,
      at INTEGER NOT NULL,
      left_policy TEXT NOT NULL CHECK (left_policy IN ('first', 'second')),
      preference TEXT CHECK (preference IN ('left', 'right', 'tie')),
      winner TEXT NOT NULL CHECK (winner IN ('first', 'second', 'tie')),
      shown TEXT NOT NULL,
      PRIMARY KEY (duel_id, step)
    ) STRICT, WITHOUT ROWID;
  `,
}
