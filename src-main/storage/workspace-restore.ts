import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isPalateError, PalateError } from '../contract/errors.ts'
import { syncFolder, writeFileAtomically } from './atomic-file.ts'
import { Connection } from './database.ts'
import { DATABASE_FILE } from './database-file.ts'
import { APPLICATION_ID } from './migrate.ts'
import { migrations } from './migrations/all.ts'
import { sha256Of } from './sha256.ts'
import { withStorageErrors } from './storage-error.ts'
import { CHECKPOINTS_FOLDER, FILES_TABLE, type BackupOptions } from './workspace-backup.ts'

/** Complete and waiting for the next opening of the workspace. */
const STAGED = 'restore'
const DRAFT = 'restore.draft'
const PLAN = 'plan.json'
/** Nothing else may stand in a backup: a path of somebody else's making must not lead out of the workspace. */
const FILE_PATH = /^\d{1,15}\/(?:\d{1,15}\.ckpt|trained\.model)$/

export interface StagedRestore {
  /** Where the present data will be kept. */
  readonly keptAside: string
  readonly schema: number
  readonly files: number
}

/**
 * Checks a backup and lays it ready inside the workspace: it takes the place of the present data at the next opening, by
 * renames alone. The workspace may be open and at work meanwhile; until then nothing of it is changed.
 *
 * @param at decides the name under which the present data is kept
 * @throws PalateError PATH_NOT_FOUND, INPUT_REFUSED (no backup, damaged, tampered with), SCHEMA_NEWER, DISK_FULL, CANCELLED
 */
export async function stageRestore(
  folder: string,
  source: string,
  at: Date,
  options: BackupOptions = {},
): Promise<StagedRestore> {
  const path = resolve(source)
  const { size } = await stat(path).catch(() => {
    throw new PalateError('PATH_NOT_FOUND', `There is no file at ${path}. Check the spelling.`, { path })
  })
  const draft = join(folder, DRAFT)
  const aside = `replaced-${at.toISOString().slice(0, 19).replaceAll(':', '-')}`
  return withStorageErrors(draft, async () => {
    await rm(draft, { recursive: true, force: true })
    await mkdir(draft, { recursive: true })
    try {
      const copy = join(draft, DATABASE_FILE)
      options.progress?.(0, size)
      await copyFile(path, copy)
      options.progress?.(size, size)
      options.signal?.throwIfAborted()
      const checked = await unpack(path, copy, draft, options)
      await writeFileAtomically(join(draft, PLAN), JSON.stringify({ aside }))
      await rm(join(folder, STAGED), { recursive: true, force: true })
      await rename(draft, join(folder, STAGED))
      await syncFolder(folder)
      return { ...checked, keptAside: join(folder, aside) }
    } catch (error) {
      await rm(draft, { recursive: true, force: true })
      if (options.signal?.aborted)
        throw new PalateError('CANCELLED', 'The restore was cancelled. Nothing was changed.', { what: 'restore' })
      throw error
    }
  })
}

async function unpack(
  source: string,
  copy: string,
  draft: string,
  options: BackupOptions,
): Promise<{ schema: number; files: number }> {
  const database = await Connection.open(copy, 'write')
  try {
    const schema = await requireBackup(database, source)
    const hasFiles = await database.get('SELECT 1 FROM sqlite_schema WHERE name = ?', [FILES_TABLE])
    if (!hasFiles) return { schema, files: 0 }
    await mkdir(join(draft, CHECKPOINTS_FOLDER), { recursive: true })
    const rows = await database.all<{ path: string; sha256: string; bytes: number }>(
      `SELECT path, sha256, length(content) AS bytes FROM ${FILES_TABLE} ORDER BY path`,
    )
    const total = rows.reduce((sum, row) => sum + row.bytes, 0)
    let done = 0
    for (const { path, sha256, bytes } of rows) {
      options.signal?.throwIfAborted()
      const row = await database.get<{ content: Uint8Array }>(`SELECT content FROM ${FILES_TABLE} WHERE path = ?`, [path])
      if (!FILE_PATH.test(path) || !row || sha256Of(row.content) !== sha256)
        throw refused(source, `its file "${path.slice(0, 100)}" is not what was saved`)
      await writeFileAtomically(join(draft, CHECKPOINTS_FOLDER, path), row.content)
      options.progress?.((done += bytes), total)
    }
    await database.exec(`DROP TABLE ${FILES_TABLE}; VACUUM`)
    return { schema, files: rows.length }
  } catch (error) {
    if (isPalateError(error) && error.code === 'WORKSPACE_UNUSABLE') throw refused(source, 'it is no database, or it is damaged')
    throw error
  } finally {
    await database.close()
  }
}

/** @returns the version of its schema */
async function requireBackup(database: Connection, source: string): Promise<number> {
  await database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON')
  const pragma = async (name: string) => Object.values((await database.get(`PRAGMA ${name}`)) ?? {})[0]
  if ((await pragma('application_id')) !== APPLICATION_ID) throw refused(source, 'it is no backup of a Palate workspace')
  const found = Number(await pragma('user_version'))
  const known = migrations.at(-1)!.version
  if (found > known)
    throw new PalateError(
      'SCHEMA_NEWER',
      `${source} was written by a newer Palate (schema ${found}, this one knows ${known}). Nothing was changed. Restore it with that newer Palate.`,
      { workspace: source, found, known },
    )
  // Palate makes neither: they would run what somebody else wrote.
  const foreign = await database.get("SELECT name FROM sqlite_schema WHERE type IN ('trigger', 'view')")
  if (foreign) throw refused(source, 'it holds what Palate does not write')
  if ((await pragma('integrity_check(1)')) !== 'ok') throw refused(source, 'it is damaged')
  if (await database.get('PRAGMA foreign_key_check'))
    throw refused(source, 'it is incomplete: rows refer to others that are not there')
  return found
}

/**
 * Puts a staged backup in the place of the present data, which goes aside. Called by the owner of the workspace before it opens
 * the database. Every step is a rename that is skipped when it has been done: whatever interrupts it, the next opening goes on.
 *
 * @returns whether there was one
 */
export async function finishRestore(folder: string): Promise<boolean> {
  const staged = join(folder, STAGED)
  await rm(join(folder, DRAFT), { recursive: true, force: true })
  if (!existsSync(join(staged, PLAN))) return false
  const plan = JSON.parse(await readFile(join(staged, PLAN), 'utf8')) as { aside: string }
  const aside = join(folder, plan.aside)
  await withStorageErrors(folder, async () => {
    await mkdir(aside, { recursive: true })
    // The log belongs to the database that leaves; it must be gone before another one comes.
    if (existsSync(join(staged, DATABASE_FILE))) {
      for (const end of ['-wal', '-shm', '-journal']) await moveAway(folder, aside, `${DATABASE_FILE}${end}`)
    }
    for (const name of [CHECKPOINTS_FOLDER, DATABASE_FILE]) {
      if (!existsSync(join(staged, name))) continue
      await moveAway(folder, aside, name)
      await rename(join(staged, name), join(folder, name))
      await syncFolder(folder)
    }
    await rm(staged, { recursive: true, force: true })
  })
  return true
}

async function moveAway(folder: string, aside: string, name: string): Promise<void> {
  if (existsSync(join(folder, name)) && !existsSync(join(aside, name))) await rename(join(folder, name), join(aside, name))
}

function refused(path: string, reason: string): PalateError<'INPUT_REFUSED'> {
  return new PalateError('INPUT_REFUSED', `${path} cannot be restored: ${reason}. Nothing was changed. Choose another backup.`, {
    path,
    reason,
  })
}
