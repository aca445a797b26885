import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import { comparison } from '../../src-main/contract/dto/evaluation.ts'
import { resultRowWithInterval } from '../../src-main/contract/dto/run.ts'
import { cli } from '../support/cli.ts'
import { temporaryFolder } from '../support/runs-lab.ts'

const evaluated = z.object({ rows: z.array(resultRowWithInterval), cautions: z.record(z.string(), z.string()) })

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let workspace: string
beforeAll(async () => {
  folder = await temporaryFolder()
  workspace = join(folder.path, 'workspace')
  expect((await cli(workspace, 'sample-lab')).code).toBe(0)
  for (const model of ['popularity', 'item-mean']) {
    expect((await cli(workspace, 'train', '--dataset', 'Sample lab', '--model', model)).code).toBe(0)
  }
})
afterAll(() => folder.remove())

it('a trained run is scored by a published convention, and the caution stands wherever its figures do', async () => {
  const scored = await cli(workspace, 'evaluate', '1', '2', '--protocols', 'drr-shashist,rerank-oneshot', '--k', '10', '--json')
  expect(scored.code).toBe(0)
  const { rows, cautions } = evaluated.parse(JSON.parse(scored.stdout))
  expect(new Set(rows.map((row) => row.protocol))).toEqual(new Set(['drr-shashist', 'rerank-oneshot']))
  const caution = cautions['drr-shashist']!
  expect(Object.keys(cautions)).toEqual(['drr-shashist'])
  expect(caution).toMatch(/^Not comparable with other protocols, because one item is looked for among 99 drawn ones, /)

  const text = await cli(workspace, 'evaluate', '1', '--protocols', 'drr-shashist', '--k', '10')
  expect(text.stdout).toContain(`drr-shashist, all users, k = 10\n${caution}\nmodel `)

  const compare = ['compare', '1', '2', '--protocol', 'drr-shashist', '--metric', 'hit-rate', '--k', '10']
  expect(comparison.parse(JSON.parse((await cli(workspace, ...compare, '--json')).stdout)).caution).toBe(caution)
  expect((await cli(workspace, ...compare)).stdout).toContain(`\n${caution}\n`)

  const file = join(folder.path, 'users.csv')
  expect((await cli(workspace, 'export', '1', '--what', 'users', '--csv', file)).code).toBe(0)
  const [header, ...lines] = (await readFile(file, 'utf8')).trimEnd().split('\r\n')
  expect(header).toBe('user id,protocol,candidates,k,metric,value,caution')
  expect(lines.some((line) => line.includes(',rerank-oneshot,'))).toBe(true)
  expect(lines.some((line) => line.includes(',drr-shashist,'))).toBe(true)
  for (const line of lines) expect(line.endsWith(line.includes(',drr-shashist,') ? `,"${caution}"` : ',')).toBe(true)

  const table = join(folder.path, 'runs.csv')
  expect((await cli(workspace, 'runs', '--csv', table)).code).toBe(0)
  const columns = (await readFile(table, 'utf8')).split('\r\n')[0]!.split(',')
  expect(columns).toContain('drr-shashist.all.hit-rate@10 (not comparable)')
  expect(columns).toContain('rerank-oneshot.all.hit-rate@10')
})

it('a metric that a convention does not know, or that is of another one, is refused with those there are', async () => {
  const refusal = async (...args: string[]) => {
    const { code, stderr } = await cli(workspace, 'compare', '1', '2', ...args)
    expect(code).toBe(2)
    return stderr
  }
  expect(await refusal('--protocol', 'drr-shashist')).toBe(
    'palate: "drr-shashist" has no ndcg: its convention does not know it. Choose from: hit-rate, ndcg-binary.\n',
  )
  expect(await refusal('--metric', 'ndcg-k')).toMatch(
    /^palate: "rerank-sequential" has no ndcg-k: it belongs to the convention of another protocol\. Choose from: hit-rate, map, /,
  )
})
