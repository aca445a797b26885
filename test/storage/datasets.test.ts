import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WritableDatabase } from '../../src-main/storage/database.ts'
import { JsonbRows } from '../../src-main/storage/repositories/jsonb-rows.ts'
import { CHUNK_ROWS, newColumns, packColumns, putPacked } from '../../src-main/storage/repositories/packed-columns.ts'
import { newRun, storageLab, tinyDataset } from '../support/storage-lab.ts'

describe('data sets in storage', () => {
  it('come back as they went in: summary, columns, report, items, ids as text', async () => {
    const { repositories, read } = await storageLab()
    const dataset = tinyDataset()
    const id = await repositories.datasets.store(dataset)
    expect(await repositories.datasets.get('tiny')).toEqual({
      id,
      name: 'tiny',
      format: 'movielens-100k',
      source: '/data/tiny',
      createdAt: 1_700_000_000_000,
      users: 2,
      items: 3,
      ratings: 4,
      density: 4 / 6,
      scale: { min: 1, max: 5, positiveFrom: 4, negativeTo: 2 },
      timeKind: 'unix-seconds',
      fingerprint: 'f00d',
    })
    expect(await repositories.datasets.columns(id)).toEqual(dataset.columns)
    expect(await repositories.datasets.report(id)).toEqual(dataset.report())
    expect(await repositories.items.userIds(id)).toEqual(['7', '007'])
    expect(await read.all('SELECT user_index, item_index, rating, time FROM interactions ORDER BY rowid')).toEqual([
      { user_index: 0, item_index: 0, rating: 5, time: 1 },
      { user_index: 1, item_index: 0, rating: 4, time: 2.5 },
      { user_index: 0, item_index: 1, rating: 1, time: 3 },
      { user_index: 1, item_index: 1, rating: Math.fround(0.1), time: 2 ** 40 },
    ])
    expect(await read.all('SELECT attributes FROM users ORDER BY user_index')).toEqual([
      { attributes: '{"age":30}' },
      { attributes: null },
    ])
  })

  it('are found by number and by name, a name first', async () => {
    const { repositories } = await storageLab()
    const first = await repositories.datasets.store(tinyDataset())
    const second = await repositories.datasets.store(tinyDataset({ name: String(first) }))
    expect((await repositories.datasets.get(first)).id).toBe(first)
    expect((await repositories.datasets.get(String(first))).id).toBe(second)
    expect((await repositories.datasets.get(String(second))).id).toBe(second)
    await expect(repositories.datasets.get('nope')).rejects.toMatchObject({
      code: 'DATASET_NOT_FOUND',
      message: 'There is no data set named "nope". Run "palate datasets" to see those there are, or import one first.',
    })
    await expect(repositories.datasets.get(99)).rejects.toMatchObject({
      message: 'There is no data set number 99. Run "palate datasets" to see those there are, or import one first.',
    })
  })

  it('refuse a name that is taken, when storing and when renaming', async () => {
    const { repositories } = await storageLab()
    await repositories.datasets.store(tinyDataset())
    const other = await repositories.datasets.store(tinyDataset({ name: 'other' }))
    const taken = {
      code: 'DATASET_NAME_TAKEN',
      message: 'There is already a data set named "tiny". Choose another name, or remove that one first.',
    }
    await expect(repositories.datasets.store(tinyDataset())).rejects.toMatchObject(taken)
    await expect(repositories.datasets.rename(other, 'tiny')).rejects.toMatchObject(taken)
    await repositories.datasets.rename(other, 'other')
    expect((await repositories.datasets.list()).map((dataset) => dataset.name)).toEqual(['tiny', 'other'])
  })

  it('cannot be removed while runs use them; removing takes every row along', async () => {
    const { repositories, read } = await storageLab()
    const id = await repositories.datasets.store(tinyDataset())
    const [runId] = await repositories.runs.insert([newRun(id)])
    await expect(repositories.datasets.remove(id)).rejects.toMatchObject({
      code: 'DATASET_IN_USE',
      message: 'The data set "tiny" cannot be removed: 1 run uses it. Remove that run first.',
      details: { name: 'tiny', runs: 1 },
    })
    await repositories.runs.remove(runId!)
    expect(await repositories.datasets.remove(id)).toBe(true)
    expect(await repositories.datasets.remove(id)).toBe(false)
    for (const table of ['users', 'items', 'interactions', 'packed_interactions']) {
      expect(await read.get(`SELECT count(*) AS count FROM ${table}`)).toEqual({ count: 0 })
    }
  })

  it('leave nothing when they are cancelled half-way', async () => {
    const { repositories, read } = await storageLab()
    const rows = 25_000
    const columns = {
      userIndex: new Int32Array(rows),
      itemIndex: new Int32Array(rows),
      rating: new Float32Array(rows).fill(3),
      time: Float64Array.from({ length: rows }, (_, row) => row),
    }
    const controller = new AbortController()
    const storing = repositories.datasets.store(tinyDataset({ columns }), {
      signal: controller.signal,
      onProgress: (_stage, stored) => {
        if (stored >= 20_000) controller.abort()
      },
    })
    await expect(storing).rejects.toMatchObject({
      code: 'CANCELLED',
      message: 'The import of "tiny" was cancelled. Nothing of it was kept.',
    })
    expect(await repositories.datasets.list()).toEqual([])
    expect(await read.get('SELECT count(*) AS count FROM interactions')).toEqual({ count: 0 })
    // The indexes that were dropped for speed are back.
    expect(await indexesOf(read)).toEqual(['interactions_by_item', 'interactions_by_user'])
  })

  it('keep both indexes whether they were rebuilt or kept up to date, and use them', async () => {
    const { repositories, read } = await storageLab()
    const large = { ...tinyDataset().columns }
    await repositories.datasets.store(tinyDataset({ columns: large }))
    const short = (column: Int32Array | Float32Array | Float64Array) => column.slice(0, 1)
    const columns = {
      userIndex: short(large.userIndex) as Int32Array,
      itemIndex: short(large.itemIndex) as Int32Array,
      rating: short(large.rating) as Float32Array,
      time: short(large.time) as Float64Array,
    }
    await repositories.datasets.store(tinyDataset({ name: 'shorter', columns }))
    expect(await indexesOf(read)).toEqual(['interactions_by_item', 'interactions_by_user'])
    for (const [column, index] of [
      ['user_index', 'interactions_by_user'],
      ['item_index', 'interactions_by_item'],
    ]) {
      const plan = await read.all<{ detail: string }>(
        `EXPLAIN QUERY PLAN SELECT rating FROM interactions WHERE dataset_id = 1 AND ${column} = 0`,
      )
      expect(plan[0]!.detail).toBe(`SEARCH interactions USING INDEX ${index} (dataset_id=? AND ${column}=?)`)
    }
    expect(await read.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' })
  })
})

async function indexesOf(read: { all: <R>(sql: string) => Promise<R[]> }): Promise<string[]> {
  const rows = await read.all<{ name: string }>(
    `SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'interactions' ORDER BY name`,
  )
  return rows.map((row) => row.name)
}

describe('items', () => {
  const page = async (
    query: Partial<{ search: string; sort: 'ratings' | 'title' | 'meanRating'; offset: number; limit: number }>,
  ) => {
    const { repositories } = await storageLab()
    const id = await repositories.datasets.store(tinyDataset())
    return repositories.items.page(id, { search: '', sort: 'ratings', offset: 0, limit: 50, ...query })
  }

  it('come with their ratings and mean', async () => {
    expect(await page({})).toEqual({
      total: 3,
      rows: [
        {
          itemIndex: 0,
          itemId: 'a',
          title: 'Zebra (1999)',
          year: 1999,
          genres: ['Drama', 'Family'],
          attributes: null,
          ratings: 2,
          meanRating: 4.5,
        },
        {
          itemIndex: 1,
          itemId: 'b',
          title: 'apple 100%',
          year: null,
          genres: [],
          attributes: null,
          ratings: 2,
          meanRating: (1 + Math.fround(0.1)) / 2,
        },
        { itemIndex: 2, itemId: 'c', title: null, year: null, genres: [], attributes: null, ratings: 0, meanRating: null },
      ],
    })
  })

  it.each([
    [{ sort: 'title' }, ['b', 'a', 'c']],
    [{ sort: 'meanRating' }, ['a', 'b', 'c']],
    [{ search: 'ZEBRA' }, ['a']],
    [{ search: 'drama' }, ['a']],
    [{ search: '100%' }, ['b']],
    [{ search: '%' }, ['b']],
    [{ search: '_' }, []],
    [{ offset: 1, limit: 1 }, ['b']],
  ] as const)('are searched, sorted and paged by %j', async (query, ids) => {
    expect((await page(query)).rows.map((row) => row.itemId)).toEqual(ids)
  })
})

describe('packed columns', () => {
  it('come back bit by bit, also from bytes that lie askew', () => {
    const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
    const row = fc.tuple(int, int, fc.float({ noNaN: true }), fc.double({ noNaN: true }))
    fc.assert(
      fc.property(fc.array(row, { maxLength: 50 }), fc.integer({ min: 0, max: 7 }), (rows, shift) => {
        const columns = {
          userIndex: Int32Array.from(rows, (cells) => cells[0]),
          itemIndex: Int32Array.from(rows, (cells) => cells[1]),
          rating: Float32Array.from(rows, (cells) => cells[2]),
          time: Float64Array.from(rows, (cells) => cells[3]),
        }
        const askew = (bytes: Uint8Array) => {
          const moved = new Uint8Array(bytes.length + shift)
          moved.set(bytes, shift)
          return moved.subarray(shift)
        }
        const back = newColumns(rows.length)
        const cut = Math.min(rows.length, shift)
        for (const [start, end] of [
          [0, cut],
          [cut, rows.length],
        ] as const) {
          const packed = packColumns(columns, start, end)
          const blobs = {
            userIndex: askew(packed.userIndex),
            itemIndex: askew(packed.itemIndex),
            rating: askew(packed.rating),
            time: askew(packed.time),
          }
          expect(putPacked(back, start, blobs)).toBe(end)
        }
        expect(back).toEqual(columns)
      }),
    )
  })

  it('refuse bytes that are cut off, and more than there is room for', () => {
    const { columns } = tinyDataset()
    const bytes = packColumns(columns)
    expect(() => putPacked(newColumns(4), 0, { ...bytes, time: bytes.time.subarray(1) })).toThrow(
      'a packed column time of 31 bytes does not hold 4 rows',
    )
    expect(() => putPacked(newColumns(4), 0, { ...bytes, rating: bytes.rating.subarray(1) })).toThrow(
      'a packed column userIndex of 16 bytes does not hold 3 rows',
    )
    expect(() => putPacked(newColumns(4), 1, bytes)).toThrow(RangeError)
  })

  it('of many rows come back from their pieces, and so do the rows', async () => {
    const { repositories, read } = await storageLab()
    const size = 2 * CHUNK_ROWS + 5
    const columns = newColumns(size)
    for (let row = 0; row < size; row++) {
      columns.userIndex[row] = row % 7919
      columns.itemIndex[row] = (row * 31) % 4001
      columns.rating[row] = (row % 1000) / 7
      columns.time[row] = 1e9 + row * 1.25
    }
    const id = await repositories.datasets.store(tinyDataset({ columns }))
    expect(await repositories.datasets.columns(id)).toEqual(columns)
    const pieces = 'SELECT chunk, length(rating) / 4 AS rows FROM packed_interactions ORDER BY chunk'
    expect(await read.all(pieces)).toEqual([
      { chunk: 0, rows: CHUNK_ROWS },
      { chunk: 1, rows: CHUNK_ROWS },
      { chunk: 2, rows: 5 },
    ])
    for (const row of [0, 9999, 10_000, CHUNK_ROWS - 1, CHUNK_ROWS, size - 1]) {
      expect(await read.get('SELECT user_index, item_index, rating, time FROM interactions WHERE rowid = ?', [row + 1])).toEqual({
        user_index: columns.userIndex[row],
        item_index: columns.itemIndex[row],
        rating: columns.rating[row],
        time: columns.time[row],
      })
    }
    expect(await read.get('SELECT count(*) AS count FROM interactions')).toEqual({ count: size })
    expect(await read.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' })
  })

  it('of a data set without ratings are empty', async () => {
    const { repositories } = await storageLab()
    const id = await repositories.datasets.store(tinyDataset({ columns: newColumns(0) }))
    expect(await repositories.datasets.columns(id)).toEqual(newColumns(0))
    await expect(repositories.datasets.columns(id + 1)).rejects.toMatchObject({ code: 'DATASET_NOT_FOUND' })
  })
})

describe('rows as binary JSON', () => {
  it('are what SQLite makes of them, bit by bit, whatever the numbers', async () => {
    const { read } = await storageLab()
    const index = fc.integer({ min: 0, max: 2 ** 31 - 1 })
    const time = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
      fc.constantFrom(0, -1, 9, 10, 99, 100, 2 ** 31 - 1, 2 ** 31, 2 ** 53, 1e21, 5e-324, -2.2250738585072014e-308),
    )
    const row = fc.tuple(index, index, fc.float({ noNaN: true, noDefaultInfinity: true }), time)
    const rows = new JsonbRows()
    const sql = `SELECT value ->> 0 AS userIndex, value ->> 1 AS itemIndex, value ->> 2 AS rating, value ->> 3 AS time
                 FROM jsonb_each(?)`
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), async (cells) => {
        const columns = {
          userIndex: Int32Array.from(cells, ([user]) => user),
          itemIndex: Int32Array.from(cells, ([, item]) => item),
          rating: Float32Array.from(cells, ([, , rating]) => rating),
          time: Float64Array.from(cells, ([, , , at]) => at),
        }
        const bytes = rows.encode(columns, 0, cells.length)
        expect(await read.get('SELECT json_valid(?, 8) AS valid', [bytes])).toEqual({ valid: 1 })
        const found = await read.all<Record<'userIndex' | 'itemIndex' | 'rating' | 'time', number>>(sql, [bytes])
        // SQLite knows no minus zero in a whole number.
        const plain = (value: number) => (value === 0 ? 0 : value)
        const expected = cells.map((_, at) => ({
          userIndex: columns.userIndex[at]!,
          itemIndex: columns.itemIndex[at]!,
          rating: plain(columns.rating[at]!),
          time: plain(columns.time[at]!),
        }))
        expect(found).toEqual(expected)
      }),
      { numRuns: 200 },
    )
  })
})

describe('storing', () => {
  const cacheSize = (write: WritableDatabase) => write.transaction((tx) => tx.get('PRAGMA cache_size'))

  it("leaves SQLite's cache as it was, also when it is cancelled", async () => {
    const { repositories, write } = await storageLab()
    const before = await cacheSize(write)
    await repositories.datasets.store(tinyDataset())
    expect(await cacheSize(write)).toEqual(before)
    const controller = new AbortController()
    const storing = repositories.datasets.store(tinyDataset({ name: 'cancelled' }), {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    })
    await expect(storing).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(await cacheSize(write)).toEqual(before)
  })
})
