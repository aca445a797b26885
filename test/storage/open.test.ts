import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Connection, type WritableDatabase } from '../../src-main/storage/database.ts'
import { isWalSafe, openStorage } from '../../src-main/storage/open.ts'
import { migrations } from '../../src-main/storage/migrations/all.ts'
import { CHUNK_ROWS, newColumns, packColumns, type PackedColumns } from '../../src-main/storage/repositories/packed-columns.ts'
import { createRepositories } from '../../src-main/storage/repositories/repositories.ts'
import { storageLab } from '../support/storage-lab.ts'
import { tempFolder } from '../support/temp-folder.ts'

const next = {
  version: migrations.length + 1,
  name: 'next',
  sql: 'ALTER TABLE settings ADD COLUMN note TEXT; UPDATE settings SET note = upper(value)',
}
const afterNext = { version: next.version + 1, name: 'after next', sql: 'CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT' }

async function makeWorkspace(): Promise<string> {
  const folder = await tempFolder()
  const storage = await openStorage(folder)
  await storage.write.run(`INSERT INTO settings (key, value) VALUES ('theme', '"dark"')`)
  await storage.close()
  return folder
}

function rowsOf(size: number): PackedColumns {
  const columns = newColumns(size)
  for (let row = 0; row < size; row++) {
    columns.userIndex[row] = row % 1000
    columns.itemIndex[row] = row >> 3
    columns.rating[row] = row / 3
    columns.time[row] = row + 0.5
  }
  return columns
}

/** A data set as the first schema stored it: its packed columns in one piece. */
async function oldDataset(write: WritableDatabase, size: number): Promise<void> {
  const { lastId } = await write.run(
    `INSERT INTO datasets (name, format, source, created_at, user_count, item_count, rating_count, scale, time_kind, fingerprint, report)
     VALUES (?, 'delimited', '/old', 1, 1000, 1000, ?, '{}', 'unix-seconds', 'f00d', '{}')`,
    [`old ${size}`, size],
  )
  const { userIndex, itemIndex, rating, time } = packColumns(rowsOf(size))
  await write.run('INSERT INTO packed_interactions VALUES (?, ?, ?, ?, ?)', [lastId, userIndex, itemIndex, rating, time])
}

async function pragma(folder: string, sql: string): Promise<void> {
  const connection = await Connection.open(join(folder, 'palate.sqlite'), 'write')
  await connection.exec(sql)
  await connection.close()
}

describe('opening a workspace', () => {
  it('makes the folder, uses WAL with full synchronisation, checks foreign keys and trusts no schema', async () => {
    const folder = join(await tempFolder(), 'deep', 'er')
    const storage = await openStorage(folder)
    const pragmas = await storage.write.transaction(async (tx) => ({
      ...(await tx.get('PRAGMA journal_mode')),
      ...(await tx.get('PRAGMA synchronous')),
      ...(await tx.get('PRAGMA foreign_keys')),
      ...(await tx.get('PRAGMA trusted_schema')),
      ...(await tx.get('PRAGMA cell_size_check')),
      ...(await tx.get('PRAGMA busy_timeout')),
    }))
    expect(pragmas).toEqual({
      journal_mode: 'wal',
      synchronous: 2,
      foreign_keys: 1,
      trusted_schema: 0,
      cell_size_check: 1,
      timeout: 10_000,
    })
    expect(storage.journalMode).toBe('wal')
    await storage.close()
  })

  it('uses STRICT tables only', async () => {
    const { read } = await storageLab()
    const loose = await read.all(`SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict
      AND name NOT LIKE 'sqlite_%'`)
    expect(loose).toEqual([])
  })

  it('refuses to write through the reading view', async () => {
    const { read } = await storageLab()
    await expect(read.all(`INSERT INTO settings VALUES ('a', 'b')`)).rejects.toMatchObject({ code: 'SQLITE_READONLY' })
  })

  it.each([
    ['3.52.0', true],
    ['3.51.3', true],
    ['3.51.2', false],
    ['3.50.7', true],
    ['3.50.6', false],
    ['3.49.1', false],
    ['3.44.6', true],
    ['3.44.5', false],
    ['3.7.0', false],
    ['4.0.0', true],
  ])('uses WAL with SQLite %s: %s', (version, safe) => {
    expect(isWalSafe(version)).toBe(safe)
  })

  it('says so when the folder cannot be made', async () => {
    const file = join(await tempFolder(), 'file')
    await writeFile(file, '')
    const folder = join(file, 'workspace')
    await expect(openStorage(folder)).rejects.toMatchObject({
      code: 'WORKSPACE_UNUSABLE',
      message: `The workspace folder ${folder} cannot be made: ENOTDIR: not a directory, mkdir '${folder}'. Choose another workspace folder, or correct its permissions.`,
    })
  })

  it('says so when the file is no database, leaves it as it is, and lets go of the workspace', async () => {
    const folder = await tempFolder()
    const path = join(folder, 'palate.sqlite')
    await writeFile(path, 'a letter to my grandmother '.repeat(100))
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(openStorage(folder)).rejects.toMatchObject({
        code: 'WORKSPACE_UNUSABLE',
        message: `${path} cannot be opened: it is not a Palate database. Move the file away, or restore the newest file of the "backups" folder beside it.`,
      })
    }
    expect(await readFile(path, 'utf8')).toBe('a letter to my grandmother '.repeat(100))
  })

  it('leaves a database of another program alone', async () => {
    const folder = await tempFolder()
    await pragma(folder, 'CREATE TABLE bookmarks (url TEXT)')
    await expect(openStorage(folder)).rejects.toMatchObject({
      code: 'WORKSPACE_UNUSABLE',
      details: { reason: 'it is a database of another program' },
    })
  })
})

