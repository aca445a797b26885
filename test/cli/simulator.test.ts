import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { comparison } from '../../src-main/contract/dto/evaluation.ts'
import { resultRowWithInterval, runSummary } from '../../src-main/contract/dto/run.ts'
import { liveBatch, liveBatchResult } from '../../src-main/contract/dto/live-batch.ts'
import { simulatorReport } from '../../src-main/contract/dto/simulator.ts'
import { errorRecord } from '../../src-main/contract/errors.ts'
import { cli } from '../support/cli.ts'
import { temporaryFolder } from '../support/runs-lab.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let workspace: string
beforeAll(async () => {
  folder = await temporaryFolder()
  workspace = join(folder.path, 'workspace')
  expect((await cli(workspace, 'sample-lab')).code).toBe(0)
})
afterAll(() => folder.remove())

describe('palate simulator report', () => {
  it('says how far the answers can be believed, and what floors and oracle earn', async () => {
    const { code, stdout } = await cli(workspace, 'simulator', 'report', '--dataset', 'Sample lab', '--set', 'users=60', '--json')
    expect(code).toBe(0)
    const report = simulatorReport.parse(JSON.parse(stdout))
    const { calibration, saturation, earnings } = report
    expect([report.simulator, report.datasetName, report.split]).toEqual(['logged', 'Sample lab', 'random:0.8@1'])
    expect(report.settings).toMatchObject({ users: 60, steps: 20, noise: 0.5 })
    expect(calibration.bins.map(({ low, high }) => [low, high])).toHaveLength(10)
    expect(calibration.bins.reduce((sum, { count }) => sum + count, 0)).toBe(calibration.ratings)
    expect(calibration.rmse).toBeGreaterThan(0.3)
    expect(calibration.rmse).toBeLessThan(1.2)
    const filled = calibration.bins.filter(({ count }) => count > 100)
    for (let at = 1; at < filled.length; at++) expect(filled[at]!.meanRating).toBeGreaterThan(filled[at - 1]!.meanRating!)
    expect(saturation.pairs).toBe(60 * 200)
    expect(saturation.bins.reduce((sum, { count }) => sum + count, 0)).toBe(saturation.pairs)
    expect(saturation.answeredHighest).toBeGreaterThanOrEqual(saturation.predictedHighest!)
    expect(report.agreement.share).toBeGreaterThan(0.6)
    expect(earnings[0]!.model).toBe('random')
    expect(earnings.at(-1)!.model).toBe('oracle')
    expect(new Set(earnings.map(({ model }) => model))).toEqual(
      new Set(['random', 'popularity', 'item-mean', 'biased-mf', 'oracle']),
    )
    for (const { reward, low, high, episodeReturn, users } of earnings) {
      expect(low!).toBeLessThanOrEqual(reward)
      expect(high!).toBeGreaterThanOrEqual(reward)
      expect(episodeReturn).toBeCloseTo(20 * reward, 9)
      expect(users).toBe(60)
    }
  })

  it('says it of virtual users, who leave: what they like is liked in the data, and greed earns more than chance', async () => {
    const { code, stdout } = await cli(
      workspace,
      ...['simulator', 'report', '--dataset', 'Sample lab', '--simulator', 'virtual', '--set', 'users=200', '--json'],
    )
    expect(code).toBe(0)
    const { simulator, agreement, earnings } = simulatorReport.parse(JSON.parse(stdout))
    expect(simulator).toBe('virtual')
    expect(agreement.share).toBeGreaterThan(0.52)
    const of = (model: string) => earnings.find((one) => one.model === model)!
    expect(of('random').steps).toBeLessThan(20)
    expect(of('oracle').episodeReturn).toBeGreaterThan(of('random').episodeReturn + 0.5)
    for (const { likes, episodeReturn } of earnings) expect(likes).toBeGreaterThanOrEqual(episodeReturn)
  })

  it('refuses settings that nobody has', async () => {
    const wrong = await cli(workspace, 'simulator', 'report', '--dataset', 'Sample lab', '--set', 'grudge=1', '--json')
    const { error } = z.object({ error: errorRecord }).parse(JSON.parse(wrong.stdout))
    expect([wrong.code, error.code, error.message]).toEqual([
      2,
      'PARAMS_INVALID',
      'The simulator cannot be set so. There is no parameter "grudge". Known: steps, users, seed, simulator, size, lambda, epochs, clusters, mixture, drift, interest, clickBase, boredom, leaveBase, impatience, fatigue, itemPage, pageBase, leaveReward, dislikeBelow, noise.',
    ])
  })
})

describe('online-simulated on the command line', () => {
  it('is trained, evaluated again with other settings, and compared user by user', async () => {
    const trained = z.object({ rows: z.array(resultRowWithInterval), runs: z.array(runSummary) })
    const runs: string[] = []
    for (const model of ['biased-mf', 'popularity']) {
      const protocol = ['--protocols', 'online-simulated:users=80']
      const { stdout } = await cli(workspace, 'train', '--dataset', 'Sample lab', '--model', model, ...protocol, '--json')
      const { rows, runs: made } = trained.parse(JSON.parse(stdout))
      runs.push(String(made[0]!.id))
      expect(new Set(rows.map((row) => row.protocol))).toEqual(new Set(['online-simulated:users=80']))
    }
    const again = await cli(workspace, 'evaluate', runs[0]!, '--protocols', 'online-simulated:users=10:steps=3', '--k', '3')
    expect(again.code).toBe(0)
    expect(again.stdout).toMatch(
      /^online-simulated:users=10:steps=3, all users, k = 3\nNot comparable with other protocols or settings, because answers are ratings where there are any/,
    )
    const compared = await cli(
      workspace,
      'compare',
      ...runs,
      ...['--protocol', 'online-simulated:users=80', '--metric', 'reward', '--json'],
    )
    const found = comparison.parse(JSON.parse(compared.stdout))
    expect(found.pairs[0]).toMatchObject({ verdict: 'higher', users: 80 })
    expect(found.caution).toContain('Not comparable with other protocols or settings')
    expect(found.contenders[0]!.interquartileMean).toBeGreaterThan(found.contenders[1]!.interquartileMean!)
    const seeds = await cli(workspace, 'live', 'batch', '--runs', runs.join(','), '--users', '30', '--steps', '6', '--json')
    const { batch, result } = z.object({ batch: liveBatch, result: liveBatchResult }).parse(JSON.parse(seeds.stdout))
    expect(batch.setup).toMatchObject({ users: 30, steps: 6, simulator: 'logged', learning: null })
    expect(result.players.map(({ model }) => model)).toEqual(['biased-mf', 'popularity', 'random', 'popularity', 'oracle'])
    expect(result.players[1]!.episode).toEqual(result.players[3]!.episode)
    expect(result.pairs.find(({ a, b }) => a === 0 && b === 2)).toMatchObject({ verdict: 'higher' })
  })
})
