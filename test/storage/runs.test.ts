import { describe, expect, it } from 'vitest'
import { collect } from '../support/collect.ts'
import { newRun, storageLab, tinyDataset } from '../support/storage-lab.ts'

async function lab() {
  const storage = await storageLab()
  const datasetId = await storage.repositories.datasets.store(tinyDataset())
  const [runId] = await storage.repositories.runs.insert([newRun(datasetId)])
  return { ...storage, ...storage.repositories, datasetId, runId: runId! }
}

describe('runs', () => {
  it('start queued, with everything they were made with', async () => {
    const { runs, runId, datasetId } = await lab()
    expect(await runs.get(runId)).toEqual({
      ...newRun(datasetId),
      // Sorted by name: the order in which values were typed is no difference.
      params: { batch: 64, gamma: 0.9 },
      id: runId,
      datasetName: 'tiny',
      state: 'queued',
      stage: 'preparing',
      device: '',
      executorVersions: {},
      startedAt: null,
      endedAt: null,
      updatesDone: 0,
      updatesPerSecond: null,
      remainingMs: null,
      elapsedMs: 0,
      splitHash: null,
      validationNdcg: null,
      precision20: null,
      ndcg20: null,
      error: null,
      tags: [],
      comment: '',
      archivedAt: null,
      lineage: null,
      origin: null,
    })
    expect(await runs.get(99)).toBeNull()
  })

  it('know the live session that they went on from', async () => {
    const { runs, datasetId } = await lab()
    const lineage = { runId: 1, sessionId: 7, answers: 20 }
    const [runId] = await runs.insert([newRun(datasetId, { seed: 9, lineage })])
    expect((await runs.get(runId!))!.lineage).toEqual(lineage)
  })

  it('are inserted all or none', async () => {
    const { runs, datasetId } = await lab()
    await expect(runs.insert([newRun(datasetId, { seed: 2 }), newRun(99, { seed: 3 })])).rejects.toMatchObject({
      code: 'SQLITE_CONSTRAINT',
    })
    expect(await runs.list()).toHaveLength(1)
  })

  it('share one configuration when they differ in nothing but the seed', async () => {
    const { runs, datasetId, read } = await lab()
    await runs.insert([1, 2, 3].map((seed) => newRun(datasetId, { seed, params: { batch: 64, gamma: 0.9 } })))
    expect(await read.get('SELECT count(*) AS count FROM model_configurations')).toEqual({ count: 1 })
    await runs.insert([newRun(datasetId, { params: { batch: 32, gamma: 0.9 } })])
    expect(await read.get('SELECT count(*) AS count FROM model_configurations')).toEqual({ count: 2 })
  })

  it('change only what is named; null clears', async () => {
    const { runs, runId } = await lab()
    const error = { code: 'TRAINER_LOST', message: 'It is gone.', details: { run: '1', exit: 'SIGKILL' } } as const
    await runs.update(runId, { state: 'running', updatesDone: 10, updatesPerSecond: 12.5, error, startedAt: 5 })
    await runs.update(runId, { updatesPerSecond: null, stage: 'training' })
    expect(await runs.get(runId)).toMatchObject({
      state: 'running',
      stage: 'training',
      updatesDone: 10,
      updatesPerSecond: null,
      error,
      startedAt: 5,
      name: 'a run',
    })
    await runs.update(runId, { error: null })
    expect((await runs.get(runId))!.error).toBeNull()
    expect(await runs.update(99, { stage: 'training' })).toBe(false)
  })

  it('refuse a state that does not exist', async () => {
    const { runs, runId } = await lab()
    await expect(runs.update(runId, { state: 'happy' as never })).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' })
  })

  it('that were running when the lab died are interrupted; the queue stays in order', async () => {
    const { runs, datasetId, runId } = await lab()
    const more = await runs.insert([2, 3, 4].map((seed) => newRun(datasetId, { seed })))
    await runs.update(more[1]!, { state: 'running', updatesPerSecond: 3, remainingMs: 9 })
    expect(await runs.markInterrupted(77)).toEqual([more[1]])
    expect(await runs.get(more[1]!)).toMatchObject({
      state: 'interrupted',
      endedAt: 77,
      updatesPerSecond: null,
      remainingMs: null,
    })
    expect((await runs.listByState(['queued'])).map((run) => run.id)).toEqual([runId, more[0], more[2]])
    expect((await runs.list()).map((run) => run.id)).toEqual([...more.toReversed(), runId])
    expect(await runs.countByDataset(datasetId)).toBe(4)
  })

  it('keep notes in order and take every row along when they are removed', async () => {
    const { runs, metricPoints, results, runId, read } = await lab()
    await runs.addNote(runId, { at: 2, text: 'second thoughts' })
    await runs.addNote(runId, { at: 1, text: 'clock went back' })
    expect(await runs.notes(runId)).toEqual([
      { at: 2, text: 'second thoughts' },
      { at: 1, text: 'clock went back' },
    ])
    await metricPoints.append(runId, [{ name: 'loss', update: 1, value: 1, elapsedMs: 1 }])
    await results.save(runId, [resultRow()])
    expect(await runs.remove(runId)).toBe(true)
    expect(await runs.remove(runId)).toBe(false)
    for (const table of ['run_notes', 'metric_points', 'results']) {
      expect(await read.get(`SELECT count(*) AS count FROM ${table}`)).toEqual({ count: 0 })
    }
  })
})

