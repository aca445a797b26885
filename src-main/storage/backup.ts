import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PalateError } from '../contract/errors.ts'
import { syncFile, syncFolder } from './atomic-file.ts'
import { Connection } from './database.ts'
import { withStorageErrors } from './storage-error.ts'

const KEPT = 3
const BACKUP_NAME = /^palate-schema\d{4}-.*\.sqlite$/

/**
 * Writes a compact copy of the database into `<folder>/backups` by SQLite's own means, checks it, makes it durable, and
 * only then gives it its name. The last three are kept.
 *
 * @param schema the schema version of the copy, part of its name
 * @returns the path of the backup
 * @throws PalateError DISK_FULL, or WORKSPACE_UNUSABLE when the copy does not pass SQLite's quick_check
 */
export async function backUp(connection: Connection, folder: string, schema: number): Promise<string> {
  const backups = join(folder, 'backups')
  return withStorageErrors(backups, async () => {
    await mkdir(backups, { recursive: true })
    const stamp = new Date().toISOString().replaceAll(':', '-')
    const path = join(backups, `palate-schema${String(schema).padStart(4, '0')}-${stamp}.sqlite`)
    const draft = `${path}.draft`
    await rm(draft, { force: true })
    try {
      await connection.run('VACUUM INTO ?', [draft])
      await quickCheck(draft)
      await syncFile(draft)
      await rename(draft, path)
      await syncFolder(backups)
    } catch (error) {
      await rm(draft, { force: true })
      throw error
    }
    await prune(backups)
    return path
  })
}

async function quickCheck(path: string): Promise<void> {
  const copy = await Connection.open(path, 'read')
  try {
    const verdict = await copy.get<{ quick_check: string }>('PRAGMA quick_check(1)')
    if (verdict?.quick_check === 'ok') return
    const reason = `its backup failed the check: ${verdict?.quick_check ?? 'no answer'}`
    throw new PalateError(
      'WORKSPACE_UNUSABLE',
      `The workspace cannot be brought up to date: ${reason}. Nothing was changed. Copy the folder away and restore an older backup.`,
      { workspace: path, reason },
    )
  } finally {
    await copy.close()
  }
}

async function prune(backups: string): Promise<void> {
  // The name holds the time behind the schema, so that sorting by what follows the schema sorts by age.
  const age = (name: string) => name.slice(name.indexOf('-', 'palate-'.length))
  const names = (await readdir(backups)).filter((name) => BACKUP_NAME.test(name)).sort((a, b) => (age(a) < age(b) ? -1 : 1))
  for (const name of names.slice(0, Math.max(0, names.length - KEPT))) await rm(join(backups, name), { force: true })
}