describe('schema versions', () => {
  it('refuses a newer schema without touching it', async () => {
    const folder = await makeWorkspace()
    await pragma(folder, 'PRAGMA user_version = 99')
    const before = await readFile(join(folder, 'palate.sqlite'))
    await expect(openStorage(folder)).rejects.toMatchObject({
      code: 'SCHEMA_NEWER',
      message: `The workspace ${folder} was written by a newer Palate (schema 99, this one knows ${migrations.length}). Nothing was changed. Open it with that newer Palate, or choose another workspace folder.`,
      details: { workspace: folder, found: 99, known: migrations.length },
    })
    expect(await readFile(join(folder, 'palate.sqlite'))).toEqual(before)
    expect(await readdir(folder)).not.toContain('backups')
  })

  it('numbers its steps from 1 without gaps', () => {
    expect(migrations.map((step) => step.version)).toEqual(migrations.map((_, at) => at + 1))
  })

  it('brings an older workspace up to date, with its rows, after a backup that opens', async () => {
    const folder = await makeWorkspace()
    const storage = await openStorage(folder, { migrations: [...migrations, next] })
    expect(await storage.read.all('SELECT key, value, note FROM settings')).toEqual([
      { key: 'theme', value: '"dark"', note: '"DARK"' },
    ])
    await storage.close()
    const [backup, ...others] = await readdir(join(folder, 'backups'))
    expect(others).toEqual([])
    expect(backup).toMatch(new RegExp(`^palate-schema${String(migrations.length).padStart(4, '0')}-.*Z\\.sqlite$`))
    const copy = await Connection.open(join(folder, 'backups', backup!), 'read')
    expect(await copy.all('SELECT * FROM settings')).toEqual([{ key: 'theme', value: '"dark"' }])
    expect(await copy.get('PRAGMA user_version')).toEqual({ user_version: migrations.length })
    await copy.close()
  })

  it('runs of the first schema keep what they were computed with, and have no device, versions or threads', async () => {
    const folder = await tempFolder()
    const old = await openStorage(folder, { migrations: migrations.slice(0, 1) })
    await oldDataset(old.write, 1)
    await old.write.run(
      `INSERT INTO model_configurations (model_id, model_version, preset, params) VALUES ('mdrr-att', 1, 'palate', '{}')`,
    )
    await old.write.run(
      `INSERT INTO runs (group_id, name, dataset_id, model_configuration_id, split, seed, protocols, ks, engine_version,
         executor, dataset_fingerprint, created_at, state, stage, updates_done, updates_total, elapsed_ms)
       VALUES ('g', 'an old run', 1, 1, 'random:0.8@1', 1, '[]', '[5]', '0.1.0', 'plain', 'f00d', 5, 'paused', 'training', 7, 9, 3)`,
    )
    await old.close()
    const storage = await openStorage(folder)
    const { runs } = createRepositories(storage)
    const before = await runs.get(1)
    expect(before).toMatchObject({
      name: 'an old run',
      state: 'paused',
      updatesDone: 7,
      executor: 'plain',
      device: '',
      executorVersions: {},
      threads: null,
    })
    await runs.update(1, { device: 'plain JavaScript', executorVersions: { v8: '13.6' }, threads: 2 })
    expect(await runs.get(1)).toEqual({
      ...before,
      device: 'plain JavaScript',
      executorVersions: { v8: '13.6' },
      threads: 2,
    })
    await storage.close()
  })

  it('packed ratings of an older schema come back whole from their pieces', async () => {
    const folder = await tempFolder()
    const old = await openStorage(folder, { migrations: migrations.filter((step) => step.name !== 'packed chunks').slice(0, 4) })
    const sizes = [3, CHUNK_ROWS, 2 * CHUNK_ROWS + 7]
    for (const size of sizes) await oldDataset(old.write, size)
    await old.close()
    const storage = await openStorage(folder)
    const { datasets } = createRepositories(storage)
    for (const [at, size] of sizes.entries()) expect(await datasets.columns(at + 1)).toEqual(rowsOf(size))
    const pieces = 'SELECT dataset_id AS dataset, count(*) AS pieces FROM packed_interactions GROUP BY dataset_id'
    expect(await storage.read.all(pieces)).toEqual([
      { dataset: 1, pieces: 1 },
      { dataset: 2, pieces: 1 },
      { dataset: 3, pieces: 3 },
    ])
    // They still go with their data set.
    await datasets.remove(3)
    expect(await storage.read.get('SELECT count(*) AS count FROM packed_interactions')).toEqual({ count: 2 })
    await storage.close()
  })

  it('makes no backup when there is nothing to migrate', async () => {
    const folder = await makeWorkspace()
    await (await openStorage(folder)).close()
    expect(await readdir(folder)).not.toContain('backups')
  })

  it('keeps the last three backups', async () => {
    const folder = await makeWorkspace()
    let steps = [...migrations, { ...next, sql: 'CREATE TABLE step_a (id INTEGER) STRICT' }]
    const kept: string[] = []
    for (let round = 0; round < 5; round++) {
      await (await openStorage(folder, { migrations: steps })).close()
      const newest = (await readdir(join(folder, 'backups'))).find((name) => !kept.includes(name))!
      kept.push(newest)
      const version = steps.length + 1
      steps = [...steps, { version, name: `step ${version}`, sql: `CREATE TABLE step_${version} (id INTEGER) STRICT` }]
    }
    expect((await readdir(join(folder, 'backups'))).sort()).toEqual(kept.slice(-3).sort())
  })

  it('leaves the workspace at the last good step when a step fails, and names the fault', async () => {
    const folder = await makeWorkspace()
    const broken = { ...afterNext, sql: 'CREATE TABLE extra (id INTEGER) STRICT; INSERT INTO nowhere VALUES (1)' }
    await expect(openStorage(folder, { migrations: [...migrations, next, broken] })).rejects.toThrow('no such table: nowhere')
    const storage = await openStorage(folder, { migrations: [...migrations, next] })
    expect(await storage.read.get('PRAGMA user_version')).toEqual({ user_version: next.version })
    expect(await storage.read.all(`SELECT name FROM sqlite_schema WHERE name = 'extra'`)).toEqual([])
    await storage.close()
  })
})

