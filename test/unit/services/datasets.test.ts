import { execFileSync } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ImportProgress } from '../../../src-main/contract/dto/dataset.ts'
import { readers } from '../../../src-main/engine/data/readers/catalogue.gen.ts'
import { createDatasetHandlers } from '../../../src-main/services/datasets.ts'
import { suggestedName } from '../../../src-main/services/datasets/detect-format.ts'
import { openWorkspace } from '../../../src-main/services/workspace.ts'
import { makeZip } from '../../support/make-zip.ts'
import { newRun } from '../../support/storage-lab.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const ITEMS = '1|Toy Story (1995)|01-Jan-1995||x|0|0|1\n2|GoldenEye (1995)|01-Jan-1995||x|0|1|0\n'
const RATINGS = '1\t1\t5\t881250949\n1\t2\t2\t881250950\n2\t1\t4\t881250951\n3\t2\t3\t881250952\n'

async function lab() {
  const folder = await tempFolder()
  const workspace = await openWorkspace(join(folder, 'workspace'))
  onTestFinished(() => workspace.close())
  const datasets = createDatasetHandlers(workspace)
  /** Imports and gives the last event. */
  const run = async (path: string, options: { name?: string; format?: string; onBadRow?: 'fail' | 'skip' } = {}) => {
    const events: ImportProgress[] = []
    for await (const event of datasets.import({ path, onBadRow: 'fail', ...options }, {})) events.push(event)
    const last = events.at(-1)
    if (last?.kind !== 'finished') throw new Error('the import did not finish')
    return { ...last, events }
  }
  const source = async (files: Record<string, string> = { 'u.data': RATINGS, 'u.item': ITEMS }, name = 'mini') => {
    await mkdir(join(folder, name), { recursive: true })
    for (const [file, content] of Object.entries(files)) await writeFile(join(folder, name, file), content)
    return join(folder, name)
  }
  return { folder, workspace, datasets, run, source }
}

