import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { PalateError } from '../contract/errors.ts'
import { syncFile, syncFolder } from './atomic-file.ts'
import { Connection } from './database.ts'
import { DATABASE_FILE } from './database-file.ts'
import { sha256Of } from './sha256.ts'
import { withStorageErrors } from './storage-error.ts'

/** In a backup, beside the tables of the workspace: the files of its checkpoints and trained models. */
export const FILES_TABLE = 'backup_files'
export const CHECKPOINTS_FOLDER = 'checkpoints'
const BACKUPS_FOLDER = 'backups'
const watchEveryMs = 200

export interface BackupOptions {
  readonly signal?: AbortSignal | undefined
  /** Bytes written so far of about so many. */
  readonly progress?: (done: number, total: number) => void
}

export interface WrittenBackup {
  readonly path: string
  readonly bytes: number
  /** Checkpoints and trained models in it. */
  readonly files: number
  /** Files that rows speak of and that are not there any more: a run has gone on meanwhile and dropped an old checkpoint. */
  readonly missing: number
}

/** A new name in the workspace's own folder of backups. */
export function backupPath(folder: string, at: Date): string {
  return join(folder, BACKUPS_FOLDER, `palate-backup-${at.toISOString().slice(0, 19).replaceAll(':', '-')}.sqlite`)
}

/**
 * Writes the whole workspace into one file: a compact copy of the database as it is at this moment, by SQLite's own means and
 * over a connection of its own, so that runs go on writing meanwhile, and in it the files of checkpoints and models. The file
 * has its name only when it is complete, checked and durable.
 *
 * @throws PalateError INPUT_REFUSED when there is a file already, DISK_FULL, CANCELLED; nothing is left then
 */
export async function writeBackup(folder: string, target: string, options: BackupOptions = {}): Promise<WrittenBackup> {
  const path = resolve(target)
  if (existsSync(path)) throw refused(path, 'there is a file of that name already. Choose another name')
  const draft = `${path}.draft`
  return withStorageErrors(path, async () => {
    await mkdir(dirname(path), { recursive: true })
    await rm(draft, { force: true })
    try {
      await copyDatabase(join(folder, DATABASE_FILE), draft, options)
      const { files, missing } = await packFiles(folder, draft, options)
      await syncFile(draft)
      await rename(draft, path)
      await syncFolder(dirname(path))
      return { path, bytes: (await stat(path)).size, files, missing }
    } catch (error) {
      await rm(draft, { force: true })
      if (options.signal?.aborted) throw cancelledBackup()
      throw error
    }
  })
}

async function copyDatabase(database: string, draft: string, { signal, progress }: BackupOptions): Promise<void> {
  const source = await Connection.open(database, 'read')
  const interrupt = () => source.interrupt()
  const pages = await source.get<{ total: number }>(
    'SELECT page_count * page_size AS total FROM pragma_page_count, pragma_page_size',
  )
  const watch = setInterval(() => {
    void stat(draft).then(
      ({ size }) => progress?.(Math.min(size, pages!.total), pages!.total),
      () => undefined,
    )
  }, watchEveryMs)
  signal?.addEventListener('abort', interrupt)
  try {
    signal?.throwIfAborted()
    await source.exec('PRAGMA busy_timeout = 10000')
    await source.run('VACUUM INTO ?', [draft])
  } finally {
    clearInterval(watch)
    signal?.removeEventListener('abort', interrupt)
    await source.close()
  }
}

/** @throws PalateError WORKSPACE_UNUSABLE when the copy does not pass SQLite's check */
async function packFiles(folder: string, draft: string, options: BackupOptions): Promise<{ files: number; missing: number }> {
  const copy = await Connection.open(draft, 'write')
  try {
    // A draft that a crash leaves behind is thrown away: it needs no journal.
    await copy.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
      CREATE TABLE ${FILES_TABLE} (path TEXT PRIMARY KEY, sha256 TEXT NOT NULL, content BLOB NOT NULL) STRICT`)
    const rows = await copy.all<{ path: string; sha256: string; bytes: number }>(
      `SELECT run_id || '/' || file AS path, sha256, bytes FROM checkpoints
       UNION ALL SELECT run_id || '/' || file, sha256, bytes FROM trained_models`,
    )
    const total = rows.reduce((sum, row) => sum + row.bytes, 0)
    let done = 0
    let files = 0
    for (const { path, sha256, bytes } of rows) {
      options.signal?.throwIfAborted()
      const content = await readFile(join(folder, CHECKPOINTS_FOLDER, path)).catch(() => null)
      if (content && sha256Of(content) === sha256) {
        await copy.run(`INSERT INTO ${FILES_TABLE} (path, sha256, content) VALUES (?, ?, ?)`, [path, sha256, content])
        files += 1
      }
      options.progress?.((done += bytes), total)
    }
    await requireSound(copy, draft)
    return { files, missing: rows.length - files }
  } finally {
    await copy.close()
  }
}

async function requireSound(copy: Connection, path: string): Promise<void> {
  const verdict = await copy.get<{ quick_check: string }>('PRAGMA quick_check(1)')
  if (verdict?.quick_check === 'ok') return
  const reason = `the copy failed the check: ${verdict?.quick_check ?? 'no answer'}`
  throw new PalateError(
    'WORKSPACE_UNUSABLE',
    `The backup was not written: ${reason}. The workspace was not changed. Copy its folder away, and run the self-test.`,
    { workspace: path, reason },
  )
}

export interface FoundBackup {
  readonly path: string
  readonly bytes: number
  readonly createdAt: number
  /** Made before a newer Palate changed the database, without checkpoints and models. */
  readonly beforeUpdate: boolean
}

/** What lies in the workspace's folder of backups, the newest first. */
export async function listBackups(folder: string): Promise<FoundBackup[]> {
  const backups = join(folder, BACKUPS_FOLDER)
  const names = await readdir(backups).catch(() => [])
  const found: FoundBackup[] = []
  for (const name of names.filter((one) => one.endsWith('.sqlite'))) {
    const path = join(backups, name)
    const file = await stat(path).catch(() => null)
    if (file?.isFile()) {
      const beforeUpdate = name.startsWith('palate-schema')
      found.push({ path, bytes: file.size, createdAt: Math.round(file.mtimeMs), beforeUpdate })
    }
  }
  return found.sort((a, b) => b.createdAt - a.createdAt)
}

function refused(path: string, reason: string): PalateError<'INPUT_REFUSED'> {
  return new PalateError('INPUT_REFUSED', `The backup cannot be written to ${path}: ${reason}.`, { path, reason })
}

function cancelledBackup(): PalateError<'CANCELLED'> {
  return new PalateError('CANCELLED', 'The backup was cancelled. Nothing was written.', { what: 'backup' })
}
