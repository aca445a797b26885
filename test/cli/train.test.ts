import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { resultRowWithInterval, runSummary } from '../../src-main/contract/dto/run.ts'
import { errorRecord } from '../../src-main/contract/errors.ts'
import { cli, startCli } from '../support/cli.ts'
import { temporaryFolder } from '../support/runs-lab.ts'

const document = z.object({ rows: z.array(resultRowWithInterval), runs: z.array(runSummary) })

/** The real model, small enough that a run takes seconds. */
const small = [
  'size=4',
  'embeddingEpochs=3',
  'batchSize=16',
  'actorHidden=16',
  'criticHidden=16',
  'attentionHidden=8',
  'validateEvery=100',
]
const train = (updates: number, ...more: string[]) => [
  'train',
  '--dataset',
  'Sample lab',
  '--model',
  'mdrr-att',
  '--updates',
  String(updates),
  ...small.flatMap((setting) => ['--set', setting]),
  '--json',
  ...more,
]

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let workspace: string
beforeAll(async () => {
  folder = await temporaryFolder()
  workspace = join(folder.path, 'workspace')
  expect((await cli(workspace, 'sample-lab')).code).toBe(0)
})
afterAll(() => folder.remove())

describe('palate train', () => {
  it('prints one document: tidy rows with floors and ceiling, sorted, the same again for the same seed', async () => {
    const first = await cli(workspace, ...train(60, '--seeds', '1,2', '--k', '5,20'))
    expect(first.stderr).toContain('finished')
    expect(first.code).toBe(0)
    const { rows, runs } = document.parse(JSON.parse(first.stdout))
    expect(runs.map((run) => [run.seed, run.split, run.state])).toEqual([
      [1, 'random:0.8@1', 'finished'],
      [2, 'random:0.8@2', 'finished'],
    ])
    expect([...new Set(rows.map((row) => row.model))].sort()).toEqual([
      'biased-mf',
      'item-mean',
      'mdrr-att',
      'oracle',
      'popularity',
      'random',
    ])
    // 2 seeds, 2 protocols, 2 subsets, 2 lengths; 14 metrics of 6 models, and the RMSE of the two that predict ratings.
    expect(rows).toHaveLength(2 * 2 * 2 * 2 * (14 * 6 + 2))
    const key = (row: (typeof rows)[number]) =>
      [row.seed, row.split, row.protocol, row.subset, String(row.k).padStart(5), row.metric, row.model].join(' ')
    expect(rows.map(key)).toEqual(rows.map(key).sort())
    const again = await cli(workspace, ...train(60, '--seeds', '1,2', '--k', '5,20'))
    expect(document.parse(JSON.parse(again.stdout)).rows).toEqual(rows)
  })

  it('gives the same rows on one thread and on two, and records what computed them', async () => {
    const one = await cli(workspace, ...train(40, '--k', '5', '--backend', 'kernels', '--threads', '1'))
    const two = await cli(workspace, ...train(40, '--k', '5', '--backend', 'kernels', '--threads', '2'))
    expect([one.code, two.code]).toEqual([0, 0])
    expect(document.parse(JSON.parse(two.stdout)).rows).toEqual(document.parse(JSON.parse(one.stdout)).rows)
    const file = join(folder.path, 'computed.csv')
    await cli(workspace, 'runs', '--csv', file)
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\r\n').slice(-2)
    expect(lines[0]).toMatch(
      /,kernels,"WebAssembly with (relaxed )?SIMD( of 256 bits)?, 1 thread",kernels (relaxed )?SIMD( of 256 bits)?; v8 /,
    )
    expect(lines[1]).toMatch(/,kernels,"WebAssembly with (relaxed )?SIMD( of 256 bits)?, 2 threads",/)
  })

  it('says why a backend that was asked for by name cannot be used, trains on no other, and exits with 1', async () => {
    const { code, stdout, stderr } = await cli(workspace, ...train(40, '--backend', 'tfjs-node-gpu'))
    const { error, runs } = z.object({ error: errorRecord, runs: z.array(runSummary) }).parse(JSON.parse(stdout))
    expect(code).toBe(1)
    expect(runs[0]).toMatchObject({ state: 'failed', updatesDone: 0 })
    expect(error).toMatchObject({ code: 'BACKEND_UNAVAILABLE', details: { backend: 'tfjs-node-gpu' } })
    expect(stderr).toContain('palate: The compute backend "tfjs-node-gpu" cannot be used: ')
  })

  it('killed with SIGKILL half way and resumed gives identical rows', async () => {
    const calm = await cli(workspace, ...train(20_000, '--seeds', '3'))
    const victim = startCli(workspace, ...train(20_000, '--seeds', '3', '--checkpoint-every', '1'))
    await victim.sees(/running, training/)
    await new Promise((resolve) => setTimeout(resolve, 1500))
    victim.child.kill('SIGKILL')
    const killed = await victim.result
    expect(killed.stdout).toBe('')
    await new Promise((resolve) => setTimeout(resolve, 5000))
    const { runs } = z.object({ runs: z.array(runSummary) }).parse(JSON.parse((await cli(workspace, 'runs', '--json')).stdout))
    expect(runs[0]).toMatchObject({ state: 'interrupted', seed: 3 })
    expect(runs[0]!.updatesDone).toBeGreaterThan(0)
    expect(runs[0]!.updatesDone).toBeLessThan(20_000)
    const resumed = await cli(workspace, 'resume', String(runs[0]!.id), '--json')
    expect(resumed.code).toBe(0)
    const { rows } = document.parse(JSON.parse(resumed.stdout))
    expect(rows).toEqual(document.parse(JSON.parse(calm.stdout)).rows)
    const metrics = async (id: number) => {
      const file = join(folder.path, `metrics-${id}.csv`)
      expect((await cli(workspace, 'export', String(id), '--what', 'metrics', '--csv', file)).code).toBe(0)
      // Without the last column: the time it took is not the same twice.
      return (await readFile(file, 'utf8')).split('\r\n').map((line) => line.split(',').slice(0, 3).join(','))
    }
    const calmId = document.parse(JSON.parse(calm.stdout)).runs[0]!.id
    expect(await metrics(runs[0]!.id)).toEqual(await metrics(calmId))
  })

  it('Ctrl-C stops with a checkpoint, says how to go on, and leaves runs that can be resumed', async () => {
    const running = startCli(workspace, ...train(100_000, '--seeds', '1,2,3'))
    await running.sees(/running, training/)
    running.child.kill('SIGINT')
    const { code, stdout, stderr } = await running.result
    expect(code).toBe(1)
    expect(stderr).toContain('Stopping with a checkpoint. Press Ctrl-C again to kill.')
    const { error } = z.object({ error: z.object({ code: z.string(), message: z.string() }) }).parse(JSON.parse(stdout))
    expect(error.code).toBe('CANCELLED')
    expect(stdout.match(/"state":"interrupted"/g)).toHaveLength(3)
    expect(error.message).toMatch(/^Training of runs \d+, \d+, \d+ was interrupted\. Continue with: palate resume \d+ and /)
    const listed = JSON.parse((await cli(workspace, 'runs', '--json')).stdout) as { runs: { state: string }[] }
    expect(listed.runs.slice(0, 3).map((run) => run.state)).toEqual(['interrupted', 'interrupted', 'interrupted'])
  })

  it('trains a floor like any other model', async () => {
    const { code, stdout } = await cli(workspace, 'train', '--dataset', 'Sample lab', '--model', 'popularity', '--json')
    expect(code).toBe(0)
    expect(document.parse(JSON.parse(stdout)).runs[0]).toMatchObject({ modelId: 'popularity', state: 'finished' })
  })
})

