import { fakeDataset, fakeRun, type World } from '../support/fake-engine/world.ts'
import { expect, expectAccessible, test } from './support/fixtures.ts'

function furnish(world: World): void {
  world.datasets.push(fakeDataset(1, 'Sample lab'))
  for (const id of [1, 2, 3]) {
    const run = fakeRun(id, world.datasets[0]!, 'finished')
    run.detail.split = 'random:0.8@1'
    world.runs.set(id, run)
  }
  world.nextRun = 4
}

test('virtual users play two runs: sliders, curves, table and tests, and the batch is there again', async ({
  page,
  world,
  fake,
}) => {
  furnish(world)
  await page.goto(`${fake.url}#/live/batch?runs=1,2`)
  await expect(page.getByRole('checkbox', { checked: true })).toHaveCount(2)
  await page.getByRole('radio', { name: 'Virtual users' }).click()
  const boredom = page.getByRole('slider', { name: 'Boredom' })
  await boredom.press('ArrowRight')
  await expect(boredom).toHaveAttribute('aria-valuetext', '2.1')
  await page.getByLabel('Steps').fill('0')
  await page.getByRole('button', { name: 'Let them play' }).press('Enter')
  await expect(page.getByText('A whole number from 1 to 500.')).toBeVisible()
  await page.getByLabel('Steps').fill('12')
  await page.getByRole('button', { name: 'Let them play' }).press('Enter')
  await expect(page.getByRole('img', { name: /^Reward curves\. .*at Step 12/ })).toBeVisible()
  const table = page.getByRole('region', { name: 'Mean reward of an episode' })
  await expect(table.getByRole('row')).toHaveCount(1 + 2 + 3)
  await expect(table.getByRole('row').nth(1)).toContainText('Ceiling')
  await expect(page.getByRole('region', { name: 'Paired differences' }).getByText('Not distinguishable')).toHaveCount(1)
  await page.getByRole('button', { name: 'Examine it' }).click()
  await expect(page.getByText('64.2 %')).toBeVisible()
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export CSV' }).click()
  await page.getByRole('menuitem', { name: 'Rewards of every user' }).click()
  expect((await saved).suggestedFilename()).toMatch(/-users\.csv$/)
  await page.getByRole('link', { name: 'Simulated users' }).click()
  await page.getByRole('link', { name: /12 steps, frozen, 1 setting changed/ }).click()
  await page.getByRole('button', { name: 'Delete this batch' }).click()
  await page.getByRole('button', { name: 'Delete it' }).click()
  await expect(page.getByText('Nothing played yet')).toBeVisible()
})

test('a batch is cancelled while it plays', async ({ page, world, fake }) => {
  furnish(world)
  await page.goto(`${fake.url}#/live/batch`)
  await page.getByLabel('Users', { exact: true }).fill('10000')
  await page.getByRole('button', { name: 'Let them play' }).press('Enter')
  await expect(page.getByRole('progressbar', { name: 'Simulated users play' })).toHaveAttribute('aria-valuenow', '90')
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Cancelled' })).toBeVisible()
})

test('a virtual user answers by autopilot, and the answers are there to be read', async ({ page, world, fake }) => {
  furnish(world)
  await page.goto(`${fake.url}#/live/new?run=1`)
  await page.getByText('A virtual user').click()
  await page.getByRole('slider', { name: 'Readiness to leave' }).press('Home')
  await page.getByRole('button', { name: 'Start the session' }).click()
  const pilot = page.getByRole('region', { name: 'Autopilot' })
  await pilot.getByRole('slider', { name: 'Pace' }).press('End')
  await expect(pilot.getByText('full speed')).toBeVisible()
  await pilot.getByRole('button', { name: 'One answer' }).click()
  await expect(page.getByRole('region', { name: 'Liked items', exact: true }).getByRole('listitem')).toHaveCount(1)
  await pilot.getByRole('button', { name: 'Report card' }).click()
  await page.getByRole('button', { name: 'Examine it' }).click()
  await expect(page.getByText('64.2 %')).toBeVisible()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme, reducedMotion: 'reduce', viewport: { width: 1024, height: 800 } })
    test('axe finds nothing on the form with its sliders, nor on a batch with its report card', async ({ page, world, fake }) => {
      furnish(world)
      await page.goto(`${fake.url}#/live/batch`)
      await page.getByRole('radio', { name: 'Virtual users' }).click()
      await page.getByRole('radio', { name: 'Learning' }).click()
      await expectAccessible(page, 'the form')
      await page.getByRole('button', { name: 'Let them play' }).press('Enter')
      await expect(page.getByRole('img', { name: /^Reward curves/ })).toBeVisible()
      await page.getByRole('button', { name: 'Examine it' }).click()
      await expect(page.getByText('64.2 %')).toBeVisible()
      await expectAccessible(page, 'a batch')
    })
  })
}