describe('transactions', () => {
  it('run one after another in the order of their calls, and a failed one leaves nothing', async () => {
    const { write, read } = await storageLab()
    const put = (key: string) => `INSERT INTO settings VALUES ('${key}', '1')`
    const outcomes = await Promise.allSettled([
      write.transaction(async (tx) => {
        await tx.run(put('a'))
        await new Promise((resolve) => setTimeout(resolve, 20))
        await tx.run(put('b'))
      }),
      write.transaction(async (tx) => {
        await tx.run(put('c'))
        expect(await tx.all('SELECT key FROM settings ORDER BY key')).toEqual([{ key: 'a' }, { key: 'b' }, { key: 'c' }])
        throw new Error('changed my mind')
      }),
      write.run(put('d')),
    ])
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await read.all('SELECT key FROM settings ORDER BY key')).toEqual([{ key: 'a' }, { key: 'b' }, { key: 'd' }])
  })

  it('are not seen by readers before they are complete', async () => {
    const { write, read } = await storageLab()
    await write.transaction(async (tx) => {
      await tx.run(`INSERT INTO settings VALUES ('a', '1')`)
      expect(await read.all('SELECT * FROM settings')).toEqual([])
    })
    expect(await read.all('SELECT key FROM settings')).toEqual([{ key: 'a' }])
  })
})
