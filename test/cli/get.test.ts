import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, it, vi } from 'vitest'
import { getCommand } from '../../src-main/hosts/cli/commands/get.ts'
import { confirm } from '../../src-main/hosts/cli/confirm.ts'
import type { Output } from '../../src-main/hosts/cli/output.ts'
import { cli } from '../support/cli.ts'
import { movieLensZip, plainNetwork, sourceAt, startFileServer } from '../support/file-server.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** The command in this process, since only code can lead it to another server than the real one. */
async function lab() {
  const server = await startFileServer(movieLensZip())
  const logged: string[] = []
  const results: { document: Readonly<Record<string, unknown>>; text: string }[] = []
  const output: Output = {
    json: false,
    interactive: false,
    result: (document, text) => results.push({ document, text: text() }),
    log: (line) => logged.push(line),
    failure: () => undefined,
  }
  const workspace = join(await tempFolder(), 'workspace')
  const context = { output, workspace, downloads: { sources: [sourceAt(server)], network: plainNetwork } }
  return { server, workspace, logged, results, get: (what: string, options = {}) => getCommand(context, what, options) }
}

describe('palate get', () => {
  it('shows the terms, downloads and imports', async () => {
    const { logged, results, get } = await lab()
    expect(await get('ml-100k', { acceptLicence: true, name: 'mine' })).toBe(0)
    expect(logged).toEqual([
      [
        'ml-100k: MovieLens 100k, 120 ratings by 12 users of 10 films, 0.2 MB from 127.0.0.1',
        '  A few ratings.',
        '  Terms, in short:',
        '  - For research.',
        '  The terms themselves, which count: https://files.grouplens.org/datasets/movielens/ml-100k-README.txt',
        '  To be cited: Harper and Konstan. 2015. https://doi.org/10.1145/2827872',
        '  About it: https://grouplens.org/datasets/movielens/100k/',
      ].join('\n'),
    ])
    expect(results).toHaveLength(1)
    expect(results[0]!.document).toMatchObject({ name: 'mine', ratings: 120, report: { accepted: 120 } })
    expect(results[0]!.text).toMatch(/^Imported "mine" \(data set 1\): 120 ratings by 12 users of 10 items in /)
  })

  it('goes on with what is there, and says so', async () => {
    const { server, workspace, logged, get } = await lab()
    server.manners.stallAfter = 65_536
    const first = get('ml-100k', { acceptLicence: true })
    const arrived = () =>
      stat(join(workspace, 'downloads', 'ml-100k.zip')).then(
        (file) => file.size,
        () => 0,
      )
    void vi.waitUntil(async () => (await arrived()) === 65_536, 10_000).then(() => server.cut())
    await expect(first).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' })
    Object.assign(server.manners, { stallAfter: undefined, paceMs: 30 })
    expect(await get('ml-100k', { acceptLicence: true })).toBe(0)
    expect(logged[1]).toContain('\n  0.1 MB of it are here already.')
    expect(logged[2]).toBe('Going on where the last download ended: 0.1 MB are here.')
  })

  it('downloads nothing without consent: there is no terminal to ask at', async () => {
    const { server, logged, get } = await lab()
    await expect(get('ml-100k')).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message:
        'MovieLens 100k comes under terms that must be accepted first. Read them above, then say it again with --accept-licence.',
    })
    expect(logged[0]).toContain('Terms, in short:')
    expect(server.asked).toEqual([])
  })
})

describe('the command itself', () => {
  it('lists what there is without asking the network', async () => {
    const workspace = join(await tempFolder(), 'workspace')
    const { code, stdout } = await cli(workspace, 'get', 'list', '--json')
    expect(code).toBe(0)
    const { sources } = JSON.parse(stdout) as { sources: { id: string; receivedBytes: number }[] }
    expect(sources.map(({ id, receivedBytes }) => [id, receivedBytes])).toEqual([
      ['ml-100k', 0],
      ['ml-1m', 0],
      ['ml-latest-small', 0],
    ])
    const text = await cli(workspace, 'get', 'list')
    expect(text.stdout).toContain(
      'ml-1m: MovieLens 1M, 1000209 ratings by 6040 users of 3883 films, 5.9 MB from files.grouplens.org',
    )
    expect(text.stdout.match(/To be cited: F\. Maxwell Harper/g)).toHaveLength(3)
  })

  it('takes the command line for wrong without --accept-licence, and for anything it cannot get', async () => {
    const workspace = join(await tempFolder(), 'workspace')
    const refused = await cli(workspace, 'get', 'ml-1m', '--json')
    expect(refused.code).toBe(2)
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'INPUT_INVALID' } })
    expect(await cli(workspace, 'get', 'ml-9')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'palate: get wants one of list, ml-100k, ml-1m, ml-latest-small, not "ml-9".\n',
    })
  })
})

describe('a question at the terminal', () => {
  const terminal = () => ({
    input: Object.assign(new PassThrough(), { isTTY: true }),
    output: Object.assign(new PassThrough(), { isTTY: true }),
  })

  it.each([
    ['y\n', true],
    ['Yes\n', true],
    ['n\n', false],
    ['\n', false],
    ['yeah\n', false],
    ['\u0003', false],
    ['\u0004', false],
  ])('%j is %s', async (typed, answer) => {
    const where = terminal()
    const asked = confirm('Do you accept these terms?', where)
    where.input.write(typed)
    expect(await asked).toBe(answer)
    expect(String(where.output.read())).toContain('Do you accept these terms? [y/N]')
  })

  it('whose other end is gone is answered with no', async () => {
    const where = terminal()
    const asked = confirm('Well?', where)
    where.input.end()
    expect(await asked).toBe(false)
  })

  it('is not asked where there is no terminal', async () => {
    const { input, output } = terminal()
    expect(await confirm('Well?', { input: new PassThrough(), output })).toBeNull()
    expect(await confirm('Well?', { input, output: new PassThrough() })).toBeNull()
  })
})
