import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { encodeState } from '../../../src-main/engine/core/state-codec.ts'
import { fitEmbedding, saveEmbedding } from '../../../src-main/engine/factorisation/embedding.ts'
import { createDatasetHandlers } from '../../../src-main/services/datasets.ts'
import { once, onceEach } from '../../../src-main/services/datasets/once.ts'
import { DatasetRemoval } from '../../../src-main/services/datasets/removal.ts'
import { openWorkspace } from '../../../src-main/services/workspace.ts'
import type { NewDataset } from '../../../src-main/storage/repositories/new-dataset.ts'
import { newRun, tinyDataset } from '../../support/storage-lab.ts'
import { tempFolder } from '../../support/temp-folder.ts'

async function lab(change: Partial<NewDataset> = {}) {
  const workspace = await openWorkspace(await tempFolder())
  onTestFinished(() => workspace.close())
  const id = await workspace.repositories.datasets.store(tinyDataset(change))
  return { id, workspace, datasets: createDatasetHandlers(workspace) }
}
const columnsOf = (...rows: [user: number, item: number, rating: number, time: number][]) => ({
  userIndex: Int32Array.from(rows, (row) => row[0]),
  itemIndex: Int32Array.from(rows, (row) => row[1]),
  rating: Float32Array.from(rows, (row) => row[2]),
  time: Float64Array.from(rows, (row) => row[3]),
})
const everyUser = { search: '', sort: 'ratings', direction: 'desc', offset: 0, limit: 50 } as const

describe('the figures of a data set', () => {
  it('come by its number and by its name', async () => {
    const { id, datasets } = await lab({ columns: columnsOf([0, 0, 5, 86_400], [1, 0, 4, 2 * 86_400], [0, 1, 1, 2 * 86_400]) })
    expect(await datasets.activity({ dataset: 'tiny' }, {})).toEqual({
      timeKind: 'unix-seconds',
      unit: 'day',
      bins: [
        { from: 86_400, to: 172_800, ratings: 1, newUsers: 1, newItems: 1 },
        { from: 172_800, to: 259_200, ratings: 2, newUsers: 1, newItems: 1 },
      ],
    })
    expect((await datasets.genres({ dataset: id }, {})).map(({ genre, ratings, mean }) => [genre, ratings, mean])).toEqual([
      ['Drama', 2, 4.5],
      ['Family', 2, 4.5],
      ['', 1, 1],
    ])
    expect(await datasets.sparsity({ dataset: id }, {})).toEqual({
      userEdges: [0, 1, 2],
      itemEdges: [0, 1, 2, 3],
      ratings: [1, 1, 0, 1, 0, 0],
      usersForHalf: 1,
      itemsForHalf: 1,
    })
  })

  it('are refused for a data set that is not there', async () => {
    const { datasets } = await lab()
    await expect(datasets.activity({ dataset: 'other' }, {})).rejects.toMatchObject({ code: 'DATASET_NOT_FOUND' })
    await expect(datasets.embeddings({ dataset: 77 }, {})).rejects.toMatchObject({ code: 'DATASET_NOT_FOUND' })
  })

  it('follow a change of the thresholds', async () => {
    const { id, datasets } = await lab()
    const liked = async () => [
      (await datasets.get({ dataset: id }, {})).positives,
      (await datasets.users({ dataset: id, ...everyUser }, {})).rows.map((row) => row.positives),
      (await datasets.timeline({ dataset: id, userIndex: 0 }, {})).events.map((event) => event.feedback),
    ]
    expect(await liked()).toEqual([2, [1, 1], ['positive', 'negative']])
    await datasets.setScale({ dataset: id, scale: { min: 1, max: 5, positiveFrom: 5, negativeTo: 0.5 } }, {})
    expect(await liked()).toEqual([1, [1, 0], ['positive', 'neutral']])
  })
})

describe('the users of a data set', () => {
  const users = [{ userId: 'Ann', attributes: null }, { userId: 'bob', attributes: null }, { userId: 'ANNA', attributes: null }] // prettier-ignore
  const columns = columnsOf([1, 0, 5, 1], [1, 1, 4, 2], [0, 0, 2, 3])

  it('are sorted by count or mean; who rated nothing has no mean and comes last', async () => {
    const { id, datasets } = await lab({ users, columns })
    const ids = async (query: object) => {
      const { total, rows } = await datasets.users({ dataset: id, ...everyUser, ...query }, {})
      return [total, ...rows.map((row) => row.userId)]
    }
    expect(await ids({})).toEqual([3, 'bob', 'Ann', 'ANNA'])
    expect(await ids({ direction: 'asc' })).toEqual([3, 'ANNA', 'Ann', 'bob'])
    expect(await ids({ sort: 'meanRating' })).toEqual([3, 'bob', 'Ann', 'ANNA'])
    expect(await ids({ sort: 'meanRating', direction: 'asc' })).toEqual([3, 'Ann', 'bob', 'ANNA'])
    expect(await ids({ search: ' ann' })).toEqual([2, 'Ann', 'ANNA'])
    expect(await ids({ offset: 1, limit: 1 })).toEqual([3, 'Ann'])
    expect((await datasets.users({ dataset: id, ...everyUser }, {})).rows).toEqual([
      { userIndex: 1, userId: 'bob', ratings: 2, meanRating: 4.5, positives: 2, negatives: 0 },
      { userIndex: 0, userId: 'Ann', ratings: 1, meanRating: 2, positives: 0, negatives: 1 },
      { userIndex: 2, userId: 'ANNA', ratings: 0, meanRating: null, positives: 0, negatives: 0 },
    ])
  })

  it('are shown one by one with titles and with what the source says', async () => {
    const { id, datasets } = await lab()
    expect(await datasets.timeline({ dataset: id, userIndex: 0 }, {})).toEqual({
      userIndex: 0,
      userId: '7',
      ratings: 2,
      meanRating: 3,
      positives: 1,
      negatives: 1,
      attributes: { age: 30 },
      timeKind: 'unix-seconds',
      events: [
        {
          itemIndex: 0,
          itemId: 'a',
          title: 'Zebra (1999)',
          genres: ['Drama', 'Family'],
          rating: 5,
          time: 1,
          feedback: 'positive',
        },
        { itemIndex: 1, itemId: 'b', title: 'apple 100%', genres: [], rating: 1, time: 3, feedback: 'negative' },
      ],
    })
    await expect(datasets.timeline({ dataset: id, userIndex: 2 }, {})).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: 'There is no user number 2 in this data set. Choose one from the list of its users.',
    })
  })
})

