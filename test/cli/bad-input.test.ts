import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { protocols } from '../../src-main/engine/evaluation/protocols/catalogue.gen.ts'
import { models } from '../../src-main/engine/models/catalogue.gen.ts'
import { cli, startCli } from '../support/cli.ts'
import { temporaryFolder } from '../support/runs-lab.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let workspace: string
let before: string
const at = (...parts: string[]) => join(folder.path, ...parts)

/** A folder in MovieLens 100k's layout with these ratings. */
async function movieLens(name: string, ratings: string): Promise<string> {
  await mkdir(at(name))
  await writeFile(at(name, 'u.data'), ratings)
  await writeFile(at(name, 'u.item'), items)
  await writeFile(at(name, 'u.user'), '1|24|M|technician|85711\n2|53|F|other|94043\n')
  await writeFile(at(name, 'u.genre'), 'unknown|0\nAction|1\n')
  return at(name)
}
const items = ['1|Toy Story (1995)|01-Jan-1995||http://x|0|1', '2|GoldenEye (1995)|01-Jan-1995||http://x|0|1', ''].join('\n')

beforeAll(async () => {
  folder = await temporaryFolder()
  workspace = at('workspace')
  const made = await cli(workspace, 'sample-lab', '--json')
  expect(made.code).toBe(0)
  before = (await cli(workspace, 'datasets', '--json')).stdout
})
afterAll(() => folder.remove())

/** What the command says and its code. That nothing was stored is seen once, after all of them. */
async function refusal(...args: string[]): Promise<{ code: number | null; text: string }> {
  const { code, stdout, stderr } = await cli(workspace, ...args)
  expect(stdout).toBe('')
  return { code, text: stderr }
}

describe('what cannot be imported', () => {
  it('a wrong path', async () => {
    expect(await refusal('import', '/nowhere/at-all')).toEqual({
      code: 1,
      text: 'palate: There is nothing at /nowhere/at-all. Check the path and your permission to read it.\n',
    })
  })

  it('a folder of no known format', async () => {
    await mkdir(at('holiday'))
    await writeFile(at('holiday', 'notes.txt'), 'sun\n')
    const { code, text } = await refusal('import', at('holiday'))
    expect(code).toBe(1)
    expect(text).toContain(`palate: No known format fits ${at('holiday')}. Palate reads: `)
  })

  it('a broken line, an unknown item, a rating outside the scale: each with file and line', async () => {
    const good = '1\t1\t5\t100\n'
    const broken = await refusal('import', await movieLens('broken', `${good}1\t2\tfive\t100\n`))
    expect(broken.code).toBe(1)
    expect(broken.text).toMatch(/^palate: .*line 2.*--on-bad-row skip/s)
    const unknown = await refusal('import', await movieLens('unknown', `${good}1\t99\t5\t100\n`))
    expect(unknown.code).toBe(1)
    expect(unknown.text).toMatch(/line 2.*99/s)
    const outside = await refusal('import', await movieLens('outside', `${good}1\t2\t9\t100\n`))
    expect(outside.code).toBe(1)
    expect(outside.text).toMatch(/line 2.*9/s)
  })

  it('an empty file', async () => {
    const { code, text } = await refusal('import', await movieLens('empty', ''))
    expect(code).toBe(1)
    expect(text).toMatch(/^palate: .*(empty|no ratings)/is)
  })

  it('a name that is taken', async () => {
    expect(await refusal('import', await movieLens('fine', '1\t1\t5\t100\n2\t2\t3\t101\n'), '--name', 'Sample lab')).toEqual({
      code: 1,
      text: 'palate: There is already a data set named "Sample lab". Choose another name, or remove that one first.\npalate: on the command line: --name NAME\n',
    })
  })
})