describe('importing', () => {
  it('makes a data set named after its folder, with a report', async () => {
    const { datasets, run, source } = await lab()
    const path = await source()
    const { dataset, report } = await run(path)
    expect(dataset).toMatchObject({
      name: 'mini',
      format: 'movielens-100k',
      source: path,
      users: 3,
      items: 2,
      ratings: 4,
      density: 4 / 6,
      timeKind: 'unix-seconds',
    })
    expect(dataset.fingerprint).toMatch(/^[0-9a-f]{64}$/)
    expect(report).toMatchObject({ read: 4, accepted: 4, rejected: 0, duplicates: 0, rejectedRows: [] })
    expect(report.durationMs).toBeGreaterThan(0)
    expect(await datasets.list(undefined, {})).toEqual([dataset])
  })

  it('gives the same ratings the same fingerprint: from folder, zip and with another name', async () => {
    const { folder, run, source } = await lab()
    const zip = join(folder, 'mini.zip')
    await writeFile(
      zip,
      makeZip([
        { name: '__MACOSX/._u.data', content: 'x' },
        { name: 'ml/', stored: true },
        { name: 'ml/u.data', content: RATINGS },
        { name: 'ml/u.item', content: ITEMS, stored: true },
      ]),
    )
    const fromFolder = (await run(await source(), { name: 'a' })).dataset
    const fromZip = (await run(zip, { name: 'b' })).dataset
    const other = (await run(await source({ 'u.data': RATINGS.replace('5', '4'), 'u.item': ITEMS }, 'other'))).dataset
    expect(fromZip.fingerprint).toBe(fromFolder.fingerprint)
    expect(other.fingerprint).not.toBe(fromFolder.fingerprint)
  })

  it('finds the titles beside a ratings file that somebody pointed at', async () => {
    const { datasets, run, source } = await lab()
    const { dataset } = await run(join(await source(), 'u.data'))
    expect(dataset).toMatchObject({ name: 'mini', items: 2 })
    const query = { dataset: 'mini', search: '', sort: 'title', offset: 0, limit: 10 } as const
    expect((await datasets.items(query, {})).rows.map((item) => item.title)).toEqual(['GoldenEye (1995)', 'Toy Story (1995)'])
  })

  it('lists what it left out when told to skip', async () => {
    const { datasets, run, source } = await lab()
    const { dataset, report } = await run(await source({ 'u.data': `${RATINGS}1\t9\t5\t1\n` }), { onBadRow: 'skip' })
    expect(dataset.ratings).toBe(5)
    const withItems = await source({ 'u.data': `${RATINGS}1\t9\t5\t1\nx\n1\t1\t1\t881250999\n`, 'u.item': ITEMS }, 'with-items')
    const second = await run(withItems, { onBadRow: 'skip' })
    expect(second.report).toMatchObject({ read: 7, accepted: 4, rejected: 2, duplicates: 1 })
    expect(second.report.rejectedRows.map(({ line, reason }) => [line, reason])).toEqual([
      [5, 'the item id "9" does not stand in u.item'],
      [6, 'it has 1 field instead of 4 (user id, item id, rating, time)'],
    ])
    expect((await datasets.get({ dataset: second.dataset.id }, {})).report).toEqual(second.report)
    expect(report.rejected).toBe(0)
  })

  it.each([
    ['a broken line', { 'u.data': `${RATINGS}1\t1\n`, 'u.item': ITEMS }, 'ROW_INVALID'],
    ['an unknown item', { 'u.data': `${RATINGS}1\t77\t3\t1\n`, 'u.item': ITEMS }, 'ROW_INVALID'],
    ['a rating outside the scale', { 'u.data': `${RATINGS}1\t1\t6\t1\n`, 'u.item': ITEMS }, 'ROW_INVALID'],
    ['an empty ratings file', { 'u.data': '', 'u.item': ITEMS }, 'FILE_EMPTY'],
    ['no known format', { 'letter.txt': 'Dear Sir', 'note.txt': 'x' }, 'FORMAT_UNKNOWN'],
  ])('refuses %s and keeps nothing', async (_what, files, code) => {
    const { datasets, run, source } = await lab()
    await expect(run(await source(files))).rejects.toMatchObject({ code })
    expect(await datasets.list(undefined, {})).toEqual([])
  })

  it('says what it can read when it cannot read this', async () => {
    const { run, source } = await lab()
    const path = await source({ 'letter.txt': 'Dear Sir' })
    await expect(run(path)).rejects.toMatchObject({
      message: `No known format fits ${path}. Palate reads: ${readers.map(({ title, id }) => `${title} (${id})`).join(', ')}. Choose the folder, zip or ratings file of one of these, or name the format.`,
    })
    await expect(run(path, { format: 'netflix' })).rejects.toMatchObject({
      code: 'FORMAT_UNKNOWN',
      message: `There is no format "netflix". Known formats: ${readers.map(({ id }) => id).join(', ')}.`,
    })
  })

  it('says that there is nothing at a wrong path', async () => {
    const { folder, run } = await lab()
    await expect(run(join(folder, 'nope'))).rejects.toMatchObject({
      code: 'PATH_NOT_FOUND',
      message: `There is nothing at ${join(folder, 'nope')}. Check the path and your permission to read it.`,
    })
  })

  it('refuses a name that is taken before it reads anything', async () => {
    const { run, source } = await lab()
    const path = await source()
    await run(path)
    await writeFile(join(path, 'u.data'), `${RATINGS}broken`)
    await expect(run(path)).rejects.toMatchObject({ code: 'DATASET_NAME_TAKEN', details: { name: 'mini' } })
  })

  it('never opens a device or a pipe that lies in the folder', async () => {
    const { run, source } = await lab()
    const path = await source()
    execFileSync('mkfifo', [join(path, 'u.user')])
    await symlink('/dev/zero', join(path, 'u.genre'))
    expect((await run(path)).dataset.ratings).toBe(4)
    await expect(run('/dev/zero')).rejects.toMatchObject({
      code: 'INPUT_REFUSED',
      message: '/dev/zero is neither a file nor a folder. Choose a folder, a zip or a file.',
    })
  })
})

