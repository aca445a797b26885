import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { inspection } from '../../../src-main/contract/dto/inspection.ts'
import type { ImportSettings } from '../../../src-main/contract/dto/import-settings.ts'
import { createDatasetHandlers } from '../../../src-main/services/datasets.ts'
import { openWorkspace } from '../../../src-main/services/workspace.ts'
import { makeZip } from '../../support/make-zip.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const LOG = Array.from({ length: 120 }, (_, row) => `u${row % 7},${row},${(row % 5) + 1},${1_500_000_000 + row}\n`).join('')
const TABLE = `user,item,rating,time\n${LOG}`

async function lab() {
  const folder = await tempFolder()
  const workspace = await openWorkspace(join(folder, 'workspace'))
  onTestFinished(() => workspace.close())
  const datasets = createDatasetHandlers(workspace)
  const write = async (name: string, content: string | Uint8Array) => {
    await mkdir(join(folder, 'data'), { recursive: true })
    await writeFile(join(folder, 'data', name), content)
    return join(folder, 'data', name)
  }
  const run = async (path: string, settings?: ImportSettings, format?: string) => {
    for await (const event of datasets.import({ path, format, onBadRow: 'fail', settings }, {})) {
      if (event.kind === 'finished') return event
    }
    throw new Error('the import did not finish')
  }
  return { folder, datasets, write, run }
}

describe('looking at a source', () => {
  it('tells format, dialect, columns, 50 rows, histogram, scale and alternatives, and stores nothing', async () => {
    const { datasets, write } = await lab()
    const path = await write('feedback.csv', TABLE)
    const found = await datasets.inspect({ path }, {})
    expect(inspection.parse(found)).toEqual(found)
    expect(found).toMatchObject({
      format: 'delimited',
      source: path,
      suggestedName: 'feedback',
      settings: { file: 'feedback.csv', separator: ',', header: true, columns: { user: 'user', item: 'item' } },
      sampleRows: 120,
      ratingHistogram: [1, 2, 3, 4, 5].map((value) => ({ from: value, to: value, count: 24 })),
      scale: { min: 1, max: 5, positiveFrom: 4, negativeTo: 2 },
      timeKind: 'unix-seconds',
      rejectedRows: [],
      warnings: [],
    })
    expect(found.confidence).toBeCloseTo(0.92)
    expect(found.rows).toHaveLength(50)
    expect(found.rows[0]).toEqual({
      line: 2,
      userId: 'u0',
      itemId: '0',
      title: null,
      rating: 1,
      time: 1_500_000_000,
      feedback: 'negative',
      cells: ['u0', '0', '1', '1500000000'],
    })
    expect(found.columns.map(({ name, role }) => [name, role])).toEqual([
      ['user', 'user'],
      ['item', 'item'],
      ['rating', 'rating'],
      ['time', 'time'],
    ])
    expect(await datasets.list(undefined, {})).toEqual([])
  })

  it('finds the same settings again when it is given those that it found', async () => {
    const { datasets, write } = await lab()
    const path = await write('feedback.csv', TABLE)
    const first = await datasets.inspect({ path }, {})
    const second = await datasets.inspect({ path, format: first.format, settings: first.settings }, {})
    expect(second.settings).toEqual(first.settings)
    expect(second.rows).toEqual(first.rows)
  })

  it('names the other formats that could read it', async () => {
    const { datasets, write } = await lab()
    const path = await write('x.data', '196\t242\t3\t881250949\n186\t302\t3\t891717742\n22\t377\t1\t878887116\n')
    const found = await datasets.inspect({ path }, {})
    expect(found.format).toBe('movielens-100k')
    expect(found.alternatives.map((other) => other.format)).toContain('delimited')
    expect((await datasets.inspect({ path, settings: { separator: '\t' } }, {})).format).toBe('delimited')
  })

  it('shows what it is not sure of, with a warning; an import wants more', async () => {
    const { datasets, write, run } = await lab()
    const path = await write('pairs.txt', 'ann,tea\nbob,coffee\nann,milk\n')
    const found = await datasets.inspect({ path }, {})
    expect(found.confidence).toBeLessThan(0.4)
    expect(found.warnings).toEqual([
      'Palate is not sure of this format: look at the rows, and name the format or the columns.',
      'No column holds ratings or behaviours: every row will be read as positive feedback.',
      'No column holds times: the order in the file stands for them.',
    ])
    await expect(run(path)).rejects.toMatchObject({ code: 'FORMAT_UNKNOWN' })
    const { dataset } = await run(path, { columns: { user: '1', item: '2' } })
    expect(dataset).toMatchObject({ users: 2, items: 3, ratings: 3, timeKind: 'file-order' })
    expect(dataset.scale).toEqual({ min: 0, max: 1, positiveFrom: 1, negativeTo: 0 })
  })

  it('takes the table that has the named columns, whatever its neighbours lack; one that none has is told', async () => {
    const { folder, datasets, write } = await lab()
    await write('a_people.csv', 'person_id,town\n1,Oslo\n2,Rome\n')
    await write('b_log.csv', 'who,what,how\nx,1,5\ny,2,3\n')
    const path = join(folder, 'data')
    const found = await datasets.inspect({ path, settings: { columns: { user: 'who', item: 'what' } } }, {})
    expect(found.settings).toMatchObject({ file: 'b_log.csv', columns: { user: 'who', item: 'what' } })
    const lacking = datasets.inspect({ path, settings: { columns: { user: 'who', item: 'nothing' } } }, {})
    await expect(lacking).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })

  it('refuses settings that a chosen format fixes', async () => {
    const { datasets, write } = await lab()
    const path = await write('x.data', '196\t242\t3\t881250949\n')
    const input = { path, format: 'movielens-100k', settings: { separator: ';', duplicates: 'mean' as const } }
    await expect(datasets.inspect(input, {})).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: 'The format movielens-100k fixes its separator. Leave that out, or choose the format delimited.',
    })
  })
})

