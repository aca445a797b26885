import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { fakeDataset, fakeRun, type World } from '../support/fake-engine/world.ts'
import { cli } from '../support/cli.ts'
import { expect, startLab, test } from './support/fixtures.ts'

function furnish(world: World): void {
  world.datasets.push(fakeDataset(1, 'Sample lab'))
  for (const [at, modelId] of ['mdrr-att', 'svd++', 'biased-mf'].entries())
    world.runs.set(
      at + 1,
      fakeRun(at + 1, world.datasets[0]!, 'finished', { modelId, name: `${modelId} here`, seed: 1, split: 'random:0.8@1' }),
    )
}
const rowOf = (page: Page, name: RegExp) =>
  page.getByRole('region', { name: 'Table of models and metrics' }).getByRole('row', { name })

test('selected runs are compared, floors and ceiling with them, and what cannot be told apart says so', async ({
  page,
  world,
  fake,
}) => {
  furnish(world)
  await page.goto(`${fake.url}#/runs`)
  await page.getByLabel('Select all runs of the table').check()
  await page.getByRole('link', { name: 'Compare figures' }).click()
  await expect(page.getByText('3 models on Sample lab')).toBeVisible()
  await expect(rowOf(page, /^Oracle Ceiling/)).toBeVisible()
  await expect(rowOf(page, /^Popularity Floor/)).toBeVisible()

  await page.getByLabel('Baseline').selectOption('svd++ (palate)')
  await expect(rowOf(page, /^svd\+\+ \(palate\) baseline/)).toBeVisible()
  const tests = page.getByRole('region', { name: 'Paired tests' })
  await expect(tests.getByRole('row')).toHaveCount(3)
  await expect(tests.getByRole('row', { name: /^biased-mf/ })).toContainText('Not distinguishable')
  await expect(page.getByText('corrected after Holm for 3 pairs of models')).toBeVisible()

  await page.getByRole('button', { name: 'RMSE' }).click()
  await expect(page).toHaveURL(/metric=rmse/)
  await expect(page.getByText('users have no values of their own that could be paired')).toBeVisible()
  await page.getByRole('radio', { name: 'All users' }).click()
  await expect(page).toHaveURL(/subset=all/)

  await page.getByRole('button', { name: 'Export' }).click()
  const waiting = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'Markdown' }).click()
  const download = await waiting
  expect(download.suggestedFilename()).toBe('compare-Sample-lab.md')
  const text = await readFile(await download.path(), 'utf8')
  expect(text).toMatch(/^\| Model \| Precision@20 \|/)
  expect(text).toContain('\n| Oracle | ')
})

test('runs without a figure in common are scored alike, without training', async ({ page, world, fake }) => {
  furnish(world)
  world.runs.get(2)!.rows = []
  await page.goto(`${fake.url}#/compare?runs=1,2`)
  await expect(page.getByText('These runs share no figures')).toBeVisible()
  await page.getByRole('button', { name: 'Score them alike' }).click()
  await page.getByRole('checkbox', { name: /^Sampled, 1 \+ 99/ }).check()
  await page.getByRole('button', { name: 'Score', exact: true }).click()
  await expect(rowOf(page, /^svd\+\+/)).toBeVisible()
  await expect(page.getByText('Not comparable: a drawn sample favours popular items.')).toBeVisible()
})

test('less than two runs are no comparison', async ({ page, world, fake }) => {
  furnish(world)
  await page.goto(`${fake.url}#/compare?runs=1,2`)
  await page.getByRole('button', { name: 'Leave out svd++ here · seed 1' }).click()
  await expect(page.getByText('Choose the runs to compare')).toBeVisible()
  await page.getByRole('link', { name: 'Choose runs' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Runs' })).toBeVisible()
})

test('more than twenty runs: the first twenty are compared; one that is gone is told', async ({ page, world, fake }) => {
  furnish(world)
  for (let id = 4; id <= 22; id++) world.runs.set(id, fakeRun(id, world.datasets[0]!, 'finished', { split: 'random:0.8@1' }))
  await page.goto(`${fake.url}#/compare?tab=parameters&runs=99,${[...world.runs.keys()].join(',')}`)
  await expect(page.getByText('22 runs are named; the first 20 are compared.')).toBeVisible()
  await expect(page.getByText('Run #99 is not in this workspace; deleted, perhaps.')).toBeVisible()
  await expect(page.getByRole('list', { name: 'Runs that are compared' }).getByRole('listitem')).toHaveCount(20)
  await expect(page.getByRole('region', { name: 'Table of parameters' }).getByRole('columnheader')).toHaveCount(21)
})

test('a chart is drawn, zoomed, and saved on white in the dark theme as well', async ({ page, world, fake }) => {
  furnish(world)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.goto(`${fake.url}#/compare?runs=1,2,3&tab=curves`)
  const chart = page.getByRole('img', { name: /^Mean Q\./ })
  await expect(chart).toHaveAttribute('data-drawn', /[1-9]/)
  await page.getByRole('button', { name: 'Zoom in' }).press('Enter')
  await expect(page.getByText('750 – 2,250')).toBeVisible()
  await page.getByRole('button', { name: 'Save Mean Q runs 1-2-3' }).click()
  const save = async (format: string) => {
    const waiting = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: format }).click()
    const download = await waiting
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) }
  }
  const svg = await save('SVG')
  expect(svg.name).toBe('Mean-Q-runs-1-2-3.svg')
  const drawn = svg.bytes.toString()
  expect(drawn).toMatch(/^<svg width="900"/)
  for (const part of ['fill="#ffffff"', '>Mean Q<', 'mdrr-att here · seed 1', '#0072b2']) expect(drawn).toContain(part)
  await page.getByRole('button', { name: 'Save Mean Q runs 1-2-3' }).click()
  const png = await save('PNG')
  expect([...png.bytes.subarray(1, 4)].map((byte) => String.fromCharCode(byte)).join('')).toBe('PNG')
  // Twice as wide as the picture measures in CSS pixels.
  expect(png.bytes.readUInt32BE(16)).toBe(1800)
})

