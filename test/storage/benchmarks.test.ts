import { describe, expect, it, onTestFinished } from 'vitest'
import { openStorage } from '../../src-main/storage/open.ts'
import { createRepositories } from '../../src-main/storage/repositories/repositories.ts'
import { newRun, tinyDataset } from '../support/storage-lab.ts'
import { tempFolder } from '../support/temp-folder.ts'

async function lab() {
  const storage = await openStorage(await tempFolder())
  onTestFinished(() => storage.close())
  const repositories = createRepositories(storage)
  const datasetId = await repositories.datasets.store(tinyDataset())
  const begin = (seeds: number[], rows: string[] | null = null, at = 1) =>
    repositories.benchmarks.begin({ recipe: 'mdrr-table2', datasetId, seeds, rows }, at)
  return { ...repositories, datasetId, begin }
}

describe('stored benchmarks', () => {
  it('there is one for each recipe and data set; beginning it again replaces what is wanted of it', async () => {
    const { benchmarks, begin, datasetId } = await lab()
    const id = await begin([1, 2], ['mdrr-att'], 10)
    await benchmarks.setState(id, 'finished', 20)
    expect(await begin([1, 2, 3], null, 30)).toBe(id)
    expect(await benchmarks.get(id)).toMatchObject({
      recipe: 'mdrr-table2',
      datasetId,
      seeds: [1, 2, 3],
      rows: null,
      state: 'running',
    })
    expect(await benchmarks.get(id)).toMatchObject({ createdAt: 10, updatedAt: 30 })
    const other = await benchmarks.begin({ recipe: 'drr-report', datasetId, seeds: [1], rows: ['a', 'b'] }, 40)
    expect((await benchmarks.list()).map((one) => [one.id, one.rows])).toEqual([
      [other, ['a', 'b']],
      [id, null],
    ])
    expect(await benchmarks.get(99)).toBeNull()
  })

  it('those that nobody works on any more are interrupted', async () => {
    const { benchmarks, begin } = await lab()
    const id = await begin([1])
    await benchmarks.markInterrupted(50)
    expect(await benchmarks.get(id)).toMatchObject({ state: 'interrupted', updatedAt: 50 })
    await benchmarks.setState(id, 'finished', 60)
    await benchmarks.markInterrupted(70)
    expect(await benchmarks.get(id)).toMatchObject({ state: 'finished', updatedAt: 60 })
  })

  it('a cell is filled by a run, or tells why there is none; one whose run was removed is empty again', async () => {
    const { benchmarks, runs, begin, datasetId } = await lab()
    const id = await begin([1, 2])
    const [runId] = await runs.insert([newRun(datasetId)])
    const error = { code: 'DATA_UNSUITABLE' as const, message: 'No.', details: { reason: 'none' } }
    await benchmarks.setCell(id, { row: 'b', seed: 1, runId: null, error })
    await benchmarks.setCell(id, { row: 'a', seed: 2, runId: null, error })
    await benchmarks.setCell(id, { row: 'a', seed: 2, runId: runId!, error: null })
    expect(await benchmarks.cells(id)).toEqual([
      { row: 'a', seed: 2, runId, error: null },
      { row: 'b', seed: 1, runId: null, error },
    ])
    await runs.remove(runId!)
    expect((await benchmarks.cells(id)).map((cell) => cell.row)).toEqual(['b'])
  })

  it('that is removed leaves its runs', async () => {
    const { benchmarks, runs, begin, datasetId } = await lab()
    const id = await begin([1])
    const [runId] = await runs.insert([newRun(datasetId)])
    await benchmarks.setCell(id, { row: 'a', seed: 1, runId: runId!, error: null })
    expect([await benchmarks.remove(id), await benchmarks.remove(id)]).toEqual([true, false])
    expect(await benchmarks.cells(id)).toEqual([])
    expect(await runs.get(runId!)).not.toBeNull()
  })
})
