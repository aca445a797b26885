import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { fakeDataset, fakeRun, type World } from '../support/fake-engine/world.ts'
import { expect, expectAccessible, test } from './support/fixtures.ts'

function furnish(world: World): void {
  world.datasets.push(fakeDataset(1, 'Sample lab'))
  world.embeddings = ['first', 'damaged']
}

const parts: [name: string, query: string, ready: (page: Page) => Promise<void>][] = [
  ['the overview', '', (page) => expect(page.getByRole('img', { name: /^Who rated what/ })).toBeVisible()],
  ['the items', '?tab=items', (page) => expect(page.getByRole('cell', { name: 'Night River 0' })).toBeVisible()],
  ['the users', '?tab=users', (page) => expect(page.getByRole('cell', { name: 'user-1', exact: true })).toBeVisible()],
  ['a user', '?tab=users&user=0', (page) => expect(page.getByRole('img', { name: /^Timeline of 180/ })).toBeVisible()],
  ['a split', '?tab=splits', (page) => expect(page.getByText('No leak: no answer')).toBeVisible()],
  ['the embeddings', '?tab=embeddings', (page) => expect(page.getByRole('img', { name: /^Map of 400 items/ })).toBeVisible()],
  ['a damaged map', '?tab=embeddings&embedding=damaged', (page) => expect(page.getByText('damaged or gone')).toBeVisible()],
  ['the record', '?tab=record', (page) => expect(page.getByText('Nothing noted yet.')).toBeVisible()],
]

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme, reducedMotion: 'reduce' })

    for (const [name, query, ready] of parts) {
      test(`axe finds nothing on ${name}`, async ({ page, world, fake }) => {
        furnish(world)
        await page.goto(`${fake.url}#/datasets/1${query}`)
        await ready(page)
        await expectAccessible(page, name)
      })
    }

    test('axe finds nothing on the tables behind the charts, nor on what is empty', async ({ page, world, fake }) => {
      furnish(world)
      world.embeddings = []
      await page.goto(`${fake.url}#/datasets/1`)
      for (const title of ['Ratings', 'Long tail', 'Activity over time', 'New users and items', 'Who rated what']) {
        await page.getByRole('button', { name: `${title} as a table` }).click()
        await expect(page.getByRole('region', { name: `${title}, figures` })).toBeVisible()
      }
      await expect(page.getByRole('row', { name: /^Top fifth 3/ })).toContainText('%')
      await expectAccessible(page, 'tables instead of charts')
      await page.goto(`${fake.url}#/datasets/1?tab=embeddings`)
      await expect(page.getByText('No embedding yet')).toBeVisible()
      await expectAccessible(page, 'no embeddings')
      await page.goto(`${fake.url}#/datasets/1?tab=items&search=nothing-like-it`)
      await expect(page.getByText('No item fits this search.')).toBeVisible()
      await expectAccessible(page, 'no items')
    })
  })
}

test('charts say what they show', async ({ page, world, fake }) => {
  furnish(world)
  await page.goto(`${fake.url}#/datasets/1`)
  const label = (name: RegExp) => expect(page.getByRole('img', { name }))
  await label(/^Rating histogram\. 1: 610, 2: 1,137/).toBeVisible()
  await label(/^Long tail on log axes/).toBeVisible()
  await label(/^Activity over time\. From Week of 2024-01-01: 150 ratings/).toBeVisible()
  await label(/^New users and items\. Items 100 % at 2024-\d\d-\d\d; Users 100 %/).toBeVisible()
  await label(
    /^Who rated what, as a heat map\. Half of all ratings come from 20 % of the users and fall on 12 % of the items\./,
  ).toBeVisible()
})

test('items are searched, narrowed to a genre and sorted, and a link brings it all back', async ({ page, world, fake }) => {
  furnish(world)
  await page.goto(`${fake.url}#/datasets/1`)
  await page.getByRole('button', { name: 'Thriller', exact: true }).click()
  await expect(page.getByLabel('Genre')).toHaveValue('Thriller')
  await expect(page.getByText('80 found')).toBeVisible()
  await page.getByLabel('Search titles').fill('silent')
  await expect(page.getByText('20 found')).toBeVisible()
  await page.getByRole('button', { name: 'Title' }).click()
  await expect(page.getByRole('columnheader', { name: 'Title' })).toHaveAttribute('aria-sort', 'ascending')
  await page.getByRole('button', { name: 'Title' }).click()
  await expect(page.getByRole('columnheader', { name: 'Title' })).toHaveAttribute('aria-sort', 'descending')
  await page.reload()
  await expect(page.getByText('20 found')).toBeVisible()
  await expect(page.getByLabel('Genre')).toHaveValue('Thriller')
  await expect(page.getByRole('columnheader', { name: 'Title' })).toHaveAttribute('aria-sort', 'descending')
  await page.getByLabel('Search titles').fill('silent nothing')
  await page.getByRole('button', { name: 'Show all items' }).click()
  await expect(page.getByText('400 in all')).toBeVisible()
})

test('of a long table only the rows in sight exist, and the last one can be reached', async ({ page, world, fake }) => {
  furnish(world)
  await page.goto(`${fake.url}#/datasets/1?tab=items`)
  await expect(page.getByRole('cell', { name: 'Night River 0' })).toBeVisible()
  expect(await page.getByRole('row').count()).toBeLessThan(60)
  await page.getByRole('region', { name: 'Table of items' }).focus()
  await page.keyboard.press('End')
  await expect(page.getByRole('cell', { name: 'Paper Glass 399' })).toBeVisible()
})