describe('an import that is followed', () => {
  const large = () =>
    Array.from(
      { length: 150_000 },
      (_, row) => `${(row % 1000) + 1}\t${Math.floor(row / 1000) + 1}\t3\t${881_250_949 + row}\n`,
    ).join('')

  it('tells its progress, at most ten times a second', async () => {
    const { run, source } = await lab()
    const startedAt = performance.now()
    const { events, dataset } = await run(await source({ 'u.data': large() }))
    const elapsedMs = performance.now() - startedAt
    expect(dataset.ratings).toBe(150_000)
    const progress = events.filter((event) => event.kind === 'progress')
    expect(progress.length).toBeGreaterThan(0)
    expect(progress.length).toBeLessThanOrEqual(elapsedMs / 100 + 1)
    for (const event of progress) {
      expect(event.bytesRead).toBeLessThanOrEqual(event.bytesTotal)
      expect(event.rows).toBeLessThanOrEqual(150_000)
    }
  })

  it('stops and keeps nothing when its follower leaves', async () => {
    const { datasets, source, workspace } = await lab()
    for await (const event of datasets.import({ path: await source({ 'u.data': large() }), onBadRow: 'fail' }, {})) {
      if (event.kind === 'finished') throw new Error('finished before it could be cancelled')
      if (event.stage !== 'detecting') break
    }
    expect(await datasets.list(undefined, {})).toEqual([])
    // The transaction is over: others can write.
    await workspace.repositories.settings.set({ theme: 'dark' })
  })

  it('stops with CANCELLED when the signal is aborted', async () => {
    const { datasets, source } = await lab()
    const controller = new AbortController()
    const path = await source({ 'u.data': large() })
    const follow = async () => {
      for await (const event of datasets.import({ path, onBadRow: 'fail' }, { signal: controller.signal })) {
        if (event.kind === 'progress') controller.abort()
      }
    }
    await expect(follow()).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(await datasets.list(undefined, {})).toEqual([])
  })
})

describe('a data set', () => {
  it('is described by histogram, feedback, popularity and activity', async () => {
    const { datasets, run, source } = await lab()
    const { dataset } = await run(await source())
    expect(await datasets.get({ dataset: 'mini' }, {})).toMatchObject({
      ...dataset,
      ratingHistogram: [
        { from: 2, to: 2, count: 1 },
        { from: 3, to: 3, count: 1 },
        { from: 4, to: 4, count: 1 },
        { from: 5, to: 5, count: 1 },
      ],
      meanRating: 3.5,
      positives: 2,
      negatives: 1,
      itemPopularity: [
        { rank: 1, count: 2 },
        { rank: 2, count: 2 },
      ],
      userActivity: [
        { rank: 1, count: 2 },
        { rank: 2, count: 1 },
        { rank: 3, count: 1 },
      ],
      runs: 0,
    })
  })

  it('changes its name and its scale; training sees the new scale at once', async () => {
    const { datasets, run, source, workspace } = await lab()
    const { dataset } = await run(await source())
    expect((await datasets.rename({ dataset: dataset.id, name: 'Other' }, {})).name).toBe('Other')
    const before = await workspace.loadInteractions(dataset.id)
    expect(before).toMatchObject({ size: 4, userCount: 3, itemCount: 2, timeKind: 'unix-seconds' })
    const scale = { min: 1, max: 5, positiveFrom: 3, negativeTo: 1 }
    expect((await datasets.setScale({ dataset: 'Other', scale }, {})).scale).toEqual(scale)
    const after = await workspace.loadInteractions(dataset.id)
    expect(after.scale).toEqual(scale)
    // The columns are kept in memory, not read again.
    expect(after.rating).toBe(before.rating)
    expect((await datasets.get({ dataset: 'Other' }, {})).positives).toBe(3)
  })

  it('is removed, unless runs use it', async () => {
    const { datasets, run, source, workspace } = await lab()
    const { dataset } = await run(await source())
    const [runId] = await workspace.repositories.runs.insert([newRun(dataset.id), newRun(dataset.id, { seed: 2 })])
    await expect(datasets.remove({ dataset: 'mini' }, {})).rejects.toMatchObject({
      code: 'DATASET_IN_USE',
      message: 'The data set "mini" cannot be removed: 2 runs use it. Remove those runs first.',
    })
    for (const id of [runId!, runId! + 1]) await workspace.repositories.runs.remove(id)
    expect(await datasets.remove({ dataset: 'mini' }, {})).toEqual({ removed: true })
    await expect(datasets.get({ dataset: 'mini' }, {})).rejects.toMatchObject({ code: 'DATASET_NOT_FOUND' })
  })

  it('shows its items', async () => {
    const { datasets, run, source } = await lab()
    await run(await source())
    const query = { dataset: 'mini', search: 'toy', sort: 'ratings', offset: 0, limit: 10 } as const
    expect((await datasets.items(query, {})).rows.map((item) => item.title)).toEqual(['Toy Story (1995)'])
  })
})