describe('palate evaluate, runs and export', () => {
  it('scores a trained run under other list lengths, and gives its own rows when nothing else is asked', async () => {
    const trained = document.parse(JSON.parse((await cli(workspace, ...train(20, '--k', '5'))).stdout))
    const id = String(trained.runs[0]!.id)
    const same = await cli(workspace, 'evaluate', id, '--json')
    expect(document.parse(JSON.parse(same.stdout)).rows).toEqual(trained.rows)
    const other = await cli(workspace, 'evaluate', id, '--k', '3', '--protocols', 'rerank-oneshot', '--json')
    const { rows } = document.parse(JSON.parse(other.stdout))
    expect(new Set(rows.map((row) => `${row.protocol} ${row.k}`))).toEqual(new Set(['rerank-oneshot 3']))
  })

  it('writes the table of runs: a line per run, a column per parameter and figure', async () => {
    const file = join(folder.path, 'runs.csv')
    expect((await cli(workspace, 'runs', '--csv', file)).stderr).toBe('')
    expect((await cli(workspace, 'runs', '--csv', file)).stderr).toBe(`Replaced ${file}.\n`)
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\r\n')
    const header = lines[0]!.split(',')
    expect(header.slice(0, 12)).toEqual([
      'id',
      'name',
      'group',
      'dataset',
      'model',
      'preset',
      'split',
      'seed',
      'state',
      'created',
      'duration seconds',
      'updates',
    ])
    expect(header).toContain('param.gamma')
    expect(header).toContain('rerank-sequential.full-length.ndcg@20')
    const listed = JSON.parse((await cli(workspace, 'runs', '--json')).stdout) as { runs: unknown[] }
    expect(lines).toHaveLength(1 + listed.runs.length)
    expect(lines.every((line) => line.replaceAll(/"[^"]*"/g, '').split(',').length === header.length)).toBe(true)
  })

  it('exports what was recommended, to whom, and what came back', async () => {
    const file = join(folder.path, 'events.csv')
    expect((await cli(workspace, 'export', '1', '--what', 'events', '--csv', file)).code).toBe(0)
    const [header, first] = (await readFile(file, 'utf8')).split('\r\n')
    expect(header).toBe('user id,step,item id,rating,reward,protocol,caution')
    expect(first).toMatch(/^u\d+,1,m\d+,[1-5],(-1|-0\.5|0|0\.5|1),rerank-sequential,$/)
  })
})