test('users are walked by keyboard, and Enter shows what one of them rated', async ({ page, world, fake }) => {
  furnish(world)
  await page.goto(`${fake.url}#/datasets/1?tab=users`)
  await page.getByRole('row', { name: /^user-1 / }).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'User <b>user</b>' })).toBeVisible()
  await expect(page).toHaveURL(/user=2/)
  await expect(page.getByRole('img', { name: /^Timeline of 110 ratings: 44 liked, 22 neutral, 44 disliked/ })).toBeVisible()
  await page.getByRole('radio', { name: 'By time' }).click()
  const ratings = page.getByRole('region', { name: 'Ratings of this user' })
  await expect(ratings.getByRole('row', { name: /2024-01-01 00:00 Night River 0/ })).toBeVisible()
  await page.keyboard.press('Tab')
  await page.getByRole('button', { name: 'Close this user' }).press('Enter')
  await expect(page.getByText('Choose a user to see what they rated')).toBeVisible()
  await page.getByLabel('Search user ids').fill('user-30')
  await expect(page.getByText('2 found')).toBeVisible()
})

test('a split is tried before it is trained on, and a leak is named', async ({ page, world, fake }) => {
  furnish(world)
  await page.goto(`${fake.url}#/datasets/1?tab=splits`)
  await expect(page.getByText('random:0.8@1')).toBeVisible()
  const share = page.getByLabel('Ratings to train on')
  await share.fill('100')
  await expect(page.getByText('A whole percentage from 1 to 99.')).toBeVisible()
  await share.fill('70')
  await page.getByLabel('Split seed').fill('13')
  await expect(page.getByText('random:0.7@13')).toBeVisible()
  await expect(page.getByText('This split gives answers away.')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'The same user and item on both sides' })).toBeVisible()
  await expect(page.getByText('For instance user user-1, <img src=x onerror=alert(1)>')).toBeVisible()
})

test('every kind of split that a run can have can be tried', async ({ page, world, fake }) => {
  furnish(world)
  await page.goto(`${fake.url}#/datasets/1?tab=splits`)
  const kinds = [
    ['Each user in time', 'chronological:0.8'],
    ['At one moment', 'time:0.8'],
    ['Leave the last out', 'leave-last:1'],
    ['At random', 'random:0.8@1'],
  ] as const
  for (const [label, text] of kinds) {
    await page.getByLabel('Split', { exact: true }).selectOption(label)
    await expect(page.getByText(text, { exact: true })).toBeVisible()
  }
})

test('a genre stands out on the map, and the centre of each is in the table', async ({ page, world, fake }) => {
  furnish(world)
  await page.goto(`${fake.url}#/datasets/1?tab=embeddings`)
  const genres = page.getByRole('group', { name: 'Genres to stand out' })
  await genres.getByRole('button', { name: /^Romance/ }).click()
  await expect(page.getByRole('img', { name: /80 items of the genre Romance stand out/ })).toBeVisible()
  await page.getByRole('button', { name: 'Map of the items as a table' }).click()
  await expect(page.getByRole('row', { name: /^Romance 80/ })).toBeVisible()
  await page.getByRole('radio', { name: 'Draw PMF 2' }).check()
  await expect(page.getByText('The bytes of this embedding are damaged or gone.')).toBeVisible()
})

test('notes are kept when the field is left', async ({ page, world, fake }) => {
  furnish(world)
  await page.goto(`${fake.url}#/datasets/1?tab=record`)
  const notes = page.getByLabel('Notes on this data set')
  await notes.fill('Without the crawlers. <b>Mind 1998.</b>')
  await expect(page.getByText('Not saved yet')).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(page.getByText('Saved.', { exact: true })).toBeVisible()
  expect(world.notes.get(1)).toBe('Without the crawlers. <b>Mind 1998.</b>')
  await page.reload()
  await expect(notes).toHaveValue('Without the crawlers. <b>Mind 1998.</b>')
})

test('a data set comes out as one zip, as tables or as atomic files, and axe finds nothing on the menu', async ({
  page,
  world,
  fake,
}) => {
  furnish(world)
  await page.goto(`${fake.url}#/datasets/1`)
  for (const [item, name] of [
    ['CSV tables', 'Sample-lab-csv.zip'],
    ['RecBole atomic files', 'Sample-lab-recbole.zip'],
  ] as const) {
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    await expect(page.getByRole('menuitem', { name: item })).toBeVisible()
    await expectAccessible(page, 'the export menu')
    const waiting = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: item }).click()
    const download = await waiting
    expect(download.suggestedFilename()).toBe(name)
    expect((await readFile(await download.path())).subarray(0, 4).toString('latin1')).toBe('PK\x03\x04')
  }
})

test('a data set that was deleted comes back with one key', async ({ page, world, fake }) => {
  furnish(world)
  await page.goto(`${fake.url}#/datasets/1`)
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(page.getByText('Sample lab was deleted.')).toBeVisible()
  await expect(page.getByText('No data set yet')).toBeVisible()
  const undo = page.getByRole('button', { name: 'Undo: bring Sample lab back' })
  await expect(undo).toBeFocused()
  await expectAccessible(page, 'the offer to undo')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('link', { name: 'Sample lab', exact: true })).toBeVisible()
  await expect(page.getByText('was deleted.')).toHaveCount(0)
})

test('a data set that runs use is not deleted, and the reason is told', async ({ page, world, fake }) => {
  furnish(world)
  world.runs.set(1, fakeRun(1, world.datasets[0]!, 'finished'))
  await page.goto(`${fake.url}#/datasets/1`)
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(page.getByText('"Sample lab" cannot be deleted: 1 runs refer to it.').first()).toBeVisible()
  await expect(page.getByRole('heading', { level: 1, name: 'Sample lab' })).toBeVisible()
})
