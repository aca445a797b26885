import { readFile, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { writeRatings } from '../../../../src-main/services/bench/generated-ratings.ts'
import { importBench, type ImportBenchReport } from '../../../../src-main/services/bench/import-bench.ts'
import { shellImport, shellVersion, writeShellRows } from '../../../../src-main/services/bench/shell-import.ts'
import { tinyDataset } from '../../../support/storage-lab.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

const hasShell = (await shellVersion()) !== null

describe('generated ratings', () => {
  const made = async (rows: number, seed: number): Promise<string> => {
    const path = join(await tempFolder(), 'ratings.csv')
    await writeRatings(path, rows, seed)
    return readFile(path, 'utf8')
  }

  it('are as many as were asked for, on the scale, by user, and nobody rates a film twice', async () => {
    const [header, ...lines] = (await made(20_000, 1)).trimEnd().split('\n')
    expect(header).toBe('userId,movieId,rating,timestamp')
    expect(lines).toHaveLength(20_000)
    const cells = lines.map((line) => line.split(',').map(Number))
    for (const [, , rating] of cells) expect(rating! * 2).toBeOneOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(new Set(cells.map(([user, item]) => `${user},${item}`)).size).toBe(20_000)
    expect(cells.every(([user], at) => at === 0 || user! >= cells[at - 1]![0]!)).toBe(true)
    // A few films have most of the ratings.
    const perItem = new Map<number, number>()
    for (const [, item] of cells) perItem.set(item!, (perItem.get(item!) ?? 0) + 1)
    const counts = [...perItem.values()].sort((a, b) => b - a)
    const top = counts.slice(0, Math.ceil(counts.length / 5)).reduce((sum, count) => sum + count, 0)
    expect(top).toBeGreaterThan(0.35 * 20_000)
  })

  it('are the same bytes for the same seed, and others for another', async () => {
    const first = await made(3000, 1)
    expect(await made(3000, 1)).toBe(first)
    expect(await made(3000, 2)).not.toBe(first)
  })
})

describe('the sqlite3 shell', () => {
  it('is missed without an error where it is not installed', async () => {
    vi.stubEnv('PATH', '/nowhere')
    expect(await shellVersion()).toBeNull()
    vi.unstubAllEnvs()
  })

  it.skipIf(!hasShell)('imports the rows that Palate stored, and a row that is missing is noticed', async () => {
    const folder = await tempFolder()
    const csv = join(folder, 'rows with a space.csv')
    await writeShellRows(csv, tinyDataset().columns)
    expect(await readFile(csv, 'utf8')).toBe('1,0,0,5,1\n1,1,0,4,2.5\n1,0,1,1,3\n1,1,1,0.10000000149011612,1099511627776\n')
    expect(await shellImport(csv, 4, folder)).toBeGreaterThan(0)
    await expect(shellImport(csv, 5, folder)).rejects.toThrow('The sqlite3 shell did not import 5 rows')
    expect((await readdir(folder)).filter((name) => name.includes('sqlite'))).toEqual([])
  })
})

describe('importBench', () => {
  const node = (code: string) => [process.execPath, '-e', code]
  const says = (document: unknown) => node(`console.log(${JSON.stringify(JSON.stringify(document))})`)
  const benchFolders = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('palate-bench-'))

  beforeEach(() => {
    vi.stubEnv('PATH', '/nowhere')
    return () => vi.unstubAllEnvs()
  })

  it('gives medians, the most memory, and no comparison without the shell', async () => {
    let round = 0
    const lines: string[] = []
    const { machine, ...report }: ImportBenchReport = await importBench({
      source: { path: '/data/ratings.csv' },
      rounds: 3,
      importing: (path, workspace) => {
        const seconds = [2, 8, 4][round++]!
        const document = JSON.stringify({
          seconds,
          cpuSeconds: seconds / 2,
          rows: 1000,
          users: 10,
          items: 20,
          peakMb: 100 + seconds,
        })
        return node(
          `if (${JSON.stringify(path)} !== '/data/ratings.csv') process.exit(1)
           require('fs').mkdirSync(${JSON.stringify(workspace)}); console.log(${JSON.stringify(document)})`,
        )
      },
      opening: () => says({ ms: 12, cpuMs: 9, peakMb: 90 }),
      log: (line) => lines.push(line),
    })
    expect(machine.cores).toBeGreaterThan(0)
    expect(report).toEqual({
      source: '/data/ratings.csv',
      rows: 1000,
      users: 10,
      items: 20,
      rounds: 3,
      ours: { seconds: 4, cpuSeconds: 2, rowsPerSecond: 250, peakMb: 108 },
      shell: null,
      ratio: null,
      opening: { ms: 12, cpuMs: 9, peakMb: 90 },
    })
    expect(lines).toContain('The sqlite3 shell is not installed: there is nothing to compare with.')
  })

  it('passes on what a process reports as its error, and leaves nothing behind', async () => {
    const before = await benchFolders()
    const details = { path: '/data/none.csv' }
    const failing = node(
      `console.log(${JSON.stringify(JSON.stringify({ error: { code: 'PATH_NOT_FOUND', message: 'There is nothing.', details } }))}); process.exit(1)`,
    )
    const bench = importBench({
      source: { path: '/data/none.csv' },
      rounds: 1,
      importing: () => failing,
      opening: () => failing,
      log: () => undefined,
    })
    await expect(bench).rejects.toMatchObject({ code: 'PATH_NOT_FOUND', message: 'There is nothing.', details })
    expect(await benchFolders()).toEqual(before)
  })

  it('a process that ends without a word is no result', async () => {
    const path = join(await tempFolder(), 'ratings.csv')
    await writeFile(path, '')
    const bench = importBench({
      source: { path },
      rounds: 1,
      importing: () => node('process.exit(3)'),
      opening: () => says({ ms: 1, cpuMs: 1, peakMb: 1 }),
      log: () => undefined,
    })
    await expect(bench).rejects.toThrow('Command failed')
  })
})
