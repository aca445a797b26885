import type { Migration } from './migration.ts'

/**
 * What catalogues say of items beside title, year and genres, as users have it; and the scenario (tab, scene) in which each
 * rating of a data set was given, where its source tells: codes of two bytes in the order of the packed columns, 0 for none,
 * else a position in `names` from 1.
 */
export const itemAttributes: Migration = {
  version: 7,
  name: 'item-attributes',
  sql: `
    ALTER TABLE items ADD COLUMN attributes TEXT;
    CREATE TABLE packed_scenarios (
      dataset_id INTEGER PRIMARY KEY REFERENCES datasets (id) ON DELETE CASCADE,
      names TEXT NOT NULL,
      codes BLOB NOT NULL
    ) STRICT;
  `,
}