describe('what cannot be trained', () => {
  const train = (...args: string[]) => refusal('train', '--dataset', 'Sample lab', '--model', 'mdrr-att', ...args)

  it('a parameter outside its range: code 2, all issues at once', async () => {
    const { code, text } = await train('--set', 'gamma=7', '--set', 'colour=red')
    expect(code).toBe(2)
    expect(text).toContain(
      'palate: 2 parameters are not valid for the model "mdrr-att". gamma must be a number from 0 to 1, not 7. There is no parameter "colour".',
    )
  })

  it('an unknown model, preset, protocol or data set', async () => {
    expect(await refusal('train', '--dataset', 'Sample lab', '--model', 'guess')).toEqual({
      code: 2,
      text: `palate: There is no model "guess". Choose one of: ${models.map(({ id }) => id).join(', ')}.\n`,
    })
    expect(await train('--preset', 'huge')).toEqual({
      code: 2,
      text: 'palate: The model "mdrr-att" has no preset "huge". Choose one of: palate, simulated, paper.\n',
    })
    expect(await train('--protocols', 'guess')).toEqual({
      code: 2,
      text: `palate: There is no protocol "guess". Choose from: ${protocols.map(({ id }) => id).join(', ')}.\n`,
    })
    expect(await refusal('train', '--dataset', 'films', '--model', 'mdrr-att')).toEqual({
      code: 1,
      text: 'palate: There is no data set named "films". Run "palate datasets" to see those there are, or import one first.\n',
    })
  })

  it('a split, seeds, list lengths or a parameter that cannot be understood', async () => {
    expect((await train('--split', 'half')).text).toBe(
      'palate: The command line does not fit: split: A split reads "random:SHARE", "random:SHARE@SEED", "chronological:SHARE", "time:SHARE" or "leave-last:COUNT", for instance random:0.8, random:0.8@7 or leave-last:1. See: palate --help\n',
    )
    expect((await train('--seeds', '1,x')).text).toBe('palate: --seeds wants a whole number from 0 to 2147483647, not "x".\n')
    expect((await train('--k', '5,,10')).text).toBe(
      'palate: --k wants values separated by commas, for instance 1,2,3, not "5,,10".\n',
    )
    expect((await train('--set', 'gamma')).text).toBe(
      'palate: --set wants name=value, for instance --set gamma=0.9, not "gamma".\n',
    )
  })
})

describe('after all these refusals', () => {
  it('nothing was stored: no data set, no run, no file', async () => {
    expect((await cli(workspace, 'datasets', '--json')).stdout).toBe(before)
    expect(JSON.parse((await cli(workspace, 'runs', '--json')).stdout)).toEqual({ runs: [] })
    expect((await readdir(workspace)).filter((name) => !/^(palate\.sqlite|workspace\.lock|backups|uploads)/.test(name))).toEqual(
      [],
    )
  })
})

describe('what cannot be understood', () => {
  it.each([
    [['dance'], "palate: Unknown command 'dance'. See: palate --help\n"],
    [['runs', '--columns', 'id'], 'palate: --columns chooses what --csv writes. Give --csv too.\n'],
    [['runs', '--loud'], "palate: Unknown option '--loud'. See: palate --help\n"],
    [['import'], "palate: Missing required argument 'path'. See: palate --help\n"],
    [['train', '--dataset', 'x'], "palate: Required option '--model <id>' not specified. See: palate --help\n"],
    [
      ['export', '1', '--what', 'all', '--csv', 'x.csv'],
      'palate: --what wants one of metrics, recommendations, users, events, not "all".\n',
    ],
    [['serve', '--port', '99999'], 'palate: --port wants a whole number from 0 to 65535, not "99999".\n'],
  ])('%j', async (args, text) => {
    expect(await cli(workspace, ...args)).toEqual({ code: 2, stdout: '', stderr: text })
  })

  it('with --json the error is the one document on stdout as well', async () => {
    const { code, stdout, stderr } = await cli(workspace, 'resume', '7', '--json')
    expect(code).toBe(1)
    const message = 'There is no run "7" in this workspace. List the runs with: palate runs'
    expect(stderr).toBe(`palate: ${message}\n`)
    expect(JSON.parse(stdout)).toEqual({ error: { code: 'RUN_NOT_FOUND', message, details: { run: '7' } } })
    expect(stdout.trimEnd().split('\n')).toHaveLength(1)
  })
})

describe('a workspace that cannot be opened', () => {
  it('owned by another process: names it, and touches nothing', async () => {
    const owner = startCli(workspace, 'train', '--dataset', 'Sample lab', '--model', 'mdrr-att', '--updates', '1000000')
    await owner.sees(/running/)
    const { code, stderr } = await cli(workspace, 'datasets')
    expect(code).toBe(1)
    expect(stderr).toContain(String(owner.child.pid))
    owner.child.kill('SIGKILL')
    await owner.result
  })

  it('written by a newer Palate: refused, not a byte changed', async () => {
    const newer = at('newer')
    expect((await cli(newer, 'datasets')).code).toBe(0)
    const database = at('newer', 'palate.sqlite')
    const bytes = await readFile(database)
    // user_version is the big-endian integer at byte 60 of SQLite's header.
    bytes.writeUInt32BE(999, 60)
    await writeFile(database, bytes)
    const before = digest(await readFile(database))
    const { code, stderr } = await cli(newer, 'datasets')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^palate: .*999/)
    expect(digest(await readFile(database))).toBe(before)
    expect((await readdir(newer)).filter((name) => name.includes('.tmp'))).toEqual([])
  })
})

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
