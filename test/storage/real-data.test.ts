import { spawnSync } from 'node:child_process'
import { createReadStream, createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createDatasetHandlers } from '../../src-main/services/datasets.ts'
import { openWorkspace } from '../../src-main/services/workspace.ts'
import { realData } from '../support/real-data.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** Imports, and measures the processor time of this process (all threads): a busy machine stretches only the wall clock. */
async function importReal(path: string) {
  const workspace = await openWorkspace(join(await tempFolder(), 'workspace'))
  onTestFinished(() => workspace.close())
  const datasets = createDatasetHandlers(workspace)
  const before = process.cpuUsage()
  for await (const event of datasets.import({ path, onBadRow: 'fail' }, {})) {
    if (event.kind !== 'finished') continue
    const { user, system } = process.cpuUsage(before)
    return { ...event, datasets, workspace, cpuMs: (user + system) / 1000 }
  }
  throw new Error('the import ended without a word')
}

const ml100k = realData('ml-100k')
const ml1m = realData('ml-1m')
const taobao = realData('taobao')
const hasShell = spawnSync('sqlite3', ['--version']).status === 0

describe('MovieLens as published', () => {
  it.skipIf(!ml100k.present)(`${ml100k.label}: 100,000 ratings, 943 users, 1,682 items`, async () => {
    const { dataset, report, datasets, cpuMs } = await importReal(ml100k.path)
    expect(dataset).toMatchObject({
      format: 'movielens-100k',
      users: 943,
      items: 1682,
      ratings: 100_000,
      timeKind: 'unix-seconds',
    })
    expect(report).toMatchObject({ read: 100_000, accepted: 100_000, rejected: 0, duplicates: 0 })
    const detail = await datasets.get({ dataset: dataset.id }, {})
    // Counted with sort and uniq over column 3 of u.data.
    expect(detail.ratingHistogram.map((bin) => bin.count)).toEqual([6110, 11370, 27145, 34174, 21201])
    const find = async (search: string, itemId: string) => {
      const query = { dataset: dataset.id, search, sort: 'ratings', offset: 0, limit: 500 } as const
      return (await datasets.items(query, {})).rows.find((row) => row.itemId === itemId)
    }
    // Row 267 has empty fields.
    expect(await find('unknown', '267')).toMatchObject({ title: 'unknown', year: null, genres: ['unknown'], ratings: 9 })
    expect(await find('Misérables', '543')).toMatchObject({ title: 'Misérables, Les (1995)', year: 1995 })
    expect(cpuMs).toBeLessThan(3000)
  })

  it.skipIf(!ml1m.present)(
    `${ml1m.label}: 1,000,209 ratings, 6,040 users, 3,883 items of which 3,706 are rated`,
    { timeout: 240_000 },
    async () => {
      const { dataset, report, workspace, cpuMs } = await importReal(ml1m.path)
      expect(dataset).toMatchObject({
        format: 'movielens-1m',
        users: 6040,
        items: 3883,
        ratings: 1_000_209,
        timeKind: 'per-user-rank',
      })
      expect(report).toMatchObject({ read: 1_000_209, accepted: 1_000_209, rejected: 0, duplicates: 0 })
      const table = await workspace.loadInteractions(dataset.id)
      expect(new Set(table.itemIndex).size).toBe(3706)
      // The first line of the file: 1::1193::5::10
      const page = { search: '1193', sort: 'ratings', offset: 0, limit: 1 } as const
      const [first] = (await workspace.repositories.items.page(dataset.id, page)).rows
      expect(first).toMatchObject({ itemId: '1193', itemIndex: table.itemIndex[0], year: 1975 })
      expect([table.rating[0], table.time[0]]).toEqual([5, 10])
      if (!hasShell) return
      // Four times what SQLite's own shell needs for the same rows and indexes is what was promised.
      expect(cpuMs).toBeLessThan(4 * (await shellImportCpuMs(join(ml1m.path, 'ratings.rank-as-time.dat'))))
    },
  )
})

describe('Taobao UserBehavior', () => {
  it.skipIf(!taobao.present)(`${taobao.label}: 84,475 events, and the last line, which is cut off, is reported`, async () => {
    const { dataset, report, datasets } = await importReal(taobao.path)
    expect(dataset).toMatchObject({ format: 'taobao', users: 815, items: 55_368, ratings: 84_475, timeKind: 'unix-seconds' })
    expect(report).toMatchObject({ read: 84_476, accepted: 84_475, rejected: 1, duplicates: 0 })
    expect(report.rejectedRows).toMatchObject([
      {
        line: 84_476,
        reason: 'the file ends in the middle of this line: it has 4 fields instead of 5',
        rawText: '100370,1968385,1875258,pv',
      },
    ])
    const query = { dataset: dataset.id, search: '2268318', sort: 'ratings', offset: 0, limit: 500 } as const
    expect((await datasets.items(query, {})).rows.find((row) => row.itemId === '2268318')?.genres).toEqual(['2520377'])
    // Counted with cut, sort and uniq over column 4: pv, then fav and cart, then buy.
    const { ratingHistogram } = await datasets.get({ dataset: dataset.id }, {})
    expect(ratingHistogram.map((bin) => [bin.from, bin.count])).toEqual([
      [2, 75_872],
      [4, 6853],
      [5, 1750],
    ])
  })
})

/** @returns processor milliseconds of `.import` and the two indexes in the sqlite3 shell */
async function shellImportCpuMs(ratings: string): Promise<number> {
  const folder = await tempFolder()
  const csv = join(folder, 'rows.csv')
  const out = createWriteStream(csv)
  for await (const line of createInterface({ input: createReadStream(ratings) })) out.write(`1,${line.replaceAll('::', ',')}\n`)
  await new Promise((resolve) => out.end(resolve))
  const script = join(folder, 'import.sql')
  await writeFile(
    script,
    `PRAGMA journal_mode = WAL;
CREATE TABLE interactions (dataset_id INTEGER NOT NULL, user_index INTEGER NOT NULL, item_index INTEGER NOT NULL,
  rating REAL NOT NULL, time REAL NOT NULL) STRICT;
.mode csv
.import ${csv} interactions
CREATE INDEX by_user ON interactions (dataset_id, user_index);
CREATE INDEX by_item ON interactions (dataset_id, item_index);
`,
  )
  const timed = 'TIMEFORMAT="%U %S"; time sqlite3 "$0" < "$1" > /dev/null'
  const { stderr, status } = spawnSync('bash', ['-c', timed, join(folder, 'shell.sqlite'), script], { encoding: 'utf8' })
  expect(status).toBe(0)
  const [user, system] = stderr.trim().split(' ').map(Number)
  return (user! + system!) * 1000
}
