import type { Migration } from './migration.ts'

/**
 * The packed columns of a data set in pieces of 65,536 rows: SQLite and its driver copy what they bind and what they give
 * back, and pieces keep these copies small however large the data set is.
 */
export const packedChunks: Migration = {
  version: 6,
  name: 'packed chunks',
  sql: `
    CREATE TABLE packed_chunks (
      dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
      chunk INTEGER NOT NULL,
      user_index BLOB NOT NULL,
      item_index BLOB NOT NULL,
      rating BLOB NOT NULL,
      time BLOB NOT NULL,
      PRIMARY KEY (dataset_id, chunk)
    ) STRICT;
    WITH RECURSIVE chunks (dataset_id, chunk, size) AS (
      SELECT dataset_id, 0, length(rating) / 4 FROM packed_interactions
      UNION ALL
      SELECT dataset_id, chunk + 1, size FROM chunks WHERE (chunk + 1) * 65536 < size
    )
    INSERT INTO packed_chunks
      SELECT dataset_id, chunk,
        substr(user_index, chunk * 262144 + 1, 262144), substr(item_index, chunk * 262144 + 1, 262144),
        substr(rating, chunk * 262144 + 1, 262144), substr(time, chunk * 524288 + 1, 524288)
      FROM chunks JOIN packed_interactions USING (dataset_id)
      ORDER BY dataset_id, chunk;
    DROP TABLE packed_interactions;
    ALTER TABLE packed_chunks RENAME TO packed_interactions;
  `,
}
