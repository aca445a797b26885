import { PalateError } from '../contract/errors.ts'
import { backUp } from './backup.ts'
import { inTransaction, type Connection } from './database.ts'
import type { Migration } from './migrations/migration.ts'

/** "PALT": tells a Palate database from any other SQLite file. */
export const APPLICATION_ID = 0x50414c54

/**
 * Brings the database from its `user_version` to the newest step, each step in a transaction of its own. An existing older
 * database is backed up before anything is touched.
 *
 * @throws PalateError SCHEMA_NEWER before anything is changed; WORKSPACE_UNUSABLE for a database of another program
 */
export async function migrate(connection: Connection, folder: string, migrations: readonly Migration[]): Promise<void> {
  const found = (await connection.get<{ user_version: number }>('PRAGMA user_version'))!.user_version
  const owner = (await connection.get<{ application_id: number }>('PRAGMA application_id'))!.application_id
  const tables = (await connection.get<{ count: number }>('SELECT count(*) AS count FROM sqlite_schema'))!.count
  const known = migrations.at(-1)?.version ?? 0
  if (tables > 0 && owner !== APPLICATION_ID) throw foreignDatabase(connection.path)
  if (found > known) throw newerSchema(folder, found, known)
  if (found === known) return
  if (found > 0) await backUp(connection, folder, found)
  for (const step of migrations.filter((candidate) => candidate.version > found)) {
    await inTransaction(connection, async (tx) => {
      await tx.exec(step.sql)
      await tx.exec(`PRAGMA user_version = ${step.version}; PRAGMA application_id = ${APPLICATION_ID}`)
    })
  }
}

function newerSchema(folder: string, found: number, known: number): PalateError {
  return new PalateError(
    'SCHEMA_NEWER',
    `The workspace ${folder} was written by a newer Palate (schema ${found}, this one knows ${known}). Nothing was changed. Open it with that newer Palate, or choose another workspace folder.`,
    { workspace: folder, found, known },
  )
}

function foreignDatabase(path: string): PalateError {
  const reason = 'it is a database of another program'
  return new PalateError(
    'WORKSPACE_UNUSABLE',
    `${path} cannot be opened: ${reason}. Nothing was changed. Choose another workspace folder.`,
    { workspace: path, reason },
  )
}
