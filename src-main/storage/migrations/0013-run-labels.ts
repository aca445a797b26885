import type { Migration } from './migration.ts'

/**
 * What people say of a run: tags (a JSON array of texts), notes of their own (`run_notes` are the program's), whether it is
 * put away; and removal that can be taken back.
 */
export const runLabels: Migration = {
  version: 13,
  name: 'run labels',
  sql: `
    ALTER TABLE runs ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE runs ADD COLUMN comment TEXT NOT NULL DEFAULT '';
    ALTER TABLE runs ADD COLUMN archived_at INTEGER;
    ALTER TABLE runs ADD COLUMN removed_at INTEGER;
  `,
}
