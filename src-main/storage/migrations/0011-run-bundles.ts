import type { Migration } from './migration.ts'

/**
 * Runs that came in a bundle say from which (JSON). Where their data set did not come with them, an absent one stands in its place:
 * what is known of it, no ratings. Its name is in `deleted_name`, so that the data set itself may bear it when it comes.
 */
export const runBundles: Migration = {
  version: 11,
  name: 'run bundles',
  sql: `
    ALTER TABLE runs ADD COLUMN origin TEXT;
    ALTER TABLE datasets ADD COLUMN absent INTEGER NOT NULL DEFAULT 0;
  `,
}
