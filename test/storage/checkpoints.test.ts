import { readdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { newRun, storageLab, tinyDataset } from '../support/storage-lab.ts'

async function lab() {
  const { repositories, folder } = await storageLab()
  const datasetId = await repositories.datasets.store(tinyDataset())
  const [runId] = await repositories.runs.insert([newRun(datasetId)])
  const files = join(folder, 'checkpoints', String(runId))
  const save = (update: number) =>
    repositories.checkpoints.save(runId!, {
      update,
      elapsedMs: update * 2,
      createdAt: update,
      content: new Uint8Array(100).fill(update % 256),
    })
  return { checkpoints: repositories.checkpoints, runs: repositories.runs, runId: runId!, files, save }
}

describe('checkpoints', () => {
  it('keep the last two, as files and as rows', async () => {
    const { checkpoints, runId, files, save } = await lab()
    expect(await checkpoints.load(runId)).toBeNull()
    for (const update of [10, 20, 30]) await save(update)
    expect(await checkpoints.list(runId)).toEqual([
      { update: 20, bytes: 100, elapsedMs: 40, createdAt: 20 },
      { update: 30, bytes: 100, elapsedMs: 60, createdAt: 30 },
    ])
    expect((await readdir(files)).sort()).toEqual(['20.ckpt', '30.ckpt'])
    const loaded = await checkpoints.load(runId)
    expect(loaded).toMatchObject({ update: 30, elapsedMs: 60, notes: [] })
    expect([...loaded!.content]).toEqual([...new Uint8Array(100).fill(30)])
  })

  it.each([
    ['cut off', (path: string) => truncate(path, 50)],
    ['changed in one byte', (path: string) => writeFile(path, new Uint8Array(100).fill(30).with(99, 31))],
    ['replaced by nothing', (path: string) => writeFile(path, '')],
  ])('fall back to the one before when the newest is %s, and say so', async (_how, damage) => {
    const { checkpoints, runId, files, save } = await lab()
    await save(20)
    await save(30)
    await damage(join(files, '30.ckpt'))
    expect(await checkpoints.load(runId)).toMatchObject({
      update: 20,
      notes: ['The checkpoint at update 30 is damaged and was passed over.'],
    })
  })

  it('are unusable when all are damaged', async () => {
    const { checkpoints, runId, files, save } = await lab()
    await save(20)
    await save(30)
    for (const file of await readdir(files)) await truncate(join(files, file), 1)
    await expect(checkpoints.load(runId)).rejects.toMatchObject({
      code: 'CHECKPOINT_UNUSABLE',
      message: `Run ${runId} cannot be continued or evaluated: all of its checkpoints are damaged. Start it again with the same settings and seed; it gives the same figures.`,
    })
  })

  it('of a run that was resumed from an earlier one replace those ahead', async () => {
    const { checkpoints, runId, files, save } = await lab()
    await save(20)
    await save(30)
    await save(25)
    expect((await checkpoints.list(runId)).map((checkpoint) => checkpoint.update)).toEqual([20, 25])
    expect((await checkpoints.load(runId))!.update).toBe(25)
    expect((await readdir(files)).sort()).toEqual(['20.ckpt', '25.ckpt'])
  })

  it('keep the trained model beside them, and refuse a damaged one', async () => {
    const { checkpoints, runId, files } = await lab()
    await expect(checkpoints.loadModel(runId)).rejects.toMatchObject({
      code: 'CHECKPOINT_UNUSABLE',
      details: { run: String(runId), reason: 'it has not kept a trained model' },
    })
    await checkpoints.saveModel(runId, { createdAt: 1, content: Uint8Array.of(1, 2, 3) })
    expect([...(await checkpoints.loadModel(runId))]).toEqual([1, 2, 3])
    await writeFile(join(files, 'trained.model'), 'x')
    await expect(checkpoints.loadModel(runId)).rejects.toMatchObject({
      details: { reason: 'the file of its trained model is damaged' },
    })
  })

  it('leave no files behind when their run is removed', async () => {
    const { checkpoints, runs, runId, files, save } = await lab()
    await save(20)
    await runs.remove(runId)
    await checkpoints.removeFiles(runId)
    await expect(readdir(files)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await checkpoints.list(runId)).toEqual([])
  })
})