describe('importing with settings', () => {
  it('names them and the duplicates policy in the record of the data set', async () => {
    const { datasets, write, run } = await lab()
    const path = await write('feedback.csv', 'user,item,rating\na,1,1\na,1,4\nb,1,5\n')
    const { dataset, report } = await run(path, { duplicates: 'mean' })
    expect(report).toMatchObject({ read: 3, accepted: 2, duplicates: 1, duplicatesPolicy: 'mean' })
    expect(report.settings).toMatchObject({ duplicates: 'mean', separator: ',', columns: { user: 'user' } })
    const stored = (await datasets.get({ dataset: dataset.id }, {})).report
    expect(stored).toEqual(report)
  })

  it('tells speed and time left once they are known', async () => {
    const { datasets, write } = await lab()
    const rows = Array.from({ length: 400_000 }, (_, row) => `u${row % 5000},${row % 911},3,${1_500_000_000 + row}\n`).join('')
    const path = await write('large.csv', `user,item,rating,time\n${rows}`)
    const told: { rowsPerSecond: number; remainingMs: number }[] = []
    for await (const event of datasets.import({ path, onBadRow: 'fail', settings: { duplicates: 'all' } }, {})) {
      if (event.kind !== 'progress' || !event.rowsPerSecond || typeof event.remainingMs !== 'number') continue
      told.push({ rowsPerSecond: event.rowsPerSecond, remainingMs: event.remainingMs })
    }
    expect(told.length).toBeGreaterThan(0)
    for (const { rowsPerSecond, remainingMs } of told) {
      expect(rowsPerSecond).toBeGreaterThan(0)
      expect(remainingMs).toBeGreaterThanOrEqual(0)
    }
  })
})

describe('packed files', () => {
  it('are read like the files in them: gz, gz in a folder, zip in a folder', async () => {
    const plain = await lab()
    const wanted = (await plain.run(await plain.write('feedback.csv', TABLE))).dataset.fingerprint
    const one = await lab()
    const chosen = await one.run(await one.write('feedback.csv.gz', gzipSync(TABLE)))
    expect(chosen.dataset).toMatchObject({ fingerprint: wanted, name: 'feedback' })
    const two = await lab()
    await two.write('feedback.csv.gz', gzipSync(TABLE))
    expect((await two.run(join(two.folder, 'data'))).dataset.fingerprint).toBe(wanted)
    const three = await lab()
    await three.write('packed.zip', makeZip([{ name: 'in/feedback.csv', content: TABLE }]))
    await three.write('readme.txt', 'Thanks for downloading.\n')
    const inFolder = await three.run(join(three.folder, 'data'))
    expect(inFolder.dataset.fingerprint).toBe(wanted)
    expect(inFolder.report.settings).toMatchObject({ file: 'packed/in/feedback.csv' })
  })

  it('are refused when a gzip file is a bomb or damaged', async () => {
    const { write, run } = await lab()
    const bomb = await write('bomb.csv.gz', gzipSync(Buffer.alloc(64 * 1024 * 1024, '1,2,3\n')))
    await expect(run(bomb, undefined, 'delimited')).rejects.toMatchObject({
      code: 'INPUT_REFUSED',
      message: `${bomb} was not imported: it unpacks to more than 250 times its size. Nothing was kept.`,
    })
    const packed = gzipSync(TABLE)
    const cut = await write('cut.csv.gz', packed.subarray(0, packed.length - 20))
    await expect(run(cut)).rejects.toMatchObject({
      code: 'INPUT_REFUSED',
      message: `${cut} was not imported: it cannot be unpacked (unexpected end of file). Nothing was kept.`,
    })
  })
})
