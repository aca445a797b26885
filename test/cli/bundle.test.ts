import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { bundleCheck, bundleImported } from '../../src-main/contract/dto/bundle.ts'
import { runSummary } from '../../src-main/contract/dto/run.ts'
import { cli } from '../support/cli.ts'
import { temporaryFolder } from '../support/runs-lab.ts'

const verification = z.object({ differs: z.boolean(), complete: z.boolean(), checks: z.array(bundleCheck) })

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let home: string
let away: string
let file: string
beforeAll(async () => {
  folder = await temporaryFolder()
  home = join(folder.path, 'home')
  away = join(folder.path, 'away')
  file = join(folder.path, 'paper.palate-bundle')
  expect((await cli(home, 'sample-lab')).code).toBe(0)
  const train = ['train', '--dataset', 'Sample lab', '--model', 'item-mean', '--k', '5,20', '--name', 'floor']
  expect((await cli(home, ...train)).code).toBe(0)
})
afterAll(() => folder.remove())

describe('palate bundle', () => {
  it('hands a run on: packed here, verified and trained again there, imported once', async () => {
    const packed = await cli(home, 'bundle', 'export', 'floor', '--out', file, '--with-data')
    expect(packed.code).toBe(0)
    expect(packed.stdout).toBe(`Packed run 1 into ${file} (${(await readFile(file)).length} bytes).\n`)
    expect(packed.stderr).toContain('The data set is in it: hand it on only as the licence of the data allows.\n')

    const verified = await cli(away, 'bundle', 'verify', file, '--rerun', '--json')
    expect(verified.code).toBe(0)
    const { checks, ...verdict } = verification.parse(JSON.parse(verified.stdout))
    expect(verdict).toEqual({ differs: false, complete: true })
    expect(checks.map((check) => check.verdict)).toEqual(['identical', 'identical', 'identical', 'identical'])

    const first = await cli(away, 'bundle', 'import', file)
    expect(first).toMatchObject({ code: 0, stdout: 'Imported run 1 (floor).\nThe data set "Sample lab" was imported.\n' })
    const second = await cli(away, 'bundle', 'import', file, '--json')
    expect(bundleImported.parse(JSON.parse(second.stdout))).toEqual({
      runs: [{ runId: 1, name: 'floor', outcome: 'already here' }],
      dataset: { id: 1, name: 'Sample lab', outcome: 'already here' },
      remarks: [],
    })
    const { runs } = z.object({ runs: z.array(runSummary) }).parse(JSON.parse((await cli(away, 'runs', '--json')).stdout))
    expect(runs).toHaveLength(1)
    expect(runs[0]).toMatchObject({ name: 'floor', origin: { bundle: 'paper.palate-bundle', runId: 1 } })
  })

  it('ends with 1 and names the entry when a bundle was tampered with', async () => {
    const bad = join(folder.path, 'bad.palate-bundle')
    const bytes = await readFile(file)
    // A byte of the packed weights, wherever they lie: right behind the name of their entry.
    bytes[bytes.indexOf('runs/1/model.bin') + 'runs/1/model.bin'.length + 40]! ^= 1
    await writeFile(bad, bytes)
    const verified = await cli(away, 'bundle', 'verify', bad)
    expect(verified.code).toBe(1)
    expect(verified.stdout).toMatch(
      /^differs: Contents\. 1 of 9 entries are not what was packed: the bundle was changed or damaged\. Nothing else was looked at\.\n {2}"runs\/1\/model\.bin": it is damaged and cannot be unpacked\n/,
    )
    expect(verified.stdout.endsWith('The bundle is not what it says.\n')).toBe(true)
    const refused = await cli(join(folder.path, 'third'), 'bundle', 'import', bad)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('runs/1/model.bin')
  })

  it('says what is wrong with the command line', async () => {
    expect(await cli(home, 'bundle', 'export', 'floor')).toMatchObject({ code: 2 })
    expect(await cli(home, 'bundle', 'export', 'nobody', '--out', file)).toMatchObject({
      code: 1,
      stderr: 'palate: There is no run "nobody" in this workspace. List the runs with: palate runs\n',
    })
    const nowhere = join(folder.path, 'nowhere.palate-bundle')
    expect(await cli(home, 'bundle', 'verify', nowhere)).toMatchObject({
      code: 1,
      stderr: `palate: There is no bundle at ${nowhere}. Check the path and your permission to read it.\n`,
    })
  })
})
