import { fakeDataset, fakeRun } from '../support/fake-engine/world.ts'
import { expect, test } from './support/fixtures.ts'

test('every model is found by what it does, and its page says where it comes from and what can be set', async ({
  page,
  world,
  fake,
}) => {
  world.datasets.push(fakeDataset(1, 'Sample lab'))
  world.runs.set(1, fakeRun(1, world.datasets[0]!, 'finished'))
  await page.goto(`${fake.url}#/models`)
  await expect(page.getByText('7 models in 3 families')).toBeVisible()
  await page.keyboard.press('/')
  await page.keyboard.type('likes dislikes')
  await expect(page.getByText('1 of 7 models')).toBeVisible()
  await page.getByRole('link', { name: 'MDRR-att', exact: true }).press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'MDRR-att' })).toBeVisible()
  await expect(page.getByText('The actor gradient is taken at the present action')).toBeVisible()
  await expect(page.getByText('not comparable with others')).toBeVisible()
  const gamma = page.getByRole('row', { name: /^Gamma/ })
  await expect(gamma).toContainText('γ')
  await expect(gamma).toContainText('0 … 1')
  await expect(gamma).toContainText('How much a later reward counts. Equation (9).')
  await page.getByRole('link', { name: 'Train with preset Paper' }).click()
  await expect(page.getByRole('radio', { name: 'Paper' })).toHaveAttribute('aria-checked', 'true')
})

test('a model that no search finds, and one that is not there, lead on', async ({ page, fake }) => {
  await page.goto(`${fake.url}#/models?q=perpetual`)
  await expect(page.getByText('No model matches')).toBeVisible()
  await page.getByRole('button', { name: 'Show all models' }).click()
  await expect(page.getByRole('link', { name: 'SVD++', exact: true })).toBeVisible()
  await page.getByRole('link', { name: 'SVD++', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'SVD++' })).toBeVisible()
  await expect(page.getByText('This model has nothing to set.')).toBeVisible()
  await page.goto(`${fake.url}#/models/perpetuum`)
  await expect(page.getByText('This version of Palate knows no model “perpetuum”.')).toBeVisible()
})

test('the model of a run is chosen from a list that can be searched', async ({ page, world, fake }) => {
  world.datasets.push(fakeDataset(1, 'Sample lab'))
  await page.goto(`${fake.url}#/train`)
  await page.getByLabel('Model', { exact: true }).click()
  await page.getByPlaceholder('Search the models').fill('which items were rated')
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Model', { exact: true })).toContainText('SVD++')
  await page.getByRole('button', { name: 'Start training' }).click()
  await expect(page.getByText('svd++ on Sample lab').first()).toBeVisible()
})

test('any kind of split is checked for leaks before anything trains on it', async ({ page, world, fake }) => {
  world.datasets.push(fakeDataset(1, 'Sample lab'))
  await page.goto(`${fake.url}#/train`)
  await page.getByLabel('Split', { exact: true }).selectOption({ label: 'Leave the last out' })
  await page.getByText('Leakage check of this split').click()
  await expect(page.getByText('No leak. 7,998 ratings train, 2,000 test.')).toBeVisible()
  await page.getByLabel('Ratings to test on').fill('0')
  await expect(page.getByText('Complete the split first.')).toBeVisible()
  await page.goto(`${fake.url}#/datasets/1?tab=splits`)
  await expect(page.getByText('random:0.8@1')).toBeVisible()
  await page.getByLabel('Split', { exact: true }).selectOption({ label: 'At one moment' })
  await expect(page.getByText('time:0.8')).toBeVisible()
  await expect(page.getByText('Nothing to note')).toBeVisible()
})