function furnishGenres(world: World): void {
  const dataset = fakeDataset(1, 'Sample lab')
  world.datasets.push(dataset)
  for (const id of [1, 2]) world.runs.set(id, fakeRun(id, dataset, 'finished'))
}

test('what a dislike does is asked of runs, genre by genre, and told with its interval', async ({ page, world, fake }) => {
  furnishGenres(world)
  await page.goto(`${fake.url}#/live/genre-test?runs=1`)
  await page.getByRole('button', { name: 'Ask' }).press('Enter')
  const effects = page.getByRole('region', { name: 'Effects of disliking' })
  await expect(
    effects.getByRole('row', { name: /The vector follows .* −\.0600 −\.1000 to −\.0300 90 % fell$/ }).first(),
  ).toBeVisible()
  await expect(effects.getByRole('row', { name: /Frozen .* not distinguishable$/ }).first()).toBeVisible()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme, reducedMotion: 'reduce', viewport: { width: 1024, height: 800 } })
    test('whether liked genres rise is asked by keys alone, stopped, asked again, read and saved', async ({
      page,
      world,
      fake,
    }) => {
      furnishGenres(world)
      await page.goto(`${fake.url}#/live/genre-test?runs=1,2`)
      await page.getByRole('radio', { name: 'Do dislikes matter?' }).press('ArrowRight')
      await expect(page).toHaveURL(/question=favourites/)
      await expect(page.getByLabel('Answers', { exact: true })).toHaveValue('20')
      await page.getByLabel('Guests of each genre').fill('1')
      await expect(page.getByText('A whole number from 2 to 500.')).toBeVisible()
      await expect(page.getByRole('button', { name: 'Ask' })).toBeDisabled()
      await page.getByLabel('Guests of each genre').fill('500')
      await page.getByLabel('Guests of each genre').press('Enter')
      await expect(page.getByRole('progressbar', { name: 'Genre test' })).toHaveAttribute('aria-valuenow', '25')
      await page.getByRole('button', { name: 'Stop' }).press('Enter')
      await expect(page.getByText('Stopped. A run that had not been asked to the end is left out')).toBeVisible()
      await page.getByLabel('Guests of each genre').fill('20')
      await page.getByRole('button', { name: 'Ask' }).press('Enter')
      const rise = page.getByRole('region', { name: 'Whether liked genres rise, run 1' })
      await expect(rise.getByRole('heading', { name: 'The liked genres rise' })).toBeVisible()
      await expect(rise).toContainText('stand 30.0 places higher (95\u00a0%: 15.0 to 50.0 higher) than for the same 20 guests')
      const both = rise.getByRole('listitem').filter({ hasText: 'As in a session that learns' })
      await expect(both).toContainText(/rose.*−30\.0.*840\.0 → 810\.0.*Higher than frozen for 90 % of the guests.*Sank:/s)
      await expect(rise.getByRole('img', { name: /^Change of the mean rank against the frozen policy/ })).toBeVisible()
      const table = page.getByRole('region', { name: 'Effects of liking' })
      await expect(table.getByRole('row', { name: /Both all 840\.0 810\.0 −30\.0 −50\.0 to −15\.0 90 % rose$/ })).toHaveCount(2)
      await expectAccessible(page, 'whether liked genres rise')
      const saved = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Export' }).click()
      await page.getByRole('menuitem', { name: 'CSV' }).click()
      expect((await saved).suggestedFilename()).toBe('genre-test-favourites.csv')
    })
  })
}
