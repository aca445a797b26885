import type { Page } from '@playwright/test'
import { fakeDataset } from '../support/fake-engine/world.ts'
import { expect, expectAccessible, startLab, test } from './support/fixtures.ts'

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Get MovieLens' })
const download = (page: Page) => dialog(page).getByRole('button', { name: /^Download / })
const accept = (page: Page) => dialog(page).getByRole('checkbox')

async function show(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await page.getByRole('button', { name: 'Get MovieLens' }).first().click()
  await expect(dialog(page).getByRole('radio', { name: /^MovieLens 100k/ })).toBeChecked()
}

test('on a first start: choose, read the terms, accept, and train on it', async ({ page, fake }) => {
  await show(page, fake.url)
  await expect(dialog(page).getByRole('radio')).toHaveCount(3)
  await expect(download(page)).toBeDisabled()
  await accept(page).check()
  await dialog(page).getByText('MovieLens 1M', { exact: true }).click()
  await expect(accept(page)).not.toBeChecked()
  await expect(dialog(page).getByText('It must not be passed on to others without separate permission.')).toBeVisible()
  await expect(dialog(page).getByText(/To be cited: F\. Maxwell Harper and Joseph A\. Konstan\. 2015\./)).toBeVisible()
  await expect(dialog(page).getByRole('link', { name: 'the terms themselves' })).toHaveAttribute(
    'href',
    'https://files.grouplens.org/datasets/movielens/ml-1m-README.txt',
  )
  await accept(page).check()
  await expect(download(page)).toHaveText('Download 5.9 MB and import')
  await download(page).click()
  await expect(dialog(page).getByText('ml-1m is ready')).toBeVisible()
  await expect(dialog(page).getByText('1,000,209 ratings by 6,040 users on 3,883 items.')).toBeVisible()
  await dialog(page).getByRole('link', { name: 'Train on it' }).click()
  await expect(dialog(page)).toHaveCount(0)
  await expect(page).toHaveURL(/#\/train\?dataset=1$/)
})

test('without a mouse', async ({ page, fake }) => {
  await page.goto(`${fake.url}#/datasets`)
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Find a page, an action').fill('get movielens')
  await page.keyboard.press('Enter')
  await dialog(page)
    .getByRole('radio', { name: /^MovieLens 100k/ })
    .focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect(dialog(page).getByRole('radio', { name: /^MovieLens latest-small/ })).toBeChecked()
  await expect(dialog(page).getByText('It may be passed on, also transformed, but only under these same terms.')).toBeVisible()
  await accept(page).focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('Tab')
  await expect(dialog(page).getByLabel('Name')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(dialog(page).getByRole('link', { name: 'Train on it' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(dialog(page)).toHaveCount(0)
  await expect(page.getByRole('link', { name: 'ml-latest-small', exact: true })).toBeVisible()
})

test('shows how far, how fast and how long yet; goes on while it is closed; cancelling keeps what has come', async ({
  page,
  world,
  fake,
}) => {
  world.network = 'slow'
  world.datasets.push(fakeDataset(1, 'Sample lab'))
  await show(page, `${fake.url}#/datasets`)
  await accept(page).check()
  await download(page).click()
  await expect(dialog(page).getByRole('button', { name: 'Cancel' })).toBeFocused()
  await expect(dialog(page).getByRole('progressbar', { name: 'Downloading' })).toHaveAttribute('aria-valuenow', '20')
  await expect(dialog(page).getByRole('status')).toHaveText('985 kB of 4.9 MB · 1.3 MB per second · about 3.2 s left')
  await page.keyboard.press('Escape')
  await expect(dialog(page)).toHaveCount(0)
  await page.getByRole('button', { name: /^Getting MovieLens 100k/ }).click()
  await dialog(page).getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog(page).getByText('What has arrived is kept: going on takes the rest only.')).toBeVisible()
  await expect(page.getByRole('link', { name: 'ml-100k', exact: true })).toHaveCount(0)
  world.network = 'up'
  await expect(dialog(page).getByRole('button', { name: /^Go on \(.* are here\)$/ })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(dialog(page).getByText('ml-100k is ready')).toBeVisible()
})

test('the end of a download that was closed is told', async ({ page, world, fake }) => {
  world.datasets.push(fakeDataset(1, 'Sample lab'))
  await show(page, `${fake.url}#/datasets`)
  await accept(page).check()
  await download(page).click()
  await page.keyboard.press('Escape')
  await expect(page.getByText('ml-100k is ready', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Look at it' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'ml-100k' })).toBeVisible()
})

test('a cut connection is told, and it goes on from there', async ({ page, world, fake }) => {
  world.network = 'cuts'
  await show(page, fake.url)
  await accept(page).check()
  await download(page).click()
  const alert = dialog(page).getByRole('alert')
  await expect(alert).toContainText('The download did not succeed')
  await expect(alert).toContainText('the connection was cut after 2.5 MB. Start it again: it goes on from there.')
  world.network = 'up'
  await dialog(page).getByRole('button', { name: 'Go on (2.5 MB are here)' }).click()
  await expect(dialog(page).getByText('ml-100k is ready')).toBeVisible()
})

test('without a network it says what can be done instead, and leads there', async ({ page, world, fake }) => {
  world.network = 'down'
  await show(page, fake.url)
  await accept(page).check()
  await download(page).click()
  const alert = dialog(page).getByRole('alert')
  await expect(alert).toContainText('No connection to the home of this data')
  await expect(alert).toContainText(
    'files.grouplens.org cannot be reached: its name could not be resolved, so there seems to be no network here. Try again later, or get ml-100k.zip from https://grouplens.org/datasets/movielens/100k/ on a computer with a network and import the file. The sample lab needs no network.',
  )
  await alert.getByRole('link', { name: 'Import a file' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Import data' })).toBeVisible()
  await page.getByRole('button', { name: 'Get MovieLens' }).click()
  await expect(dialog(page).getByRole('alert')).toHaveCount(0)
  await accept(page).check()
  await download(page).click()
  await alert.getByRole('button', { name: 'Open the sample lab' }).click()
  await expect(page).toHaveURL(/#\/train\?dataset=1$/)
})

test('a name that is taken is refused before anything is fetched', async ({ page, world, fake }) => {
  world.datasets.push(fakeDataset(1, 'ml-100k'))
  await show(page, `${fake.url}#/datasets`)
  await accept(page).check()
  await expect(dialog(page).getByText('This name is taken. Choose another.')).toBeVisible()
  await expect(download(page)).toBeDisabled()
  await dialog(page).getByLabel('Name').fill('another')
  await expect(download(page)).toBeEnabled()
})

for (const scheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in any of its states, ${scheme}`, async ({ page, world, fake }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    world.network = 'slow'
    await show(page, fake.url)
    await expectAccessible(page, 'the choice')
    await accept(page).check()
    await download(page).click()
    await expect(dialog(page).getByRole('status')).toContainText('per second')
    await expectAccessible(page, 'a download under way')
    await dialog(page).getByRole('button', { name: 'Cancel' }).click()
    await expect(accept(page)).toBeVisible()
    world.network = 'down'
    await accept(page).check()
    await dialog(page)
      .getByRole('button', { name: /^Go on/ })
      .click()
    await expect(dialog(page).getByRole('alert')).toBeVisible()
    await expectAccessible(page, 'no network')
    world.network = 'up'
    await dialog(page)
      .getByRole('button', { name: /^Go on/ })
      .click()
    await expect(dialog(page).getByText('ml-100k is ready')).toBeVisible()
    await expectAccessible(page, 'what has come')
  })
}

test('the real engine offers the same, and asks no network for it', async ({ page }) => {
  const lab = await startLab()
  try {
    await page.goto(lab.link)
    await page.getByRole('button', { name: 'Get MovieLens' }).click()
    await expect(dialog(page).getByRole('radio')).toHaveCount(3)
    await expect(dialog(page).getByText('4.9 MB', { exact: true })).toBeVisible()
    await expect(download(page)).toBeDisabled()
  } finally {
    await lab.stop()
  }
})
