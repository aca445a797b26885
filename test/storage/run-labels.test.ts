import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { newRun, storageLab, tinyDataset } from '../support/storage-lab.ts'

async function lab(count = 3, finished = true) {
  const storage = await storageLab()
  const datasetId = await storage.repositories.datasets.store(tinyDataset())
  const seeds = Array.from({ length: count }, (_, at) => at + 1)
  const ids = await storage.repositories.runs.insert(seeds.map((seed) => newRun(datasetId, { seed })))
  if (finished) for (const id of ids) await storage.repositories.runs.update(id, { state: 'finished' })
  return { ...storage, ...storage.repositories, datasetId, ids }
}

describe('labels of runs', () => {
  it('tags go on and off many runs at once, sorted and each once; who is not there is passed over', async () => {
    const { runs, ids } = await lab()
    expect(await runs.label([...ids, 99], { addTags: ['paper', 'draft', 'paper'] }, 1)).toEqual(ids)
    await runs.label([ids[0]!], { addTags: ['<b>zoo</b>'], removeTags: ['draft'] }, 1)
    expect((await runs.list()).map((run) => run.tags)).toEqual([
      ['draft', 'paper'],
      ['draft', 'paper'],
      ['<b>zoo</b>', 'paper'],
    ])
  })

  it('notes are replaced or go on below, whatever their length', async () => {
    const { runs, ids } = await lab(1)
    const [id] = ids as [number]
    await runs.label([id], { comment: { text: 'first', append: true } }, 1)
    await runs.label([id], { comment: { text: 'x'.repeat(10_000), append: true } }, 1)
    expect((await runs.get(id))!.comment).toBe(`first\n${'x'.repeat(10_000)}`)
    await runs.label([id], { comment: { text: '', append: false } }, 1)
    expect((await runs.get(id))!.comment).toBe('')
  })

  it('the archive keeps the day on which a run went there', async () => {
    const { runs, ids } = await lab(1)
    await runs.label(ids, { archived: true }, 5)
    await runs.label(ids, { archived: true }, 9)
    expect((await runs.get(ids[0]!))!.archivedAt).toBe(5)
    await runs.label(ids, { archived: false }, 9)
    expect((await runs.get(ids[0]!))!.archivedAt).toBeNull()
  })

  it('five thousand runs are labelled in one go', async () => {
    const { runs, ids } = await lab(5000, false)
    expect(await runs.label(ids, { addTags: ['all'], archived: true }, 1)).toHaveLength(5000)
    expect((await runs.list()).every((run) => run.tags[0] === 'all' && run.archivedAt === 1)).toBe(true)
  })
})

describe('a run that was removed and can be had back', () => {
  it('is found by nothing, and comes back as it was', async () => {
    const { runs, runFigures, ids, datasetId } = await lab()
    const before = await runs.get(ids[1]!)
    expect(await runs.hide([ids[1]!, 99], 1000)).toEqual([ids[1]])
    expect(await runs.hide([ids[1]!], 2000)).toEqual([])
    expect(await runs.get(ids[1]!)).toBeNull()
    expect((await runs.list()).map((run) => run.id)).toEqual([ids[2], ids[0]])
    expect(await runs.countByDataset(datasetId)).toBe(2)
    expect(await runs.label([ids[1]!], { addTags: ['x'] }, 1)).toEqual([])
    expect((await runFigures.settings()).runs.map((run) => run.id)).toEqual([ids[0], ids[2]])
    expect(await runs.removed()).toEqual([{ id: ids[1], name: 'a run', seed: 2, removedAt: 1000 }])
    expect(await runs.restore([ids[0]!, ids[1]!])).toEqual([ids[1]])
    expect(await runs.get(ids[1]!)).toEqual(before)
  })

  it('is not one that trains or waits', async () => {
    const { runs, ids } = await lab()
    await runs.update(ids[0]!, { state: 'running' })
    await runs.update(ids[1]!, { state: 'queued' })
    expect(await runs.hide(ids, 1)).toEqual([ids[2]])
  })

  it('is gone for good with all its rows once its time is over, not before; its files go with it', async () => {
    const { runs, checkpoints, metricPoints, ids, folder, read } = await lab()
    await metricPoints.append(ids[0]!, [{ name: 'loss', update: 1, value: 1, elapsedMs: 1 }])
    for (const id of ids) await checkpoints.save(id, { update: 1, elapsedMs: 1, createdAt: 1, content: Uint8Array.of(1, 2, 3) })
    await mkdir(join(folder, 'checkpoints', '4711'), { recursive: true })
    await runs.hide([ids[0]!], 1000)
    await runs.hide([ids[1]!], 2000)
    const gone: number[] = []
    for await (const id of runs.purge(1500)) gone.push(id)
    expect(gone).toEqual([ids[0]])
    await checkpoints.removeOrphans()
    expect(await runs.restore([ids[0]!])).toEqual([])
    expect(await read.get('SELECT count(*) AS count FROM metric_points')).toEqual({ count: 0 })
    expect((await readdir(join(folder, 'checkpoints'))).sort()).toEqual([String(ids[1]), String(ids[2])])
  })

  it('does not keep its data set from being removed, and goes with it', async () => {
    const { runs, datasets, datasetId, ids, read } = await lab()
    await expect(datasets.hide(datasetId, 1)).rejects.toMatchObject({ code: 'DATASET_IN_USE' })
    await runs.hide(ids, 1)
    await datasets.hide(datasetId, 1)
    await datasets.restore(datasetId)
    expect(await runs.restore([ids[0]!])).toEqual([ids[0]])
    await runs.hide(ids, 2)
    expect(await datasets.remove(datasetId)).toBe(true)
    expect(await read.get('SELECT count(*) AS count FROM runs')).toEqual({ count: 0 })
  })
})

describe('the figures of many runs', () => {
  const row = (model: string, metric: string, value: number) => ({
    model,
    seed: 1,
    split: 'random:0.8@1',
    protocol: 'rerank-sequential',
    subset: 'all' as const,
    k: 20,
    metric,
    value,
    users: 2,
    low: null,
    high: null,
  })

  it("come as columns of the runs' own models, and their names are known", async () => {
    const { results, runFigures, ids } = await lab()
    await results.save(ids[0]!, [row('mdrr-att', 'ndcg', 0.9), row('random', 'ndcg', 0.5), row('mdrr-att', 'map', 0.7)])
    await results.save(ids[2]!, [row('mdrr-att', 'ndcg', 0.8)])
    const figure = { protocol: 'rerank-sequential', subset: 'all', k: 20, metric: 'ndcg' } as const
    expect(await runFigures.column(figure)).toEqual({ runIds: [ids[0], ids[2]], values: [0.9, 0.8] })
    expect(await runFigures.column(figure, [ids[2]!])).toEqual({ runIds: [ids[2]], values: [0.8] })
    expect(await runFigures.names()).toEqual([{ ...figure, metric: 'map' }, figure])
  })

  it('parameters are told once per configuration', async () => {
    const { runFigures, ids } = await lab()
    const { configurations, runs } = await runFigures.settings()
    expect(configurations.map(({ params }) => params)).toEqual([{ batch: 64, gamma: 0.9 }])
    expect(runs).toEqual(ids.map((id) => ({ id, configuration: configurations[0]!.id, executor: 'kernels' })))
  })
})