describe('the sample lab', () => {
  it('is made once per name and seed, also when asked for twice at the same moment', async () => {
    const { datasets } = await lab()
    const [first, second] = await Promise.all([1, 2].map(() => datasets.createSampleLab({ seed: 1, name: 'Sample lab' }, {})))
    expect(second).toEqual(first)
    expect(first).toMatchObject({ users: 300, items: 400, ratings: 20_000, source: 'sample lab, seed 1', format: 'sample-lab' })
    const other = await datasets.createSampleLab({ seed: 2, name: 'Second lab' }, {})
    expect(other.fingerprint).not.toBe(first!.fingerprint)
    expect(await datasets.list(undefined, {})).toHaveLength(2)
  })

  it('does not pass off another data set of its name as itself', async () => {
    const { datasets } = await lab()
    await datasets.createSampleLab({ seed: 1, name: 'Sample lab' }, {})
    await expect(datasets.createSampleLab({ seed: 2, name: 'Sample lab' }, {})).rejects.toMatchObject({
      code: 'DATASET_NAME_TAKEN',
    })
  })
})

describe('detecting', () => {
  it.each([
    ['/data/ml-100k', 'ml-100k'],
    ['/data/ml-100k.zip', 'ml-100k'],
    ['/data/ml-100k/u.data', 'ml-100k'],
    ['/data/ml-1m/ratings.dat', 'ml-1m'],
    ['/data/ml-1m/ratings.rank-as-time.dat', 'ml-1m'],
    ['/data/mine.csv', 'mine'],
    ['/data/Musical_Instruments_5.json.gz', 'Musical_Instruments_5'],
    ['/data/ml-100k.inter', 'ml-100k'],
    ['/', 'Data set'],
    [`/data/${'x'.repeat(250)}`, 'x'.repeat(200)],
  ])('suggests a name for %s', (path, name) => {
    expect(suggestedName(path)).toBe(name)
  })

  it('names the reader, how sure it is, and a name for the data set', async () => {
    const { datasets, source } = await lab()
    const found = await datasets.detect({ path: await source() }, {})
    expect(found).toMatchObject({ format: 'movielens-100k', title: 'MovieLens 100k', suggestedName: 'mini' })
    expect(found.confidence).toBeGreaterThan(0.9)
    expect(found.confidence).toBeLessThanOrEqual(1)
    expect((await datasets.formats(undefined, {})).map((format) => format.id)).toEqual(readers.map(({ id }) => id))
  })
})