describe('the embeddings of a data set', () => {
  it('come with their curve, and as a map of the rated items', async () => {
    const { id, datasets, workspace } = await lab()
    const table = await workspace.loadInteractions(id)
    const options = { size: 2, lambda: 1, epochs: 3, bias: 'item', popularity: true, foldEmbeddings: false } as const
    const fit = fitEmbedding(table, options, 1)
    let step = fit.next()
    while (!step.done) step = fit.next()
    const { lossCurve, validationRmse, width } = step.value
    const stored = { key: 'k', kind: 'pmf', params: { ...options }, size: width, validationRmse: validationRmse || 0, lossCurve: [...lossCurve] } // prettier-ignore
    await workspace.repositories.embeddings.save(id, { ...stored, bytes: encodeState(saveEmbedding(step.value)) }, 5)
    expect(await datasets.embeddings({ dataset: id }, {})).toEqual([{ ...stored, createdAt: 5 }])
    const map = await datasets.embeddingMap({ dataset: id, key: 'k' }, {})
    // The third item was never rated: its vector is nothing.
    expect(map).toMatchObject({ key: 'k', ratedItems: 2 })
    expect(map?.points.map(({ itemId, ratings }) => [itemId, ratings])).toEqual([
      ['a', 2],
      ['b', 2],
    ])
    // Two points lie on one line, on both sides of their mean.
    expect(map?.explained[0]).toBeCloseTo(1)
    expect(map!.points[0]!.x + map!.points[1]!.x).toBeCloseTo(0)
    expect(await datasets.embeddingMap({ dataset: id, key: 'other' }, {})).toBeNull()
  })
})

describe('notes', () => {
  it('are kept', async () => {
    const { datasets } = await lab()
    expect(await datasets.notes({ dataset: 'tiny' }, {})).toEqual({ notes: '' })
    await datasets.setNotes({ dataset: 'tiny', notes: 'Mind 1998.' }, {})
    expect(await datasets.notes({ dataset: 'tiny' }, {})).toEqual({ notes: 'Mind 1998.' })
  })
})

describe('removing a data set', () => {
  it('can be taken back when that was asked for', async () => {
    const { id, datasets } = await lab()
    expect(await datasets.remove({ dataset: 'tiny', undoable: true }, {})).toEqual({ removed: true, undoMs: 60_000 })
    await expect(datasets.get({ dataset: id }, {})).rejects.toMatchObject({ code: 'DATASET_NOT_FOUND' })
    expect(await datasets.restore({ dataset: id }, {})).toMatchObject({ id, name: 'tiny' })
    expect((await datasets.get({ dataset: 'tiny' }, {})).ratings).toBe(4)
  })

  it('is for good otherwise', async () => {
    const { id, datasets } = await lab()
    expect(await datasets.remove({ dataset: id }, {})).toEqual({ removed: true })
    await expect(datasets.restore({ dataset: id }, {})).rejects.toMatchObject({ code: 'DATASET_NOT_FOUND' })
  })

  it('is refused while runs use it, undoable or not', async () => {
    const { id, datasets, workspace } = await lab()
    await workspace.repositories.runs.insert([newRun(id)])
    await expect(datasets.remove({ dataset: id, undoable: true }, {})).rejects.toMatchObject({ code: 'DATASET_IN_USE' })
    expect(await datasets.list(undefined, {})).toHaveLength(1)
  })

  it('ends by itself: what nobody took back is deleted, also what an earlier session left', async () => {
    const { id, workspace } = await lab()
    const { datasets } = workspace.repositories
    await datasets.hide(id, Date.now() - 1000)
    new DatasetRemoval(datasets, 20)
    await sleep(200)
    await expect(datasets.restore(id)).rejects.toMatchObject({ code: 'DATASET_NOT_FOUND' })
    const other = await datasets.store(tinyDataset())
    await new DatasetRemoval(datasets, 20).hide(other)
    await sleep(200)
    await expect(datasets.restore(other)).rejects.toMatchObject({ code: 'DATASET_NOT_FOUND' })
  })
})

describe('a figure that is computed once', () => {
  it('is shared by all who ask meanwhile and after, but a failure is tried again', async () => {
    let calls = 0
    const figure = once(() => (calls++ === 0 ? Promise.reject(new Error('busy')) : Promise.resolve(calls)))
    await expect(Promise.all([figure(), figure()])).rejects.toThrow('busy')
    expect(await Promise.all([figure(), figure()])).toEqual([2, 2])
    expect(await figure()).toBe(2)
  })

  it('is kept per key, for the keys used last', async () => {
    const made: string[] = []
    const figure = onceEach(2, (key: string) => Promise.resolve(made.push(key)))
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await figure(key)
    expect(made).toEqual(['a', 'b', 'c', 'b'])
  })
})
