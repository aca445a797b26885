import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { cli } from '../support/cli.ts'
import { fakeDataset, fakeRun } from '../support/fake-engine/world.ts'
import { expect, startLab, test } from './support/fixtures.ts'

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Open a bundle' })
const checks = (page: Page) => dialog(page).getByRole('region', { name: 'Verification' })

test('a bundle from elsewhere is opened in an empty workspace, verified to the same figures, imported and packed again', async ({
  page,
}) => {
  test.setTimeout(90_000)
  const folder = await mkdtemp(path.join(tmpdir(), 'palate-bundle-'))
  const file = path.join(folder, 'paper.palate-bundle')
  const home = path.join(folder, 'home')
  await cli(home, 'sample-lab')
  await cli(home, 'train', '--dataset', 'Sample lab', '--model', 'item-mean', '--k', '20', '--name', 'The floor')
  expect((await cli(home, 'bundle', 'export', '1', '--out', file, '--with-data')).code).toBe(0)
  const lab = await startLab()
  try {
    await page.goto(lab.link)
    await page.getByRole('link', { name: 'Runs', exact: true }).click()
    await page.getByRole('button', { name: 'Open a bundle' }).click()
    await dialog(page).getByLabel('Bundle to open').setInputFiles(file)
    await expect(dialog(page).getByRole('cell', { name: 'The floor' })).toBeVisible()
    await expect(dialog(page).getByText(/It lies in the bundle\.$/)).toBeVisible()
    await dialog(page).getByRole('button', { name: 'Verify' }).click()
    await expect(dialog(page).getByText('The bundle is what it says.')).toBeVisible({ timeout: 30_000 })
    await expect(checks(page).getByText('Identical', { exact: true })).toHaveCount(3)
    await dialog(page).getByRole('button', { name: 'Import 1 run' }).click()
    await expect(dialog(page).getByText('The data set “Sample lab” was imported.')).toBeVisible()
    await dialog(page).getByRole('link', { name: 'The floor' }).click()
    await expect(dialog(page)).toHaveCount(0)
    await page.getByRole('radio', { name: 'Record' }).click()
    await expect(page.getByText(/^bundle paper\.palate-bundle, run 1 there, packed by Palate /)).toBeVisible()

    await page.getByRole('button', { name: 'Export CSV' }).click()
    await page.getByRole('menuitem', { name: 'Run bundle …' }).click()
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Pack and save' }).click()
    const download = await saved
    expect(download.suggestedFilename()).toBe('The-floor-seed1.palate-bundle')
    expect((await readFile(await download.path())).subarray(0, 2).toString()).toBe('PK')
  } finally {
    await lab.stop()
    await rm(folder, { recursive: true, force: true })
  }
})

test('a bundle that was tampered with is told so, by entry; what is selected is packed with a word on licences', async ({
  page,
  world,
  fake,
}) => {
  world.datasets.push(fakeDataset(1, 'Sample lab'))
  for (const id of [1, 2]) world.runs.set(id, fakeRun(id, world.datasets[0]!, id === 1 ? 'finished' : 'paused'))
  await page.goto(`${fake.url}#/runs`)
  await page.getByRole('button', { name: 'Open a bundle' }).click()
  const look = async (where: string) => {
    await dialog(page).getByLabel('Or a path on the computer where Palate runs').fill(where)
    await page.keyboard.press('Enter')
  }
  await look('/data/missing.palate-bundle')
  await expect(dialog(page).getByRole('alert')).toContainText('There is no bundle at /data/missing.palate-bundle.')
  await look('/data/tampered.palate-bundle')
  await dialog(page).getByRole('button', { name: 'Verify' }).click()
  await expect(checks(page).getByText('"runs/1/results.json": its SHA-256 is another one')).toBeVisible()
  await expect(dialog(page).getByText('The bundle is not what it says.')).toBeVisible()
  await expect(dialog(page).getByRole('button', { name: 'Import 2 runs all the same' })).toBeVisible()
  await page.keyboard.press('Escape')

  await page.getByRole('checkbox', { name: /seed 2/ }).check()
  await expect(page.getByRole('button', { name: 'Pack', exact: true })).toBeDisabled()
  await page.getByRole('checkbox', { name: /seed 2/ }).uncheck()
  await page.getByRole('checkbox', { name: /seed 1/ }).check()
  await page.getByRole('button', { name: 'Pack', exact: true }).click()
  const pack = page.getByRole('dialog', { name: 'Pack this run' })
  await pack.getByRole('checkbox').check()
  await expect(pack.getByText(/terms that forbid passing them on, those of MovieLens among them/)).toBeVisible()
  const saved = page.waitForEvent('download')
  await pack.getByRole('button', { name: 'Pack and save' }).click()
  expect((await readFile(await (await saved).path())).toString()).toBe('a bundle')
})
