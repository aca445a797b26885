import { createHash } from 'node:crypto'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { request } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { contract } from '../../../src-main/contract/api/contract.ts'
import type { DownloadProgress } from '../../../src-main/contract/dto/download.ts'
import type { PalateError } from '../../../src-main/contract/errors.ts'
import { validated } from '../../../src-main/hosts/cli/validated.ts'
import { createDatasetHandlers } from '../../../src-main/services/datasets.ts'
import type { DataSource } from '../../../src-main/services/datasets/download/data-source.ts'
import { withFolderErrors } from '../../../src-main/services/datasets/download/download-errors.ts'
import { httpsNetwork, type Network } from '../../../src-main/services/datasets/download/network.ts'
import { sources } from '../../../src-main/services/datasets/download/sources/catalogue.gen.ts'
import { openWorkspace } from '../../../src-main/services/workspace.ts'
import { movieLensZip, plainNetwork, sourceAt, startFileServer, type FileServer } from '../../support/file-server.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const zip = movieLensZip()
/** About a third of the zip. */
const some = 65_536

async function lab(change: Partial<DataSource> = {}, network: Network = plainNetwork) {
  const server = await startFileServer(zip)
  const workspace = await openWorkspace(join(await tempFolder(), 'workspace'))
  onTestFinished(() => workspace.close())
  const source = sourceAt(server, change)
  const datasets = createDatasetHandlers(workspace, undefined, { sources: [source], network })
  const folder = join(workspace.folder, 'downloads')
  const start = (signal?: AbortSignal, name?: string) =>
    datasets.download({ source: 'ml-100k', accepted: true, ...(name === undefined ? {} : { name }) }, { signal })
  const get = async (name?: string): Promise<DownloadProgress[]> => {
    const events: DownloadProgress[] = []
    for await (const event of start(undefined, name)) events.push(event)
    return events
  }
  /** Code, message and details of what the download fails with. */
  const failure = async () => {
    const error = await get().then(
      () => {
        throw new Error('the download succeeded')
      },
      (error: PalateError) => error,
    )
    return { code: error.code, message: error.message, details: error.details }
  }
  return { server, workspace, datasets, folder, start, get, failure, left: () => readdir(folder).catch(() => []) }
}

const received = async ({ datasets }: Awaited<ReturnType<typeof lab>>) =>
  (await datasets.downloadable(undefined, {}))[0]!.receivedBytes

/** A lab in which the connection was cut after `some` bytes had arrived. */
async function cutLab(manners: Partial<FileServer['manners']> = {}) {
  const made = await lab()
  Object.assign(made.server.manners, { stallAfter: some, ...manners })
  const first = await (async () => {
    for await (const event of made.start()) if (event.kind === 'download' && event.bytesReceived === some) made.server.cut()
    throw new Error('the download succeeded')
  })().catch((error: PalateError) => error)
  made.server.manners.stallAfter = undefined
  return { ...made, first }
}