test('all parts of a comparison of real runs are walked by keyboard', async ({ page }) => {
  const lab = await startLab(async (workspace) => {
    const train = async (...more: string[]) =>
      expect((await cli(workspace, 'train', '--dataset', 'Sample lab', '--model', 'biased-mf', ...more)).code).toBe(0)
    expect((await cli(workspace, 'sample-lab')).code).toBe(0)
    await train('--seeds', '1,2', '--name', 'usual')
    await train('--seeds', '1', '--set', 'size=3', '--name', 'narrow')
  })
  try {
    await page.goto(lab.link)
    await page.goto(`${new URL(page.url()).origin}/#/compare?runs=1,2,3`)
    await expect(rowOf(page, /^Oracle Ceiling/)).toBeVisible()
    const walk = async (tab: string) => {
      await page.keyboard.press('ArrowRight')
      await expect(page.getByRole('radio', { name: tab, exact: true })).toBeFocused()
      await expect(page).toHaveURL(new RegExp(`tab=${tab.toLowerCase()}`))
    }
    await page.getByRole('radio', { name: 'Figures', exact: true }).focus()

    await walk('Curves')
    const chart = page.getByRole('img', { name: /^RMSE on the training ratings/ })
    await expect(chart).toHaveAttribute('data-drawn', /[1-9]/)
    await expect(chart).toHaveAttribute('aria-label', /usual \(seed 1\) [\d.]+ at .*usual \(seed 2\) .*narrow · seed 1/)
    await page.getByRole('button', { name: 'narrow · seed 1', exact: true }).press('Space')
    await expect(chart).not.toHaveAttribute('aria-label', /narrow/)
    await page.getByRole('radio', { name: 'Each run' }).press('ArrowRight')
    await expect(chart).toHaveAttribute('aria-label', /biased-mf \(palate\) #1, #2 \(2\)/)
    await page.getByRole('radio', { name: 'Curves', exact: true }).focus()

    await walk('Parameters')
    const table = page.getByRole('region', { name: 'Table of parameters' })
    await expect(table.getByRole('row', { name: /^Size/ })).toContainText('3')
    await expect(table.getByRole('row', { name: /^Data set/ })).toHaveCount(0)
    await page.getByRole('switch', { name: 'Also what is the same' }).press('Space')
    await expect(table.getByRole('row', { name: /^Data set/ })).toContainText('Sample lab')
    await page.getByRole('radio', { name: 'Parameters', exact: true }).focus()

    await walk('Parallel')
    await page.getByLabel('Axis to mark on').selectOption('Size')
    await page.getByLabel('Marked to').selectOption('3')
    await page.getByRole('button', { name: 'Mark', exact: true }).press('Enter')
    await expect(page.getByText('1 run is marked.')).toBeVisible()
    await expect(page.getByRole('row', { name: /^narrow · seed 1 \(marked\)/ })).toBeVisible()
    await page.getByRole('radio', { name: 'Parallel', exact: true }).focus()

    await walk('Scatter')
    await page.getByLabel('Parameter', { exact: true }).selectOption('Size')
    const points = page.getByRole('region', { name: 'Runs of the scatter plot' })
    await expect(points.getByRole('row', { name: /^narrow · seed 1 3 \.\d{4} \.\d{4} \.\d{4}/ })).toBeVisible()
    await page.getByRole('radio', { name: 'Scatter', exact: true }).focus()

    await walk('Users')
    // Of the same split, since users of another one were tested on other items.
    await expect(page.getByLabel('Second run')).toHaveValue('3')
    const users = page.getByRole('region', { name: 'Users behind the bars' })
    await page.getByLabel('Difference', { exact: true }).selectOption({ index: 1 })
    await expect(page).toHaveURL(/bar=-\d+/)
    const first = users.getByRole('row').nth(1)
    await expect(first).toContainText(/−\.\d{4}/)
    await expect(first.getByRole('link').first()).toHaveAttribute('href', /#\/datasets\/1\?tab=users&user=\d+/)
    await page.getByRole('radio', { name: 'Users', exact: true }).focus()

    await walk('Recommendations')
    const listed = page.getByRole('region', { name: 'Users with lists of both runs' })
    await listed.getByRole('row').nth(2).focus()
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/user=\d+/)
    for (const run of ['usual (seed 1)', 'narrow · seed 1'])
      await expect(
        page.getByRole('region', { name: `List of ${run}` }).getByRole('row', { name: /^1 .*(up|down|same|only)/ }),
      ).toBeVisible()
    await page.getByLabel('Second run').selectOption('usual (seed 2)')
    await page.getByRole('radio', { name: 'Recommendations', exact: true }).focus()
    await page.keyboard.press('ArrowLeft')
    await expect(page.getByRole('alert')).toContainText('Choose two runs of one split.')
  } finally {
    await lab.stop()
  }
})
