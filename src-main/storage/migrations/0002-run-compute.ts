import type { Migration } from './migration.ts'

/**
 * What a run computed on: the device in words, the versions of what computes (JSON: library to version), and the threads that
 * were asked for (NULL: chosen at the start). Runs of before computed in plain JavaScript on one thread, which `executor`
 * says already.
 */
export const runCompute: Migration = {
  version: 2,
  name: 'run compute',
  sql: `
    ALTER TABLE runs ADD COLUMN device TEXT NOT NULL DEFAULT '';
    ALTER TABLE runs ADD COLUMN executor_versions TEXT NOT NULL DEFAULT '{}';
    ALTER TABLE runs ADD COLUMN threads INTEGER;
  `,
}
