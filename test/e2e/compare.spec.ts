import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { fakeDataset, fakeRun, type World } from '../support/fake-engine/world.ts'
import { expect, test } from './support/fixtures.ts'

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
