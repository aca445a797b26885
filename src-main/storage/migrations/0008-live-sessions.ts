import type { Migration } from './migration.ts'

/**
 * Live sessions: setup and answers alone decide everything in them, so that they are the record. What is stored beside (rank, score,
 * heads of the rankings) is what was seen then: proof for a replay, and the content of an export.
 *
 * A session goes with its run: without the model there is nothing to play it with.
 */
export const liveSessions: Migration = {
  version: 8,
  name: 'live sessions',
  sql: `
    CREATE TABLE live_sessions (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      notes TEXT NOT NULL,
      setup TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('open', 'left', 'exhausted')),
      executor TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      branch_session INTEGER,
      branch_answers INTEGER
    ) STRICT;
    CREATE INDEX live_sessions_by_run ON live_sessions (run_id);

    CREATE TABLE live_answers (
      session_id INTEGER NOT NULL REFERENCES live_sessions (id) ON DELETE CASCADE,
      answer INTEGER NOT NULL,
      at INTEGER NOT NULL,
      leave INTEGER NOT NULL,
      updates INTEGER NOT NULL,
      top_before TEXT NOT NULL,
      top_after TEXT NOT NULL,
      PRIMARY KEY (session_id, answer)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE live_responses (
      session_id INTEGER NOT NULL,
      answer INTEGER NOT NULL,
      position INTEGER NOT NULL,
      item_index INTEGER NOT NULL,
      feedback TEXT NOT NULL CHECK (feedback IN ('like', 'dislike', 'skip', 'rating')),
      rating REAL,
      reward REAL NOT NULL,
      rank INTEGER NOT NULL,
      score REAL NOT NULL,
      PRIMARY KEY (session_id, answer, position),
      FOREIGN KEY (session_id, answer) REFERENCES live_answers (session_id, answer) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
  `,
}
