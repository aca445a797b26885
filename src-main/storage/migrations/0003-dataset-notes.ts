import type { Migration } from './migration.ts'

/**
 * Notes on a data set, and removal that can be taken back. A removed data set keeps its rows for a while; its name moves to
 * `deleted_name`, so that another one may bear it meanwhile.
 */
export const datasetNotes: Migration = {
  version: 3,
  name: 'dataset-notes',
  sql: `
    ALTER TABLE datasets ADD COLUMN notes TEXT NOT NULL DEFAULT '';
    ALTER TABLE datasets ADD COLUMN deleted_at INTEGER;
    ALTER TABLE datasets ADD COLUMN deleted_name TEXT;
  `,
}
