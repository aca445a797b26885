import { afterEach, describe, expect, it, vi } from 'vitest'
import { findBrowser } from '../../../../src-main/services/bench/find-browser.ts'
import { writeGeneratedRuns } from '../../../../src-main/services/bench/generated-runs.ts'
import { openStorage } from '../../../../src-main/storage/open.ts'
import { createRepositories } from '../../../../src-main/storage/repositories/repositories.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

afterEach(() => vi.unstubAllEnvs())

async function generated() {
  const folder = await tempFolder()
  await writeGeneratedRuns(folder, { runs: 20, points: 1600 }, () => undefined)
  const storage = await openStorage(folder)
  try {
    const { runs, metricPoints, results, runFigures } = createRepositories(storage)
    const list = await runs.list()
    return {
      list,
      counts: await Promise.all(list.map((run) => metricPoints.count(run.id))),
      series: await metricPoints.series(7),
      results: await results.list(7),
      settings: await runFigures.settings(),
    }
  } finally {
    await storage.close()
  }
}

describe('the generated workspace of the window benchmark', () => {
  it('has finished runs with curves and results as the real storage keeps them, the same each time', async () => {
    const one = await generated()
    expect(one.list).toHaveLength(20)
    expect(one.list.every((run) => run.state === 'finished' && run.ndcg20! > 0.85 && run.ndcg20! < 0.93)).toBe(true)
    expect(one.counts).toEqual(Array.from({ length: 20 }, () => 80))
    expect(one.series.map(({ name, update }) => [name, update.length])).toContainEqual(['loss/critic', 10])
    expect([...one.series[0]!.update]).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90])
    expect(one.results).toHaveLength(60)
    expect(one.results.every(({ model, value }) => model === 'mdrr-max' && value >= 0.5 && value < 1)).toBe(true)
    expect(one.settings.configurations).toHaveLength(4)
    expect(one.list.filter((run) => run.tags.includes('paper'))).toHaveLength(6)
    expect(await generated()).toEqual(one)
  })
})

describe('the browser of the benchmark', () => {
  it('that is named and not there is told plainly', async () => {
    vi.stubEnv('CHROMIUM_PATH', '/nowhere/chromium')
    await expect(findBrowser('/nowhere')).rejects.toThrow(
      'CHROMIUM_PATH names /nowhere/chromium, which does not exist. Correct or unset it.',
    )
  })

  it('that is nowhere is told with what to do', async () => {
    vi.stubEnv('CHROMIUM_PATH', '')
    vi.stubEnv('PATH', '/nowhere')
    vi.stubEnv('HOME', '/nowhere')
    await expect(findBrowser('/nowhere')).rejects.toThrow(
      'This benchmark measures in a real browser, and none was found. Install Chromium or Google Chrome, or name one in CHROMIUM_PATH.',
    )
  })
})
