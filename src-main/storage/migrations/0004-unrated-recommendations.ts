import type { Migration } from './migration.ts'

/**
 * Over the whole catalogue items are recommended that the user never rated: their rating is NULL. SQLite cannot take a NOT NULL
 * away, so the table is written anew.
 */
export const unratedRecommendations: Migration = {
  version: 4,
  name: 'unrated recommendations',
  sql: `
    CREATE TABLE recommendations_new (
      run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      protocol TEXT NOT NULL,
      user_index INTEGER NOT NULL,
      rank INTEGER NOT NULL,
      item_index INTEGER NOT NULL,
      score REAL NOT NULL,
      rating REAL,
      PRIMARY KEY (run_id, protocol, user_index, rank)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO recommendations_new SELECT run_id, protocol, user_index, rank, item_index, score, rating FROM recommendations;
    DROP TABLE recommendations;
    ALTER TABLE recommendations_new RENAME TO recommendations;
  `,
}
