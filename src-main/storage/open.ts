import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { PalateError } from '../contract/errors.ts'
import { Connection, readableOf, writableOf, type ReadableDatabase, type WritableDatabase } from './database.ts'
import { DATABASE_FILE } from './database-file.ts'
import { migrate } from './migrate.ts'
import { migrations as allMigrations } from './migrations/all.ts'
import type { Migration } from './migrations/migration.ts'
import { claimWorkspace } from './workspace-lock.ts'
import { finishRestore } from './workspace-restore.ts'

/** An open workspace folder: the database behind its two views, owned by this process until `close`. */
export interface Storage {
  /** Absolute path of the folder. */
  readonly folder: string
  readonly read: ReadableDatabase
  readonly write: WritableDatabase
  /** For instance "3.52.0". */
  readonly sqliteVersion: string
  /** "wal" as a rule, "delete" where SQLite has the WAL-reset bug. */
  readonly journalMode: string
  close(): Promise<void>
}

/**
 * Opens `folder` as a workspace, making it when it is not there, and brings its schema up to date.
 *
 * @param options.migrations the steps to know; only tests pass their own
 * @throws PalateError WORKSPACE_OWNED when another process has it open, SCHEMA_NEWER when a newer Palate wrote it,
 *         WORKSPACE_UNUSABLE when the folder cannot be written or the file is no database, DISK_FULL
 */
export async function openStorage(folder: string, options: { migrations?: readonly Migration[] } = {}): Promise<Storage> {
  const absolute = resolve(folder)
  await makeFolder(absolute)
  const lock = await claimWorkspace(absolute)
  const opened: Connection[] = []
  const close = async () => {
    // Readers first: the last connection to close is the one that may clean up the write-ahead log.
    for (const connection of opened.reverse()) await connection.close()
    await lock.release()
  }
  try {
    await finishRestore(absolute)
    const path = join(absolute, DATABASE_FILE)
    const writer = await Connection.open(path, 'write')
    opened.push(writer)
    const { sqliteVersion } = (await writer.get<{ sqliteVersion: string }>('SELECT sqlite_version() AS sqliteVersion'))!
    await writer.exec('PRAGMA busy_timeout = 10000')
    await migrate(writer, absolute, options.migrations ?? allMigrations)
    const journalMode = await setPragmas(writer, isWalSafe(sqliteVersion))
    const reader = await Connection.open(path, 'read')
    opened.push(reader)
    await reader.exec('PRAGMA busy_timeout = 10000; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON')
    return { folder: absolute, read: readableOf(reader), write: writableOf(writer), sqliteVersion, journalMode, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new PalateError(
      'WORKSPACE_UNUSABLE',
      `The workspace folder ${folder} cannot be made: ${reason}. Choose another workspace folder, or correct its permissions.`,
      { workspace: folder, reason },
      { cause: error },
    )
  }
}

/** @returns the journal mode that SQLite really took */
async function setPragmas(writer: Connection, walSafe: boolean): Promise<string> {
  const journal = await writer.get<{ journal_mode: string }>(`PRAGMA journal_mode = ${walSafe ? 'WAL' : 'DELETE'}`)
  await writer.exec(`
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA cache_size = -65536;
    PRAGMA temp_store = FILE;
    PRAGMA journal_size_limit = 67108864;
  `)
  return journal!.journal_mode
}

/**
 * SQLite 3.7.0 to 3.51.2 can corrupt a write-ahead log when two processes reset it at once (fixed in 3.51.3, and in the
 * branches 3.50.7 and 3.44.6); there the old rollback journal is used.
 */
export function isWalSafe(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  if (major !== 3) return major > 3
  if (minor > 51) return true
  const fixed: Record<number, number> = { 51: 3, 50: 7, 44: 6 }
  return patch >= (fixed[minor] ?? Infinity)
}