const resultRow = (change = {}) => ({
  model: 'mdrr-att',
  seed: 1,
  split: 'random:0.8@1',
  protocol: 'rerank-sequential',
  subset: 'all' as const,
  k: 5,
  metric: 'precision',
  value: 0.1 + 0.2,
  users: 2,
  low: null,
  high: 0.5,
  ...change,
})

describe('metric points', () => {
  it('come back as curves, every bit of every number, whatever the size of the batch', async () => {
    const { metricPoints, runId } = await lab()
    const points = Array.from({ length: 9000 }, (_, update) => ({
      name: update % 2 ? 'loss' : 'critic',
      update,
      value: Math.sin(update) / 3,
      elapsedMs: update * 1.1,
    }))
    await metricPoints.append(runId, points)
    await metricPoints.append(runId, [])
    expect(await metricPoints.count(runId)).toBe(9000)
    const [critic, loss, ...others] = await metricPoints.series(runId)
    expect(others).toEqual([])
    expect([critic!.name, loss!.name]).toEqual(['critic', 'loss'])
    const odd = points.filter((point) => point.name === 'loss')
    expect(loss!.value).toEqual(Float64Array.from(odd, (point) => point.value))
    expect(loss!.update).toEqual(Int32Array.from(odd, (point) => point.update))
    expect(loss!.elapsedMs).toEqual(Float64Array.from(odd, (point) => point.elapsedMs))
    expect((await metricPoints.series(runId, { names: ['loss'] })).map((series) => series.name)).toEqual(['loss'])
    expect(await metricPoints.series(runId, { names: [] })).toEqual([])
  })

  it('are read from one update to another, both included', async () => {
    const { metricPoints, runId } = await lab()
    await metricPoints.append(
      runId,
      [1, 2, 3, 4].map((update) => ({ name: 'loss', update, value: update, elapsedMs: 0 })),
    )
    const window = async (from?: number, to?: number) => [...((await metricPoints.series(runId, { from, to }))[0]?.update ?? [])]
    expect(await window(2, 3)).toEqual([2, 3])
    expect(await window(3)).toEqual([3, 4])
    expect(await window(5)).toEqual([])
  })

  it('of a long curve keep the extremes of every span, the first and the last; short curves stay whole', async () => {
    const { metricPoints, runId } = await lab()
    // A saw of period 7 with one peak and one trough; the updates leave a gap of two whole spans.
    const value = (at: number) => (at === 430 ? 99 : at === 777 ? -99 : (at % 7) - 3)
    const long = Array.from({ length: 1000 }, (_, at) => (at < 500 ? at : at + 2000))
    await metricPoints.append(runId, [
      ...long.map((update, at) => ({ name: 'loss', update, value: value(at), elapsedMs: at * 2 })),
      ...[0, 5].map((update) => ({ name: 'reward', update, value: 1, elapsedMs: 9 })),
    ])
    const [loss, reward] = await metricPoints.outlines(runId, { fineUpTo: 100, buckets: 10 })
    expect(reward).toEqual({
      name: 'reward',
      total: 2,
      update: Int32Array.of(0, 5),
      value: Float64Array.of(1, 1),
      elapsedMs: Float64Array.of(9, 9),
    })
    const places = [...loss!.update]
    expect(loss!.total).toBe(1000)
    expect(places).toEqual([...new Set(places)].sort((a, b) => a - b))
    expect(places.length).toBeLessThanOrEqual(22)
    expect([places[0], places.at(-1)]).toEqual([0, 2999])
    expect(loss!.value[places.indexOf(430)]).toBe(99)
    expect(loss!.value[places.indexOf(2777)]).toBe(-99)
    expect(loss!.elapsedMs[places.indexOf(2777)]).toBe(1554)
    const [windowed] = await metricPoints.outlines(runId, { names: ['loss'], from: 2700, to: 2800, fineUpTo: 10, buckets: 2 })
    expect(windowed!.total).toBe(101)
    expect([...windowed!.value]).toContain(-99)
  })

  it('stream completely in small chunks', async () => {
    const { metricPoints, runId } = await lab()
    const points = ['a', 'b', 'c'].flatMap((name) =>
      Array.from({ length: 7 }, (_, update) => ({ name, update, value: update, elapsedMs: 0 })),
    )
    await metricPoints.append(runId, points)
    const chunks = await collect(metricPoints.stream(runId, 4))
    expect(chunks.map((chunk) => chunk.length)).toEqual([4, 4, 4, 4, 4, 1])
    expect(chunks.flat()).toEqual(points)
  })

  it('measured after the last checkpoint are dropped, and a repeated point replaces the old one', async () => {
    const { metricPoints, runId } = await lab()
    await metricPoints.append(
      runId,
      [1, 2, 3].map((update) => ({ name: 'loss', update, value: update, elapsedMs: update * 10 })),
    )
    await metricPoints.truncateLaterThan(runId, 20)
    await metricPoints.append(runId, [{ name: 'loss', update: 2, value: 20, elapsedMs: 20 }])
    expect([...(await metricPoints.series(runId))[0]!.value]).toEqual([1, 20])
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('are refused when they are %d, with their batch', async (value) => {
    const { metricPoints, runId } = await lab()
    const good = { name: 'loss', update: 1, value: 1, elapsedMs: 0 }
    await expect(metricPoints.append(runId, [good, { ...good, update: 2, value }])).rejects.toThrow(
      `metric point loss at update 2 is ${value}`,
    )
    expect(await metricPoints.count(runId)).toBe(0)
  })
})

describe('results', () => {
  it('keep their order, replace the same cell and keep the others', async () => {
    const { results, runId, runs, datasetId } = await lab()
    const [other] = await runs.insert([newRun(datasetId, { seed: 2 })])
    await results.save(runId, [resultRow({ model: 'random' }), resultRow(), resultRow({ k: 20 })])
    await results.save(runId, [resultRow({ value: 0.5 }), resultRow({ protocol: 'rerank-oneshot' })])
    expect(await results.list(runId)).toEqual([
      resultRow({ model: 'random' }),
      resultRow({ k: 20 }),
      resultRow({ value: 0.5 }),
      resultRow({ protocol: 'rerank-oneshot' }),
    ])
    expect([...(await results.listMany([runId, other!])).entries()].map(([id, rows]) => [id, rows.length])).toEqual([
      [runId, 4],
      [other, 0],
    ])
  })
})

describe('recommendations and per-user metrics', () => {
  it('stream with raw ids and titles, in order', async () => {
    const { recommendations, runId } = await lab()
    const save = (protocol: string, score: number) =>
      recommendations.save(runId, {
        protocol: [protocol, protocol, protocol],
        userIndex: Int32Array.of(1, 0, 0),
        rank: Int32Array.of(1, 2, 1),
        itemIndex: Int32Array.of(2, 1, 0),
        score: Float32Array.of(score, 0.25, 0.5),
        rating: Float32Array.of(4, 1, 5),
      })
    await save('sequential', 9)
    await save('oneshot', 8)
    await save('sequential', 7)
    const rows = (await collect(recommendations.stream(runId, 2))).flat()
    expect(rows).toHaveLength(6)
    expect(rows.slice(3)).toEqual([
      {
        protocol: 'sequential',
        userIndex: 0,
        userId: '7',
        rank: 1,
        itemIndex: 0,
        itemId: 'a',
        title: 'Zebra (1999)',
        score: 0.5,
        rating: 5,
      },
      {
        protocol: 'sequential',
        userIndex: 0,
        userId: '7',
        rank: 2,
        itemIndex: 1,
        itemId: 'b',
        title: 'apple 100%',
        score: 0.25,
        rating: 1,
      },
      {
        protocol: 'sequential',
        userIndex: 1,
        userId: '007',
        rank: 1,
        itemIndex: 2,
        itemId: 'c',
        title: null,
        score: 7,
        rating: 4,
      },
    ])
  })

  it('are listed for a user by rank, and tell which users have a list in all of the runs', async () => {
    const { recommendations, runs, datasetId, runId } = await lab()
    const [other] = await runs.insert([newRun(datasetId, { seed: 2 })])
    const save = (run: number, users: number[]) =>
      recommendations.save(run, {
        protocol: users.flatMap(() => ['oneshot', 'oneshot']),
        userIndex: Int32Array.from(users.flatMap((user) => [user, user])),
        rank: Int32Array.from(users.flatMap(() => [2, 1])),
        itemIndex: Int32Array.from(users.flatMap(() => [1, 0])),
        score: Float32Array.from(users.flatMap(() => [0.25, 0.5])),
        rating: Float32Array.from(users.flatMap(() => [Number.NaN, 5])),
      })
    await save(runId, [0, 1])
    await save(other!, [1])
    const page = { offset: 0, limit: 10 }
    const users = (runIds: number[], search = '', protocol = 'oneshot') =>
      recommendations.users(runIds, protocol, { ...page, search })
    expect(await users([runId])).toEqual({
      total: 2,
      rows: [
        { userIndex: 0, userId: '7' },
        { userIndex: 1, userId: '007' },
      ],
    })
    expect(await users([runId, other!])).toEqual({ total: 1, rows: [{ userIndex: 1, userId: '007' }] })
    expect((await users([runId], '00')).total).toBe(1)
    expect((await users([runId], '%')).total).toBe(0)
    expect((await users([runId], '', 'sequential')).total).toBe(0)
    expect((await recommendations.users([runId], 'oneshot', { search: '', offset: 1, limit: 1 })).rows).toHaveLength(1)
    const list = await recommendations.list(runId, 'oneshot', 0, page)
    expect(list).toEqual({
      total: 2,
      rows: [
        { rank: 1, itemIndex: 0, itemId: 'a', title: 'Zebra (1999)', year: 1999, score: 0.5, rating: 5 },
        { rank: 2, itemIndex: 1, itemId: 'b', title: 'apple 100%', year: null, score: 0.25, rating: null },
      ],
    })
    expect((await recommendations.list(runId, 'oneshot', 0, { offset: 1, limit: 1 })).rows.map((row) => row.rank)).toEqual([2])
    expect(await recommendations.list(other!, 'oneshot', 0, page)).toEqual({ total: 0, rows: [] })
  })

  it('keep an item that the user never rated, without a rating', async () => {
    const { recommendations, runId } = await lab()
    await recommendations.save(runId, {
      protocol: ['full-catalogue', 'full-catalogue'],
      userIndex: Int32Array.of(0, 0),
      rank: Int32Array.of(1, 2),
      itemIndex: Int32Array.of(2, 1),
      score: Float32Array.of(2, 1),
      rating: Float32Array.of(NaN, 0),
    })
    const rows = (await collect(recommendations.stream(runId))).flat()
    expect(rows.map((row) => row.rating)).toEqual([null, 0])
  })

  it('of one metric come as columns by user, and only of the model, protocol, k and metric asked for', async () => {
    const { userMetrics, runId } = await lab()
    await userMetrics.save(runId, {
      model: ['m', 'm', 'm', 'm', 'm', 'other'],
      protocol: ['p', 'p', 'q', 'p', 'p', 'p'],
      userIndex: Int32Array.of(1, 0, 0, 0, 0, 0),
      candidates: Int32Array.of(4, 3, 9, 9, 9, 9),
      k: Int32Array.of(5, 5, 5, 20, 5, 5),
      metric: ['ndcg', 'ndcg', 'ndcg', 'ndcg', 'map', 'ndcg'],
      value: Float64Array.of(1 / 3, 0.2, 7, 7, 7, 7),
    })
    const wanted = { model: 'm', protocol: 'p', k: 5, metric: 'ndcg' }
    expect(await userMetrics.values(runId, wanted)).toEqual({
      userIndex: Int32Array.of(0, 1),
      candidates: Int32Array.of(3, 4),
      value: Float64Array.of(0.2, 1 / 3),
    })
    expect((await userMetrics.values(runId, { ...wanted, k: 6 })).value).toHaveLength(0)
  })

  it('per user are complete across chunks, and saved again they replace', async () => {
    const { userMetrics, runId } = await lab()
    const columns = {
      model: ['m', 'm', 'm', 'm'],
      protocol: ['p', 'p', 'p', 'p'],
      userIndex: Int32Array.of(0, 0, 1, 1),
      candidates: Int32Array.of(3, 3, 4, 4),
      k: Int32Array.of(5, 20, 5, 20),
      metric: ['ndcg', 'ndcg', 'ndcg', 'ndcg'],
      value: Float64Array.of(0.1, 0.2, 0.3, 1 / 3),
    }
    await userMetrics.save(runId, columns)
    await userMetrics.save(runId, { ...columns, value: Float64Array.of(0.1, 0.2, 0.4, 1 / 3) })
    const rows = (await collect(userMetrics.stream(runId, 3))).flat()
    expect(rows.map((row) => row.value)).toEqual([0.1, 0.2, 0.4, 1 / 3])
    expect(rows[2]).toEqual({
      model: 'm',
      protocol: 'p',
      userIndex: 1,
      userId: '007',
      candidates: 4,
      k: 5,
      metric: 'ndcg',
      value: 0.4,
    })
  })
})

describe('embeddings, splits and settings', () => {
  it('an embedding comes back byte for byte, and not at all when its bytes were changed', async () => {
    const { embeddings, datasetId, write } = await lab()
    const embedding = {
      key: 'k1',
      kind: 'pmf',
      params: { size: 8 },
      size: 8,
      validationRmse: 0.9,
      lossCurve: [3, 2, 1.5],
      bytes: Uint8Array.of(1, 2, 3, 255),
    }
    await embeddings.save(datasetId, embedding, 1)
    const found = (await embeddings.get(datasetId, 'k1'))!
    expect({ ...found, bytes: Uint8Array.from(found.bytes) }).toEqual(embedding)
    expect(await embeddings.get(datasetId, 'k2')).toBeNull()
    const { bytes: _bytes, ...described } = embedding
    expect(await embeddings.list(datasetId)).toEqual([{ ...described, createdAt: 1 }])
    expect([...(await embeddings.allBytes(datasetId)).keys()]).toEqual(['k1'])
    await write.run(`UPDATE embeddings SET bytes = x'01020304'`)
    expect(await embeddings.get(datasetId, 'k1')).toBeNull()
    expect((await embeddings.allBytes(datasetId)).size).toBe(0)
  })

  it('a split keeps the hash of its first time', async () => {
    const { splits, datasetId } = await lab()
    expect(await splits.hash(datasetId, 'random:0.8@1')).toBeNull()
    expect(await splits.remember(datasetId, 'random:0.8@1', 'aa', 1)).toBe('aa')
    expect(await splits.remember(datasetId, 'random:0.8@1', 'bb', 2)).toBe('aa')
    expect(await splits.hash(datasetId, 'random:0.8@1')).toBe('aa')
  })

  it('settings keep their types', async () => {
    const { settings } = await lab()
    await settings.set({ theme: 'dark', concurrentRuns: 2, csvFormulaGuard: false, absent: undefined })
    await settings.set({ theme: 'light' })
    expect(await settings.all()).toEqual({ theme: 'light', concurrentRuns: 2, csvFormulaGuard: false })
  })
})
