import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openStorage } from '../../src-main/storage/open.ts'
import { createRepositories } from '../../src-main/storage/repositories/repositories.ts'
import { startScript } from '../support/processes.ts'
import { tinyDataset } from '../support/storage-lab.ts'
import { tempFolder } from '../support/temp-folder.ts'

const ROWS = 60_000

async function makeSource(folder: string): Promise<string> {
  const source = join(folder, 'source')
  await mkdir(source)
  const lines = Array.from(
    { length: ROWS },
    (_, row) => `${(row % 600) + 1}\t${Math.floor(row / 600) + 1}\t${(row % 5) + 1}\t${881_250_949 + row}\n`,
  )
  await writeFile(join(source, 'u.data'), lines.join(''))
  return source
}

/** What is visible of the import, and whether the file is in order. */
async function whatIsThere(workspace: string) {
  const storage = await openStorage(workspace)
  const count = async (table: string) => (await storage.read.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`))!.n
  const found = {
    datasets: (await createRepositories(storage).datasets.list()).map((dataset) => dataset.name),
    rows: {
      users: await count('users'),
      items: await count('items'),
      interactions: await count('interactions'),
      packed: await count('packed_interactions'),
    },
    indexes: (await storage.read.all(`SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'interactions'`)).length,
    check: (await storage.read.get<{ quick_check: string }>('PRAGMA quick_check'))!.quick_check,
  }
  await storage.close()
  return found
}

describe('an import that is killed (SIGKILL)', () => {
  it.each([
    ['while reading', { stage: 'reading' }],
    ['when storing begins', { stage: 'storing' }],
    ['after the first 10,000 rows', { rows: 10_000 }],
    ['after the last row', { rows: ROWS }],
    ['while indexing', { stage: 'indexing' }],
  ])('%s leaves nothing of itself and everything else', async (_when, cut: Readonly<Record<string, unknown>>) => {
    const folder = await tempFolder()
    const workspace = join(folder, 'workspace')
    const storage = await openStorage(workspace)
    await createRepositories(storage).datasets.store(tinyDataset())
    await storage.close()
    const script = startScript('import-slowly.ts', [workspace, await makeSource(folder), JSON.stringify(cut)])
    const isCut = (step: Record<string, unknown>) => Object.entries(cut).every(([key, value]) => step[key] === value)
    for (let step = await script.next(); step && !isCut(step); step = await script.next()) {
      expect(step['stage'], 'the cut point was never reached').not.toBe('finished')
    }
    script.process.kill('SIGKILL')
    expect(await script.ended).toBe('SIGKILL')
    expect(await whatIsThere(workspace)).toEqual({
      datasets: ['tiny'],
      rows: { users: 2, items: 3, interactions: 4, packed: 1 },
      indexes: 2,
      check: 'ok',
    })
  })

  it('would have been visible had it not been killed', async () => {
    const folder = await tempFolder()
    const workspace = join(folder, 'workspace')
    const script = startScript('import-slowly.ts', [workspace, await makeSource(folder)])
    expect(await script.ended).toBe(0)
    expect(await whatIsThere(workspace)).toMatchObject({
      datasets: ['killed'],
      rows: { users: 600, items: 100, interactions: ROWS, packed: 1 },
      indexes: 2,
    })
  })
})

describe('an import into a full disk', () => {
  it('names the disk and leaves nothing when the database may not grow', async () => {
    const folder = await tempFolder()
    const storage = await openStorage(folder)
    const { datasets } = createRepositories(storage)
    await storage.write.transaction((tx) => tx.all('PRAGMA max_page_count = 60'))
    const columns = {
      userIndex: new Int32Array(ROWS),
      itemIndex: new Int32Array(ROWS),
      rating: new Float32Array(ROWS),
      time: new Float64Array(ROWS),
    }
    const path = join(folder, 'palate.sqlite')
    await expect(datasets.store(tinyDataset({ columns }))).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: `Palate could not write to ${path}: the disk is full or refuses writes. Nothing was half-written. Free some space on that disk, then try again.`,
      details: { path },
    })
    // The workspace stays usable: there is room for something small.
    await datasets.store(tinyDataset({ name: 'small' }))
    expect((await datasets.list()).map((dataset) => dataset.name)).toEqual(['small'])
    await storage.close()
  })

  it.skipIf(process.platform === 'win32')(
    'says the same when the file system refuses (limit on the size of a file)',
    async () => {
      const folder = await tempFolder()
      const workspace = join(folder, 'workspace')
      const source = await makeSource(folder)
      await (await openStorage(workspace)).close()
      // ulimit counts KiB in bash; without the trap the kernel's signal would end the process instead.
      const script = startScript('import-slowly.ts', [workspace, source], {
        through: `trap '' XFSZ; ulimit -f 1200; exec "$@"`,
      })
      let last: Record<string, unknown> | null = null
      for (let step = await script.next(); step; step = await script.next()) last = step
      expect(last?.['error']).toMatchObject({ code: 'DISK_FULL' })
      await script.ended
      expect((await whatIsThere(workspace)).datasets).toEqual([])
    },
  )
})