describe('getting a data set', () => {
  it('downloads, verifies and imports it, and keeps nothing but the data set with its terms and citation', async () => {
    const { server, datasets, get, left } = await lab()
    server.manners.paceMs = 20
    const events = await get()
    const last = events.at(-1)
    if (last?.kind !== 'finished') throw new Error('it did not finish')
    expect(last.dataset).toMatchObject({
      name: 'ml-100k',
      format: 'movielens-100k',
      source: `${server.url}/datasets/ml-100k.zip`,
      users: 12,
      items: 10,
      ratings: 120,
    })
    expect(events[0]).toMatchObject({ kind: 'download', stage: 'downloading', bytesTotal: zip.length, resumedFrom: 0 })
    expect(server.asked).toEqual(['/datasets/ml-100k.zip whole'])
    expect(server.sent()).toBe(zip.length)
    expect(await left()).toEqual([])
    const { notes } = await datasets.notes({ dataset: 'ml-100k' }, {})
    const sha256 = createHash('sha256').update(zip).digest('hex')
    expect(notes.replace(/on \d{4}-\d\d-\d\d/, 'on DAY')).toBe(
      [
        `MovieLens 100k, downloaded on DAY from ${server.url}/datasets/ml-100k.zip (SHA-256 ${sha256}).`,
        'Its terms were accepted: https://files.grouplens.org/datasets/movielens/ml-100k-README.txt',
        'To be cited: Harper and Konstan. 2015. https://doi.org/10.1145/2827872',
      ].join('\n'),
    )
  })

  it('is refused before anything is fetched when the terms are not accepted', async () => {
    for (const accepted of [undefined, false, 'yes'])
      await expect(validated(contract.datasets.download, { source: 'ml-100k', accepted })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        details: {
          issues: [{ path: 'accepted', message: 'The licence must be accepted: read it first, then send accepted: true.' }],
        },
      })
  })

  it('tells of the whole file how much has come, how fast and how long yet', async () => {
    const made = await lab()
    made.server.manners.stallAfter = some
    const cancel = new AbortController()
    for await (const event of made.start(cancel.signal)) {
      if (event.kind !== 'download' || event.bytesPerSecond === null) continue
      expect(event).toMatchObject({ stage: 'downloading', bytesReceived: some, bytesTotal: zip.length, resumedFrom: 0 })
      expect(event.remainingMs! / 1000).toBeCloseTo((zip.length - some) / event.bytesPerSecond, 3)
      break
    }
    cancel.abort()
  })

  it('does not ask the network when the name is taken', async () => {
    const { server, get, failure } = await lab()
    await get()
    expect(await failure()).toMatchObject({ code: 'DATASET_NAME_TAKEN', details: { name: 'ml-100k' } })
    expect(server.asked).toHaveLength(1)
    expect((await get('again')).at(-1)).toMatchObject({ kind: 'finished', dataset: { name: 'again' } })
  })

  it('knows only what is in its list', async () => {
    const { datasets } = await lab()
    await expect(datasets.download({ source: 'ml-9', accepted: true }, {}).next()).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: 'There is nothing called "ml-9" to get. Palate can get ml-100k.',
    })
  })

  it('is done once at a time', async () => {
    const { server, start, failure } = await lab()
    server.manners.stallAfter = some
    const first = start()
    await first.next()
    expect(await failure()).toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: 'ml-100k.zip was not downloaded: it is being downloaded already. Wait for that, or cancel it there.',
    })
    await first.return()
  })
})

describe('going on', () => {
  it('after a cut asks for the rest only', async () => {
    const made = await cutLab()
    expect(made.first).toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: 'ml-100k.zip was not downloaded: the connection was cut after 0.1 MB. Start it again: it goes on from there.',
      details: {
        url: `${made.server.url}/datasets/ml-100k.zip`,
        reason: 'the connection was cut after 0.1 MB',
        keptBytes: some,
      },
    })
    expect(await received(made)).toBe(some)
    const events = await made.get()
    expect(events.at(-1)).toMatchObject({ kind: 'finished', dataset: { ratings: 120 } })
    expect(made.server.asked).toEqual(['/datasets/ml-100k.zip whole', `/datasets/ml-100k.zip bytes=${some}-`])
    expect(made.server.sent()).toBe(zip.length)
    expect(await made.left()).toEqual([])
  })

  it('goes by the date where the server has no tag', async () => {
    const made = await cutLab({ etag: undefined, lastModified: 'Wed, 26 Sep 2018 21:50:12 GMT' })
    await made.get()
    expect(made.server.sent()).toBe(zip.length)
  })

  it('begins anew when the file has another tag by now', async () => {
    const made = await cutLab()
    made.server.manners.etag = '"two"'
    await made.get()
    expect(made.server.asked[1]).toBe(`/datasets/ml-100k.zip bytes=${some}-`)
    expect(made.server.sent()).toBe(some + zip.length)
  })

  it('begins anew when the server sends the rest of another file', async () => {
    const made = await cutLab()
    Object.assign(made.server.manners, { etag: '"two"', heedsIfRange: false })
    await made.get()
    expect(made.server.asked.map((line) => line.split(' ')[1])).toEqual(['whole', `bytes=${some}-`, 'whole'])
    expect((await made.datasets.list(undefined, {}))[0]).toMatchObject({ ratings: 120 })
  })

  it('begins anew when the file has become shorter than what is here', async () => {
    const made = await cutLab()
    made.server.manners.heedsIfRange = false
    made.server.manners.file = zip.subarray(0, 1000)
    expect((await made.failure()).details).toMatchObject({
      reason: 'its checksum is not the one published, so it is damaged or another file',
    })
    expect(made.server.asked.map((line) => line.split(' ')[1])).toEqual(['whole', `bytes=${some}-`, 'whole'])
  })

  it('begins anew with a server that sends no parts', async () => {
    const made = await cutLab({ ranges: false })
    expect((await made.get()).at(-1)).toMatchObject({ kind: 'finished' })
    expect(made.server.sent()).toBe(some + zip.length)
  })

  it.each([
    ['neither tag nor date', { etag: undefined }],
    ['a weak tag only', { etag: 'W/"one"' }],
  ])('keeps nothing of a file with %s', async (_what, manners) => {
    const made = await cutLab(manners)
    expect(made.first.message).toBe(
      'ml-100k.zip was not downloaded: the connection was cut after 0.1 MB. Start it again: from the beginning, since nothing of it could be kept.',
    )
    expect(await made.left()).toEqual([])
    await made.get()
    expect(made.server.asked[1]).toBe('/datasets/ml-100k.zip whole')
  })

  it('needs no network for a file that is all there: only its import failed', async () => {
    const made = await lab()
    made.server.manners.paceMs = 20
    const download = made.start()
    await download.next()
    await made.datasets.createSampleLab({ seed: 1, name: 'ml-100k' }, {})
    await expect(async () => {
      for await (const event of download) expect(event.kind).not.toBe('finished')
    }).rejects.toMatchObject({ code: 'DATASET_NAME_TAKEN' })
    expect(await received(made)).toBe(zip.length)
    await made.server.close()
    expect((await made.get('mine')).at(-1)).toMatchObject({ kind: 'finished', dataset: { name: 'mine', ratings: 120 } })
    expect(await made.left()).toEqual([])
  })
})

