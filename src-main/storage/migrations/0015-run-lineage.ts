import type { Migration } from './migration.ts'

/**
 * The live session that a run went on from, and after how many answers; all NULL for runs that began by themselves. Numbers, no references:
 * the run stays what it is when session or run before it are deleted.
 */
export const runLineage: Migration = {
  version: 15,
  name: 'run lineage',
  sql: `
    ALTER TABLE runs ADD COLUMN parent_run INTEGER;
    ALTER TABLE runs ADD COLUMN parent_session INTEGER;
    ALTER TABLE runs ADD COLUMN parent_answers INTEGER;
  `,
}
