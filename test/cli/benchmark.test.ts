import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { benchmarkRecipe, benchmarkResult } from '../../src-main/contract/dto/benchmark.ts'
import { cli, startCli } from '../support/cli.ts'
import { temporaryFolder } from '../support/runs-lab.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let workspace: string
const benchmark = (...args: string[]) => cli(workspace, 'benchmark', ...args)
const run = (...args: string[]) =>
  benchmark('run', 'mdrr-table2', '--dataset', 'Sample lab', '--seeds', '1', '--rows', 'pmf/palate', ...args)
beforeAll(async () => {
  folder = await temporaryFolder()
  workspace = join(folder.path, 'workspace')
  expect((await cli(workspace, 'sample-lab')).code).toBe(0)
})
afterAll(() => folder.remove())

describe('palate benchmark', () => {
  it('lists the tables of the papers, with rows, published sources and what stands here', async () => {
    const { code, stdout } = await benchmark('list', '--json')
    expect(code).toBe(0)
    const { benchmarks } = z.object({ benchmarks: z.array(benchmarkRecipe) }).parse(JSON.parse(stdout))
    expect(benchmarks.map((one) => one.id)).toEqual([
      'drr-gru-dimension',
      'drr-gru-table-7-8',
      'drr-gru-table-9-10',
      'drr-gru-tables-1-3',
      'drr-gru-tables-4-6',
      'drr-report',
      'mdrr-figure4',
      'mdrr-table2',
    ])
    for (const { rows } of benchmarks) {
      const ids = rows.map((row) => row.id)
      expect(ids).toEqual(expect.arrayContaining(['random', 'popularity', 'item-mean', 'biased-mf/tuned', 'oracle']))
      expect(new Set(ids).size).toBe(ids.length)
    }
    const { stdout: text } = await benchmark('show', 'mdrr-table2')
    expect(text).toMatch(/^MDRR-att, Table 2: /)
    expect(text).toContain('MovieLens-100k (not in this workspace)')
  })

  it('fills the rows that are wanted and every floor, does nothing twice, and writes the table in each format', async () => {
    const first = await run('--json')
    expect([first.code, first.stderr.includes('palate:')]).toEqual([0, false])
    expect(first.stderr).toMatch(/^MDRR-att, Table 2 on Sample lab: 0 of 6 cells are filled\.\n/)
    const result = benchmarkResult.parse(JSON.parse(first.stdout))
    expect(result.rows.filter((row) => row.state === 'done').map((row) => row.id)).toEqual([
      'random',
      'popularity',
      'item-mean',
      'biased-mf/tuned',
      'pmf/palate',
      'oracle',
    ])
    const ndcg = (id: string) => result.rows.find((row) => row.id === id)!.figures[3]!
    expect(ndcg('oracle').mean).toBe(1)
    expect(ndcg('biased-mf/tuned').mean).toBeGreaterThan(ndcg('random').high!)
    expect(result.tests.map(({ claim, a, b }) => [claim, a, b])).toContainEqual(['tuned-mf', 'pmf/palate', 'biased-mf/tuned'])
    expect(result.remarks[0]).toMatch(/^"Sample lab" is none of the paper's data sets \(MovieLens-100k and MovieLens-1M\)/)

    const again = await run('--json')
    expect([again.code, again.stderr]).toEqual([0, 'MDRR-att, Table 2 on Sample lab: 6 of 6 cells are filled.\n'])
    const same = benchmarkResult.parse(JSON.parse(again.stdout))
    expect({ ...same, benchmark: result.benchmark }).toEqual(result)

    const file = join(folder.path, 'table.csv')
    const written = await benchmark('show', 'mdrr-table2', '--out', file)
    expect([written.code, written.stdout]).toEqual([0, `Wrote the table to ${file}.\n`])
    const lines = (await readFile(file, 'utf8')).split('\r\n')
    expect(lines[0]).toMatch(/^benchmark,dataset,row,/)
    expect(lines.filter((line) => line.includes(',oracle,'))).toHaveLength(4)
    expect((await benchmark('show', 'mdrr-table2', '--csv')).stdout).toBe(lines.join('\r\n'))
    expect((await benchmark('show', 'mdrr-table2', '--markdown')).stdout).toMatch(
      /^## MDRR-att, Table 2, on Sample lab, seed 1\n/,
    )
    expect((await benchmark('show', 'mdrr-table2', '--latex')).stdout).toContain('\\begin{tabular}')
    const { stdout: list } = await benchmark('list')
    expect(list).toMatch(/^mdrr-table2 .* Sample lab: 6 of 6 cells, finished$/m)
  })

  it('takes what another benchmark has computed; Ctrl-C leaves it interrupted, with what is done and what is at work, and says how to go on', async () => {
    const args = ['run', 'mdrr-figure4', '--dataset', 'Sample lab', '--seeds', '1', '--rows', 'mdrr-att/palate']
    const running = startCli(workspace, 'benchmark', ...args)
    await running.sees(/mdrr-att\/palate, seed 1: running/)
    running.child.kill('SIGINT')
    const { code, stderr } = await running.result
    expect(code).toBe(1)
    const advice = 'Go on with: palate benchmark run mdrr-figure4 --dataset "Sample lab"'
    expect(stderr).toContain(`palate: The benchmark "mdrr-figure4" was interrupted. ${advice}\n`)
    const again = await benchmark(...args)
    expect(again.stderr).toMatch(/^MDRR-att, Figure 4 on Sample lab: [56] of 6 cells are filled\.\n/)
    expect(again.stderr).not.toMatch(/random, seed 1: running/)
    expect([again.code, again.stdout.includes('MDRR-att, palate')]).toEqual([0, true])
  })

  it.each([
    [['run', 'guess'], 2, /^palate: There is no benchmark "guess"\. Choose one of: drr-gru-dimension, /],
    [['show', 'guess'], 2, /^palate: There is no benchmark "guess"\. Choose one of: drr-gru-dimension, /],
    [
      ['run', 'mdrr-table2'],
      2,
      /^palate: No data set of this workspace is what "mdrr-table2" is about \(MovieLens-100k or MovieLens-1M\)\./,
    ],
    [
      ['run', 'mdrr-table2', '--dataset', 'Sample lab', '--rows', 'guess'],
      2,
      /^palate: There is no row "guess"\. Choose from: random, /,
    ],
    [['run', 'mdrr-table2', '--dataset', 'nowhere'], 1, /^palate: There is no data set named "nowhere"/],
    [['run', 'mdrr-table2', '--seeds', '0'], 2, /^palate: --seeds wants a whole number from 1 to 100, not "0"\./],
    [
      ['run', 'mdrr-table2', '--csv', '--latex'],
      2,
      /^palate: The table has one format: give one of --json, --csv, --markdown and --latex\./,
    ],
  ])('%j ends with %i', async (args, expected, message) => {
    const { code, stderr } = await benchmark(...args)
    expect([code, stderr]).toEqual([expected, expect.stringMatching(message)])
  })
})