describe('cancelling', () => {
  it('stops at once, and keeps what has come for the next time', async () => {
    const made = await lab()
    made.server.manners.stallAfter = some
    const cancel = new AbortController()
    const events: DownloadProgress[] = []
    const error = await (async () => {
      for await (const event of made.start(cancel.signal)) {
        events.push(event)
        if (event.kind === 'download' && event.bytesReceived === some) cancel.abort()
      }
    })().catch((error: PalateError) => error)
    expect(error).toMatchObject({
      code: 'CANCELLED',
      message: 'The download of ml-100k.zip was cancelled. 0.1 MB are kept: the next download goes on from there.',
    })
    expect(await received(made)).toBe(some)
    expect(await made.datasets.list(undefined, {})).toEqual([])
    made.server.manners.stallAfter = undefined
    await made.get()
    expect(made.server.sent()).toBe(zip.length)
  })

  it('before the first byte leaves nothing', async () => {
    const made = await lab()
    made.server.manners.stallAfter = 0
    const download = made.start()
    expect((await download.next()).value).toMatchObject({ kind: 'download', stage: 'connecting', bytesReceived: 0 })
    await download.return()
    expect(await made.left()).toEqual([])
    expect(await made.datasets.list(undefined, {})).toEqual([])
  })
})

describe('what is not the file', () => {
  it('a wrong checksum: thrown away, not imported', async () => {
    const { failure, left, datasets } = await lab({ sha256: '0'.repeat(64) })
    expect(await failure()).toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message:
        'ml-100k.zip was not downloaded: its checksum is not the one published, so it is damaged or another file. It was thrown away. Start again; if that does not help, see https://grouplens.org/datasets/movielens/100k/ whether there is a new one.',
    })
    expect(await left()).toEqual([])
    expect(await datasets.list(undefined, {})).toEqual([])
  })

  it.each(['MD5 (ml-100k.zip) = %', '%  ml-100k.zip\n'])('a later edition is known by the MD5 beside it: %s', async (form) => {
    const { server, get } = await lab({ sha256: '0'.repeat(64), changes: true })
    server.manners.md5 = form.replace('%', createHash('md5').update(zip).digest('hex').toUpperCase())
    expect((await get()).at(-1)).toMatchObject({ kind: 'finished' })
    expect(server.asked).toEqual(['/datasets/ml-100k.zip whole', '/datasets/ml-100k.zip.md5 whole'])
  })

  it.each([
    ['another MD5', '0e33842e24a9c977be4e0107933c0723'],
    ['no MD5', undefined],
    ['a page', 'x'.repeat(5000)],
  ])('an edition beside which there is %s is thrown away', async (_what, md5) => {
    const { server, failure, left } = await lab({ sha256: '0'.repeat(64), changes: true })
    server.manners.md5 = md5
    expect((await failure()).code).toBe('DOWNLOAD_FAILED')
    expect(await left()).toEqual([])
  })

  it('a file that never changes is not looked up', async () => {
    const { server, failure } = await lab({ sha256: '0'.repeat(64) })
    server.manners.md5 = createHash('md5').update(zip).digest('hex')
    await failure()
    expect(server.asked).toHaveLength(1)
  })

  it.each([
    [404, '127.0.0.1 has it no longer (404). See https://grouplens.org/datasets/movielens/100k/ where it is now.'],
    [500, '127.0.0.1 has a fault of its own (500). Try again later.'],
    [
      403,
      '127.0.0.1 refuses it (403). Try again later, or get it by hand from https://grouplens.org/datasets/movielens/100k/ and import the file.',
    ],
    [
      206,
      '127.0.0.1 refuses it (206). Try again later, or get it by hand from https://grouplens.org/datasets/movielens/100k/ and import the file.',
    ],
  ])('status %i', async (status, text) => {
    const { server, failure, left } = await lab()
    server.manners.answer = { status }
    expect(await failure()).toMatchObject({ code: 'DOWNLOAD_FAILED', message: `ml-100k.zip was not downloaded: ${text}` })
    expect(await left()).toEqual([])
  })

  it('a fault of the server leaves the part that was there', async () => {
    const made = await cutLab()
    made.server.manners.answer = { status: 503 }
    expect((await made.failure()).details).toMatchObject({ keptBytes: some })
    expect(await received(made)).toBe(some)
  })

  it('a redirect to another host is not followed: nothing is asked there', async () => {
    const other = await startFileServer(zip)
    const { server, failure } = await lab()
    server.manners.answer = { status: 302, headers: { location: `${other.url}/datasets/ml-100k.zip` } }
    expect(await failure()).toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: `ml-100k.zip was not downloaded: 127.0.0.1 leads on to ${other.url}, which Palate does not follow. Get it by hand from https://grouplens.org/datasets/movielens/100k/ and import the file.`,
    })
    expect(other.asked).toEqual([])
  })

  it.each([
    ['another scheme', 'https://127.0.0.1/x', 'leads on to https://127.0.0.1, which Palate does not follow'],
    ['a file', 'file:///etc/passwd', 'leads on to null, which Palate does not follow'],
    ['no place', undefined, 'leads on to nowhere, which Palate does not follow'],
    ['itself', '/datasets/ml-100k.zip', 'leads on in a circle'],
  ])('a redirect to %s', async (_what, location, reason) => {
    const { server, failure } = await lab()
    server.manners.answer = { status: 301, headers: location === undefined ? {} : { location } }
    expect((await failure()).details).toMatchObject({ reason: `127.0.0.1 ${reason}` })
    expect(server.asked.length).toBeLessThanOrEqual(4)
  })

  it('a redirect within the host is followed', async () => {
    const made = await lab({ url: '' })
    const { server } = made
    const moved = sourceAt(server, { url: `${server.url}/old` })
    let asked = 0
    const network: Network = {
      ...plainNetwork,
      request: (url, options) => {
        server.manners.answer = asked++ === 0 ? { status: 308, headers: { location: '/datasets/ml-100k.zip' } } : undefined
        return request(url, options)
      },
    }
    const datasets = createDatasetHandlers(made.workspace, undefined, { sources: [moved], network })
    for await (const event of datasets.download({ source: 'ml-100k', accepted: true }, {}))
      if (event.kind === 'finished') expect(event.dataset.ratings).toBe(120)
    expect(server.asked).toEqual(['/old whole', '/datasets/ml-100k.zip whole'])
  })

  it('a file that says it is far too large is not begun', async () => {
    const { server, failure } = await lab({ bytes: some })
    expect(await failure()).toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message:
        'ml-100k.zip was not downloaded: the server sends 0.2 MB or more where 0.1 MB are expected. See https://grouplens.org/datasets/movielens/100k/ what has become of it.',
    })
    expect(server.asked).toHaveLength(1)
  })

  it('a stream without an end is left at twice the expected size', async () => {
    const { server, failure, left } = await lab({ bytes: 16_384 })
    server.manners.chunked = true
    expect((await failure()).details).toMatchObject({ reason: 'the server sends 0.0 MB or more where 0.0 MB are expected' })
    expect(await left()).toEqual([])
  })

  it('a file of no stated length is as good', async () => {
    const { server, get } = await lab()
    Object.assign(server.manners, { chunked: true, etag: undefined })
    expect((await get()).at(-1)).toMatchObject({ kind: 'finished', dataset: { ratings: 120 } })
  })
})

