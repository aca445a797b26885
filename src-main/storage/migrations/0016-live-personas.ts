import type { Migration } from './migration.ts'

/**
 * Who the persona of a live session is on the run's data, as JSON; NULL where none watches. The setup names persona and seed; what a
 * later version would make of them is not what was played.
 */
export const livePersonas: Migration = {
  version: 16,
  name: 'live personas',
  sql: `
    ALTER TABLE live_sessions ADD COLUMN persona TEXT;
  `,
}
