import { readFile } from 'node:fs/promises'
import { fakeDataset } from '../support/fake-engine/world.ts'
import { expect, expectAccessible, test } from './support/fixtures.ts'

test('a recipe fills cell by cell beside the published figures; it is cancelled and goes on', async ({ page, world, fake }) => {
  world.datasets.push(fakeDataset(1, 'ml-100k'))
  await page.goto(`${fake.url}#/benchmarks`)
  await expect(page.getByText('Made-up Journal 12 (2023). · Table 2, page 7')).toBeVisible()
  await page.getByRole('link', { name: 'Set up MDRR-att, Table 2' }).click()
  await expect(page.getByText('10 rows, 8 columns, split random:0.8, 3 seeds')).toBeVisible()

  await page.getByRole('button', { name: 'Start' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Seeds').fill('x')
  await expect(dialog.getByText('"x" is no seed')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Start' })).toBeDisabled()
  await dialog.getByLabel('Seeds').fill('1, 2')
  await expect(dialog.getByText('8 cells to fill')).toBeVisible()
  await dialog.getByRole('button', { name: 'Start' }).click()

  const table = page.getByRole('region', { name: 'Table of the benchmark' })
  await expect(table.getByRole('row', { name: /^Random Floor/ })).toContainText('.5520')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('region', { name: 'Progress' })).toContainText('Cancelled')
  await expect(table.getByRole('row', { name: /^Oracle/ })).not.toContainText('.8380')

  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click()
  await expect(page.getByRole('region', { name: 'Progress' })).toContainText('Finished')
  await expect(page.getByRole('region', { name: 'Progress' })).toContainText('15 of 16 cells done · 1 failed')
  const paper = table.getByRole('row', { name: /^MDRR-att, paper/ })
  await expect(paper).toContainText('.6525')
  await expect(paper).toContainText('below the paper')
  await expect(table.getByRole('row', { name: /^PMF/ })).toContainText('.8731')
  await expect(table.getByRole('row', { name: /^DEERS/ })).toContainText('The model deers is not in the catalogue.')

  await expect(page.getByText('Not distinguishable')).toBeVisible()
  await page.getByText('1 cell failed').click()
  await expect(page.getByRole('alert')).toContainText('DDPG, paper, seed 2')
  await expect(page.getByRole('alert')).toContainText('stopped being a finite number')

  await page.getByLabel('Protocol and users').selectOption({ label: 'Sampled, 1 + 99, full-length users' })
  await expect(page.getByText('The paper re-ranks logged items: a drawn sample is another task.').first()).toBeVisible()

  await page.getByRole('button', { name: 'Export' }).click()
  const waiting = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'LaTeX' }).click()
  const download = await waiting
  expect(download.suggestedFilename()).toBe('mdrr-table2-ml-100k.tex')
  expect(await readFile(await download.path(), 'utf8')).toContain('latex')

  await page.getByRole('button', { name: 'Forget this table' }).click()
  await page.getByRole('button', { name: 'Forget it' }).click()
  await expect(page.getByText('What it fills')).toBeVisible()
})

test('a recipe whose data set is not here says what to bring', async ({ page, fake }) => {
  await page.goto(`${fake.url}#/benchmarks/drr-gru-jester`)
  await expect(page.getByText('The recipe is about Jester.')).toBeVisible()
  await page.getByRole('link', { name: 'Import data' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Import data' })).toBeVisible()
  await page.goto(`${fake.url}#/benchmarks/none`)
  await expect(page.getByText('This version of Palate has no recipe “none”.')).toBeVisible()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme, reducedMotion: 'reduce' })

    test('axe finds nothing before, during and after a benchmark', async ({ page, world, fake }) => {
      world.datasets.push(fakeDataset(1, 'ml-100k'))
      await page.goto(`${fake.url}#/benchmarks/mdrr-table2`)
      await expect(page.getByText('What it fills')).toBeVisible()
      await expectAccessible(page, 'a recipe')
      await page.getByRole('button', { name: 'Start' }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
      await expectAccessible(page, 'its form')
      await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click()
      await expect(page.getByRole('row', { name: /^Random Floor/ })).toContainText('.5520')
      await expectAccessible(page, 'a benchmark at work')
      await expect(page.getByRole('region', { name: 'Progress' })).toContainText('Finished')
      await page.getByText('1 cell failed').click()
      await expectAccessible(page, 'a filled table')
    })
  })
}
