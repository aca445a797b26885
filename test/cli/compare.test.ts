import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { comparison } from '../../src-main/contract/dto/evaluation.ts'
import { resultRowWithInterval, runSummary } from '../../src-main/contract/dto/run.ts'
import { splitCheck } from '../../src-main/contract/dto/split.ts'
import { cli } from '../support/cli.ts'
import { temporaryFolder } from '../support/runs-lab.ts'

const trained = z.object({ rows: z.array(resultRowWithInterval), runs: z.array(runSummary) })

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let workspace: string
const train = async (model: string, ...more: string[]) => {
  const { code, stdout, stderr } = await cli(workspace, 'train', '--dataset', 'Sample lab', '--model', model, '--json', ...more)
  expect([code, stderr.includes('palate:')]).toEqual([0, false])
  return trained.parse(JSON.parse(stdout))
}
beforeAll(async () => {
  folder = await temporaryFolder()
  workspace = join(folder.path, 'workspace')
  expect((await cli(workspace, 'sample-lab')).code).toBe(0)
})
afterAll(() => folder.remove())

describe('palate compare', () => {
  it('tells biased MF from popularity, on the users of both seeds', async () => {
    const runs = [...(await train('biased-mf', '--seeds', '1,2')).runs, ...(await train('popularity', '--seeds', '1,2')).runs]
    const { code, stdout } = await cli(workspace, 'compare', ...runs.map((run) => String(run.id)), '--json')
    expect(code).toBe(0)
    const found = comparison.parse(JSON.parse(stdout))
    expect(found.contenders.map(({ model }) => model)).toEqual(['biased-mf', 'popularity'])
    expect(found.trials.map(({ seed }) => seed)).toEqual([1, 2])
    expect(found.pairs[0]).toMatchObject({ verdict: 'higher' })
    const text = await cli(workspace, 'compare', ...runs.map((run) => String(run.id)), '--metric', 'reward', '--k', '5')
    expect(text.stdout).toMatch(
      /^reward@5, rerank-sequential, all users, Sample lab \(random:0\.8@1 seed 1, random:0\.8@2 seed 2\)\n/,
    )
    expect(text.stdout).toContain('inter-quartile mean')
    expect(text.stdout).toMatch(/biased-mf \(\w+\) +popularity \(default\) .* a is higher\n/)
    // The same again, byte by byte.
    expect((await cli(workspace, 'compare', ...runs.map((run) => String(run.id)), '--json')).stdout).toBe(stdout)
  })

  it('refuses an unknown metric as a usage error', async () => {
    const { code, stderr } = await cli(workspace, 'compare', '1', '2', '--metric', 'guess')
    expect(code).toBe(2)
    expect(stderr).toMatch(/^palate: There is no metric "guess"\. Choose from: hit-rate, map, /)
  })
})

describe('palate split', () => {
  it('makes every kind of split, and says what the check finds', async () => {
    for (const split of ['random:0.8@2', 'chronological:0.8', 'time:0.8', 'leave-last:1']) {
      const { code, stdout } = await cli(workspace, 'split', split, '--dataset', 'Sample lab', '--json')
      expect([split, code]).toEqual([split, 0])
      expect(splitCheck.parse(JSON.parse(stdout)).split).toBe(split)
    }
    const { stdout } = await cli(workspace, 'split', 'leave-last:1', '--dataset', 'Sample lab')
    expect(stdout).toMatch(/^leave-last:1: \d+ ratings train, \d+ test, of \d+ users \(hash [0-9a-f]{16}\)\n/)
  })
})

describe('palate train on other splits and protocols', () => {
  it.each(['chronological:0.7', 'time:0.8', 'leave-last:2'])('%s is recorded with the run and its rows', async (split) => {
    const { rows, runs } = await train('popularity', '--split', split)
    expect(runs.map((run) => [run.split, run.state])).toEqual([[split, 'finished']])
    expect(new Set(rows.map((row) => row.split))).toEqual(new Set([split]))
  })

  it('a split that the data are too few for is refused before a run is stored', async () => {
    const before = (await cli(workspace, 'runs', '--json')).stdout
    const { code, stderr } = await cli(
      workspace,
      'train',
      '--dataset',
      'Sample lab',
      '--model',
      'popularity',
      '--split',
      'leave-last:9000',
    )
    expect([code, stderr]).toEqual([
      1,
      'palate: No user has more than 9000 ratings: leave-last:9000 leaves nothing to test on. Import more data or leave out fewer.\n',
    ])
    expect((await cli(workspace, 'runs', '--json')).stdout).toBe(before)
  })

  it('the whole catalogue and the sample are scored, exported without ratings that nobody gave, and the sample is badged', async () => {
    const { runs } = await train('biased-mf', '--protocols', 'full-catalogue,sampled', '--k', '10')
    const file = join(folder.path, 'recommendations.csv')
    await cli(workspace, 'export', String(runs[0]!.id), '--what', 'recommendations', '--csv', file)
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\r\n').slice(1)
    const full = lines.filter((line) => line.endsWith(',full-catalogue'))
    expect(full.some((line) => line.endsWith(',,full-catalogue'))).toBe(true)
    expect(full.every((line) => /,([1-5])?,full-catalogue$/.test(line))).toBe(true)
    const { stdout } = await cli(workspace, 'evaluate', String(runs[0]!.id))
    expect(stdout).toMatch(/^sampled, all users, k = 10\nNot comparable: /m)
    expect(stdout).toMatch(/^full-catalogue, all users, k = 10\nmodel /m)
  })
})
