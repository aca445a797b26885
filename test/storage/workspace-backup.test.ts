import { copyFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Connection } from '../../src-main/storage/database.ts'
import { openStorage } from '../../src-main/storage/open.ts'
import { createRepositories } from '../../src-main/storage/repositories/repositories.ts'
import { writeBackup } from '../../src-main/storage/workspace-backup.ts'
import { finishRestore, stageRestore } from '../../src-main/storage/workspace-restore.ts'
import { newRun, tinyDataset } from '../support/storage-lab.ts'
import { tempFolder } from '../support/temp-folder.ts'

const at = new Date('2026-03-01T12:34:56Z')

/** A workspace with a data set and a run that has a checkpoint, backed up into a file outside of it. */
async function backedUp() {
  const storage = await openStorage(await tempFolder())
  let closed: Promise<void> | undefined
  const lab = { ...storage, repositories: createRepositories(storage), close: () => (closed ??= storage.close()) }
  onTestFinished(lab.close)
  const id = await lab.repositories.datasets.store(tinyDataset())
  const [runId] = await lab.repositories.runs.insert([newRun(id)])
  const content = new Uint8Array([1, 2, 3, 4])
  await lab.repositories.checkpoints.save(runId!, { update: 10, elapsedMs: 5, createdAt: 1, content })
  const file = join(await tempFolder(), 'lab.sqlite')
  const written = await writeBackup(lab.folder, file)
  return { lab, runId: runId!, content, file, written }
}

async function openRestored(folder: string) {
  const storage = await openStorage(folder)
  onTestFinished(() => storage.close())
  return createRepositories(storage)
}

async function alter(file: string, sql: string): Promise<void> {
  const connection = await Connection.open(file, 'write')
  await connection.exec(sql)
  await connection.close()
}

describe('a backup', () => {
  it('is one file with everything, made while the workspace is open and written to', async () => {
    const { lab, content, file, runId, written } = await backedUp()
    expect(written).toMatchObject({ path: file, files: 1, missing: 0 })
    const folder = await tempFolder()
    await lab.repositories.runs.update(runId, { name: 'written after the backup' })
    await stageRestore(folder, file, at)
    const repositories = await openRestored(folder)
    expect((await repositories.runs.get(runId))!.name).toBe('a run')
    expect((await repositories.checkpoints.load(runId))!.content).toEqual(Buffer.from(content))
    expect((await repositories.datasets.list()).map((one) => one.name)).toEqual(['tiny'])
  })

  it('never replaces a file, and leaves nothing when it is cancelled', async () => {
    const { lab, file } = await backedUp()
    await expect(writeBackup(lab.folder, file)).rejects.toThrow(
      `The backup cannot be written to ${file}: there is a file of that name already. Choose another name.`,
    )
    const other = join(await tempFolder(), 'cancelled.sqlite')
    const cancelled = writeBackup(lab.folder, other, { signal: AbortSignal.abort() })
    await expect(cancelled).rejects.toThrow('The backup was cancelled. Nothing was written.')
    expect(await readdir(join(other, '..'))).toEqual([])
  })
})

describe('a restore', () => {
  it('keeps what was there aside, whole', async () => {
    const { lab, file, runId } = await backedUp()
    await lab.repositories.runs.update(runId, { name: 'the newer one' })
    const { keptAside } = await stageRestore(lab.folder, file, at)
    expect(keptAside).toBe(join(lab.folder, 'replaced-2026-03-01T12-34-56'))
    await lab.close()
    const repositories = await openRestored(lab.folder)
    expect((await repositories.runs.get(runId))!.name).toBe('a run')
    const old = await openRestored(keptAside)
    expect((await old.runs.get(runId))!.name).toBe('the newer one')
    expect((await old.checkpoints.load(runId))!.update).toBe(10)
  })

  it('goes on where it was cut off between two renames', async () => {
    const { lab, file, runId } = await backedUp()
    const { keptAside } = await stageRestore(lab.folder, file, at)
    await lab.close()
    await mkdir(keptAside)
    await rename(join(lab.folder, 'checkpoints'), join(keptAside, 'checkpoints'))
    await rename(join(lab.folder, 'restore/checkpoints'), join(lab.folder, 'checkpoints'))
    await rename(join(lab.folder, 'palate.sqlite'), join(keptAside, 'palate.sqlite'))
    const repositories = await openRestored(lab.folder)
    expect((await repositories.checkpoints.load(runId))!.update).toBe(10)
    expect(await readdir(lab.folder)).not.toContain('restore')
    expect(await finishRestore(lab.folder), 'there is nothing left to do').toBe(false)
  })

  const refused: [what: string, spoil: (file: string) => Promise<void>, reason: string][] = [
    ['no database', (file) => writeFile(file, 'user,item,rating\n'), 'it is no database, or it is damaged'],
    ['another program’s', (file) => alter(file, 'PRAGMA application_id = 7'), 'it is no backup of a Palate workspace'],
    [
      'a file that leads out of the workspace',
      (file) => alter(file, "UPDATE backup_files SET path = '../../evil.ckpt'"),
      'its file "../../evil.ckpt" is not what was saved',
    ],
    [
      'a checkpoint that was tampered with',
      (file) => alter(file, "UPDATE backup_files SET content = x'00'"),
      'its file "1/10.ckpt" is not what was saved',
    ],
    [
      'a trigger',
      (file) => alter(file, 'CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM runs; END'),
      'it holds what Palate does not write',
    ],
    [
      'runs without their data set',
      (file) => alter(file, 'PRAGMA foreign_keys = OFF; DELETE FROM datasets'),
      'it is incomplete: rows refer to others that are not there',
    ],
  ]
  it.each(refused)('refuses %s, and changes nothing', async (_what, spoil, reason) => {
    const { lab, file } = await backedUp()
    await spoil(file)
    await expect(stageRestore(lab.folder, file, at)).rejects.toThrow(
      `${file} cannot be restored: ${reason}. Nothing was changed. Choose another backup.`,
    )
    const left = await readdir(lab.folder)
    expect(left.filter((name) => name.startsWith('restore') || name.startsWith('replaced'))).toEqual([])
  })

  it('refuses one of a newer Palate, a truncated one and one that is not there', async () => {
    const { lab, file } = await backedUp()
    const newer = `${file}.newer`
    await copyFile(file, newer)
    await alter(newer, 'PRAGMA user_version = 999')
    await expect(stageRestore(lab.folder, newer, at)).rejects.toMatchObject({ code: 'SCHEMA_NEWER', details: { found: 999 } })
    const bytes = await readFile(file)
    await writeFile(`${file}.cut`, bytes.subarray(0, Math.floor(bytes.length / 2)))
    await expect(stageRestore(lab.folder, `${file}.cut`, at)).rejects.toMatchObject({ code: 'INPUT_REFUSED' })
    await expect(stageRestore(lab.folder, '/nowhere.sqlite', at)).rejects.toThrow('There is no file at /nowhere.sqlite.')
  })
})