describe('without a connection', () => {
  const advice =
    'Try again later, or get ml-100k.zip from https://grouplens.org/datasets/movielens/100k/ on a computer with a network and import the file. The sample lab needs no network.'

  it('refused: says so, and what can be done without', async () => {
    const { server, failure, left } = await lab()
    await server.close()
    expect(await failure()).toEqual({
      code: 'NETWORK_UNREACHABLE',
      message: `127.0.0.1 cannot be reached: the connection was refused. ${advice}`,
      details: { url: `${server.url}/datasets/ml-100k.zip`, reason: 'the connection was refused' },
    })
    expect(await left()).toEqual([])
  })

  it('no such name, over the real way out', async () => {
    const { failure } = await lab({ url: 'https://files.grouplens.invalid/ml-100k.zip' }, httpsNetwork)
    expect((await failure()).message).toBe(
      `files.grouplens.invalid cannot be reached: its name could not be resolved, so there seems to be no network here. ${advice}`,
    )
  })

  it.each([
    [
      'CERT_HAS_EXPIRED',
      'its certificate was not accepted (CERT_HAS_EXPIRED): it has expired, the clock of this computer is wrong, or something between them listens in',
    ],
    [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'its certificate was not accepted (DEPTH_ZERO_SELF_SIGNED_CERT): it has expired, the clock of this computer is wrong, or something between them listens in',
    ],
    ['ENETUNREACH', 'there is no way to it from this network'],
    ['EWHATEVER', 'something else'],
  ])('%s', async (code, reason) => {
    const network: Network = {
      ...plainNetwork,
      request: (url, options) => request(url, options).destroy(Object.assign(new Error('something else'), { code })),
    }
    expect(await (await lab({}, network)).failure()).toMatchObject({ code: 'NETWORK_UNREACHABLE', details: { reason } })
  })

  it('a server that never answers is given up', async () => {
    const { server, failure } = await lab({}, { ...plainNetwork, timeoutMs: 600 })
    server.manners.stallAfter = 0
    expect(await failure()).toMatchObject({ code: 'NETWORK_UNREACHABLE', details: { reason: 'it did not answer for 1 s' } })
  })

  it('a server that falls silent half way is given up, and what came is kept', async () => {
    const made = await lab({}, { ...plainNetwork, timeoutMs: 500 })
    made.server.manners.stallAfter = some
    expect((await made.failure()).message).toBe(
      'ml-100k.zip was not downloaded: nothing arrived for 1 s after 0.1 MB. Start it again: it goes on from there.',
    )
    expect(await received(made)).toBe(some)
  })

  it('only https leads out of the program', () => {
    expect(() => httpsNetwork.request(new URL('http://127.0.0.1/'), {})).toThrow('Protocol "http:" not supported')
    for (const { url, home, licence, citation } of sources)
      for (const address of [url, home, licence.url, citation.url]) expect(address).toMatch(/^https:\/\//)
  })
})

describe('a workspace that takes no file', () => {
  it('a full disk, and what else the file system says', async () => {
    await expect(withFolderErrors('/w/downloads', () => writeFile('/dev/full', 'x'))).rejects.toMatchObject({
      code: 'DISK_FULL',
      details: { path: '/w/downloads' },
    })
    for (const [code, reason] of [
      ['EACCES', 'Palate may not write there'],
      ['EROFS', 'the disk is read-only'],
    ] as const)
      await expect(
        withFolderErrors('/w/downloads', () => Promise.reject(Object.assign(new Error('no'), { code }))),
      ).rejects.toMatchObject({ code: 'WORKSPACE_UNUSABLE', details: { workspace: '/w/downloads', reason } })
  })

  it('a file in the place of the folder', async () => {
    const { folder, failure } = await lab()
    await writeFile(folder, 'x')
    expect(await failure()).toEqual({
      code: 'WORKSPACE_UNUSABLE',
      message: `Downloads cannot be kept in ${folder}: there is a file in the place of the folder. Make it a folder that Palate may write to, or use another workspace.`,
      details: { workspace: folder, reason: 'there is a file in the place of the folder' },
    })
  })

  it('a folder in the place of the file', async () => {
    const { folder, failure } = await lab()
    await mkdir(join(folder, 'ml-100k.zip'), { recursive: true })
    expect(await failure()).toMatchObject({ code: 'WORKSPACE_UNUSABLE' })
  })
})

it('what is known of MovieLens: files that do not change have one checksum, all have terms and a citation', async () => {
  expect(sources.map(({ id, bytes, changes }) => [id, bytes, changes])).toEqual([
    ['ml-100k', 4_924_029, false],
    ['ml-1m', 5_917_549, false],
    ['ml-latest-small', 978_202, true],
  ])
  for (const source of sources) {
    expect(source.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(source.licence.terms.length).toBeGreaterThan(3)
    expect(source.citation.text).toContain('The MovieLens Datasets: History and Context')
  }
})
