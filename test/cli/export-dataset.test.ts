import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DatasetSummary } from '../../src-main/contract/dto/dataset.ts'
import { cli } from '../support/cli.ts'
import { temporaryFolder } from '../support/runs-lab.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let workspace: string
const at = (...parts: string[]) => join(folder.path, ...parts)

beforeAll(async () => {
  folder = await temporaryFolder()
  workspace = at('workspace')
  expect((await cli(workspace, 'sample-lab')).code).toBe(0)
})
afterAll(() => folder.remove())

describe('palate export-dataset', () => {
  it.each([
    ['csv', ['items.csv', 'palate-dataset.json', 'ratings.csv', 'users.csv']],
    ['recbole', ['Sample-lab.inter', 'Sample-lab.item', 'Sample-lab.user', 'palate-dataset.json']],
  ])('writes a folder of %s that is the same data set when it is imported', async (format, files) => {
    const to = at(format)
    const { code, stdout } = await cli(workspace, 'export-dataset', 'Sample lab', '--format', format, '--to', to)
    expect(code).toBe(0)
    expect(stdout).toContain(`Exported "Sample lab" to ${to}: `)
    expect((await readdir(to)).sort()).toEqual(files.toSorted())
    expect((await cli(workspace, 'import', to, '--name', format)).code).toBe(0)
    const { datasets } = JSON.parse((await cli(workspace, 'datasets', '--json')).stdout) as { datasets: DatasetSummary[] }
    const [first, again] = ['Sample lab', format].map((name) => datasets.find((dataset) => dataset.name === name)!)
    const { users, items, ratings, scale, timeKind, fingerprint } = first!
    expect(again).toMatchObject({ users, items, ratings, scale, timeKind, fingerprint })
  })

  it('writes into no folder that holds something, and leaves nothing behind when it is refused', async () => {
    await mkdir(at('full'))
    await writeFile(at('full', 'mine.txt'), 'mine')
    const before = (await readdir(folder.path)).sort()
    const run = (...args: string[]) => cli(workspace, 'export-dataset', ...args)
    expect(await run('Sample lab', '--format', 'csv', '--to', at('full'))).toMatchObject({
      code: 2,
      stderr: `palate: --to wants a new or empty folder, and ${at('full')} is neither.\n`,
    })
    expect(await run('Sample lab', '--format', 'csv', '--to', at('no', 'where'))).toMatchObject({
      code: 1,
      stderr: `palate: The folder ${at('no')} does not exist, so where cannot be made in it. Create it or choose another path.\n`,
    })
    expect(await run('nobody', '--format', 'csv', '--to', at('new'))).toMatchObject({ code: 1 })
    expect(await run('Sample lab', '--format', 'xml', '--to', at('new'))).toMatchObject({
      code: 2,
      stderr: 'palate: --format wants one of csv, recbole, not "xml".\n',
    })
    expect((await readdir(folder.path)).sort()).toEqual(before)
    expect(await readdir(at('full'))).toEqual(['mine.txt'])
  })
})
