import { describe, expect, it } from 'vitest'
import { migrations } from '../../src-main/storage/migrations/all.ts'
import { openStorage } from '../../src-main/storage/open.ts'
import { createRepositories } from '../../src-main/storage/repositories/repositories.ts'
import { newRun, storageLab, tinyDataset } from '../support/storage-lab.ts'
import { tempFolder } from '../support/temp-folder.ts'

describe('a data set that was removed and can be had back', () => {
  it('is found by nothing, keeps its rows, and comes back as it was', async () => {
    const { repositories, read } = await storageLab()
    const { datasets } = repositories
    const id = await datasets.store(tinyDataset())
    const before = await datasets.get(id)
    expect(await datasets.hide(id, 1000)).toBe(true)
    expect(await datasets.hide(id, 2000)).toBe(false)
    expect(await datasets.list()).toEqual([])
    expect([await datasets.find(id), await datasets.find('tiny'), await datasets.find(String(id))]).toEqual([null, null, null])
    expect(await read.get('SELECT count(*) AS count FROM interactions')).toEqual({ count: 4 })
    await datasets.restore(id)
    expect(await datasets.get('tiny')).toEqual(before)
  })

  it('leaves its name to others; then it cannot come back under it', async () => {
    const { repositories } = await storageLab()
    const { datasets } = repositories
    const first = await datasets.store(tinyDataset())
    await datasets.hide(first, 1000)
    const second = await datasets.store(tinyDataset())
    await expect(datasets.restore(first)).rejects.toMatchObject({ code: 'DATASET_NAME_TAKEN', details: { name: 'tiny' } })
    await datasets.rename(second, 'other')
    await datasets.restore(first)
    expect((await datasets.list()).map(({ id, name }) => [id, name])).toEqual([
      [first, 'tiny'],
      [second, 'other'],
    ])
  })

  it('is gone for good with every row once its time is over, not before', async () => {
    const { repositories, read } = await storageLab()
    const { datasets } = repositories
    const [early, late, kept] = [
      await datasets.store(tinyDataset({ name: 'early' })),
      await datasets.store(tinyDataset({ name: 'late' })),
      await datasets.store(tinyDataset({ name: 'kept' })),
    ]
    await datasets.hide(early, 1000)
    await datasets.hide(late, 2000)
    expect(await datasets.purge(1500)).toBe(1)
    await expect(datasets.restore(early)).rejects.toMatchObject({ code: 'DATASET_NOT_FOUND' })
    await datasets.restore(late)
    expect(await datasets.purge(9000)).toBe(0)
    expect((await datasets.list()).map(({ id }) => id)).toEqual([late, kept])
    for (const table of ['users', 'items', 'interactions', 'packed_interactions']) {
      expect(await read.all(`SELECT DISTINCT dataset_id AS id FROM ${table} ORDER BY id`)).toEqual([{ id: late }, { id: kept }])
    }
  })

  it('cannot be hidden while runs use it; one that a run took up meanwhile comes back instead of going', async () => {
    const { repositories } = await storageLab()
    const { datasets, runs } = repositories
    const id = await datasets.store(tinyDataset())
    const [runId] = await runs.insert([newRun(id)])
    await expect(datasets.hide(id, 1000)).rejects.toMatchObject({
      code: 'DATASET_IN_USE',
      message: 'The data set "tiny" cannot be removed: 1 run uses it. Remove that run first.',
    })
    await runs.remove(runId!)
    await datasets.hide(id, 1000)
    await runs.insert([newRun(id)])
    expect(await datasets.purge(9000)).toBe(0)
    expect((await datasets.get(id)).name).toBe('tiny')
  })
})

it('notes are empty at first and hold any text', async () => {
  const { repositories } = await storageLab()
  const { datasets } = repositories
  const id = await datasets.store(tinyDataset())
  expect(await datasets.notes(id)).toBe('')
  await datasets.setNotes(id, `Robert'); DROP TABLE datasets;-- \u{1F3AC}`)
  expect(await datasets.notes(id)).toBe(`Robert'); DROP TABLE datasets;-- \u{1F3AC}`)
  await expect(datasets.notes(99)).rejects.toMatchObject({ code: 'DATASET_NOT_FOUND' })
})

it('a workspace of before has its data sets afterwards, without notes and none removed', async () => {
  const folder = await tempFolder()
  const before = await openStorage(folder, { migrations: migrations.filter((step) => step.version < 3) })
  await before.write.run(
    `INSERT INTO datasets (name, format, source, created_at, user_count, item_count, rating_count, scale, time_kind, fingerprint, report)
     VALUES ('old', 'movielens-1m', '/old', 1, 2, 2, 1, '{"min":1,"max":5,"positiveFrom":4,"negativeTo":2}', 'file-order', 'f', '{}')`,
  )
  await before.close()
  const after = await openStorage(folder)
  const { datasets } = createRepositories(after)
  expect(await datasets.get('old')).toMatchObject({ id: 1, density: 0.25 })
  expect(await datasets.notes(1)).toBe('')
  expect(await datasets.purge(Number.MAX_SAFE_INTEGER)).toBe(0)
  await after.close()
})

describe('items', () => {
  const ids = async (query: Parameters<Awaited<ReturnType<typeof storageLab>>['repositories']['items']['page']>[1]) => {
    const { repositories } = await storageLab()
    const id = await repositories.datasets.store(tinyDataset())
    const { total, rows } = await repositories.items.page(id, query)
    return [total, rows.map((row) => row.itemId).join('')]
  }
  const all = { search: '', sort: 'ratings', offset: 0, limit: 50 } as const

  it.each([
    [{ genre: 'Drama' }, [1, 'a']],
    // A part of a genre's name is no genre, nor is a pattern.
    [{ genre: 'Dram' }, [0, '']],
    [{ genre: '%' }, [0, '']],
    [{ genre: 'Drama', search: 'apple' }, [0, '']],
    [{ direction: 'asc' }, [3, 'cab']],
    [{ sort: 'title', direction: 'desc' }, [3, 'abc']],
    // What has no year or mean comes last in both directions.
    [{ sort: 'year' }, [3, 'abc']],
    [{ sort: 'year', direction: 'asc' }, [3, 'abc']],
    [{ sort: 'meanRating', direction: 'asc' }, [3, 'bac']],
  ] as const)('are narrowed and ordered by %j', async (query, expected) => {
    expect(await ids({ ...all, ...query })).toEqual(expected)
  })
})

it('a user comes with what the source says of them', async () => {
  const { repositories } = await storageLab()
  const id = await repositories.datasets.store(tinyDataset())
  expect(await repositories.items.user(id, 0)).toEqual({ userId: '7', attributes: { age: 30 } })
  expect(await repositories.items.user(id, 1)).toEqual({ userId: '007', attributes: null })
  expect(await repositories.items.user(id, 2)).toBeNull()
})
