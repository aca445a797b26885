import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import type { FakeServer } from '../support/fake-engine/server.ts'
import { fakeDataset, fakeRun, type World } from '../support/fake-engine/world.ts'
import { expect, expectAccessible, test } from './support/fixtures.ts'

function furnish(world: World): void {
  world.datasets.push(fakeDataset(1, 'Sample lab'))
  world.runs.set(1, fakeRun(1, world.datasets[0]!, 'finished'))
  world.nextRun = 2
}

/** The title of the only card. */
const card = (page: Page) => page.getByRole('article').getByRole('heading')
const titles = (page: Page) => page.getByRole('list', { name: 'The ranking' }).locator('> li').allInnerTexts()
/** As `titles`, once nothing glides any more. */
async function stillTitles(page: Page): Promise<string[]> {
  await expect.poll(async () => (await titles(page)).length).toBe(50)
  return titles(page)
}
/** So many answers stand in the figures, and the next can be given: nobody else answers, and nothing is read. */
async function answers(page: Page, count: number): Promise<void> {
  await expect(page.locator('dl', { hasText: 'Mean reward' }).locator('dd').first()).toHaveText(String(count))
  await expect(page.locator('article button[aria-disabled="true"], li button[aria-disabled="true"]')).toHaveCount(0)
}
const lane = (page: Page, name: 'Liked items' | 'Disliked items') => page.getByRole('region', { name, exact: true })

/** Opens a session as a form of the address and the fields says. */
async function open(page: Page, fake: FakeServer, cards = 1): Promise<void> {
  await page.goto(`${fake.url}#/live/new?run=1`)
  await expect(page.getByLabel('Trained run')).toHaveValue('1')
  await page.getByLabel('Cards at once').fill(String(cards))
  await page.getByRole('button', { name: 'Start the session' }).click()
  await expect(page.getByRole('heading', { name: 'Ranking' })).toBeVisible()
}

test('from a finished run to twenty keys later, without a mouse; undo restores the ranking exactly', async ({
  page,
  world,
  fake,
}) => {
  furnish(world)
  await page.goto(`${fake.url}#/runs/1`)
  await page.getByRole('link', { name: 'Play' }).press('Enter')
  await expect(page.getByRole('button', { name: 'Start the session' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/#\/live\/1$/)
  const first = await card(page).innerText()
  const before = await stillTitles(page)
  await page.keyboard.press('l')
  await expect(card(page)).not.toHaveText(first)
  await answers(page, 1)
  for (const [at, key] of ['d', 's', 'ArrowRight', 'ArrowLeft', 'L', 'S'].entries()) {
    await page.keyboard.press(key)
    await answers(page, at + 2)
  }
  await expect(lane(page, 'Liked items').getByRole('listitem')).toHaveCount(3)
  await expect(lane(page, 'Disliked items').getByRole('listitem')).toHaveCount(2)
  for (let left = 6; left >= 0; left--) {
    await page.keyboard.press('u')
    await answers(page, left)
  }
  await expect(card(page)).toHaveText(first)
  await expect.poll(() => titles(page)).toEqual(before)
})

test('the start page leads to a session with the newest policy', async ({ page, world, fake }) => {
  furnish(world)
  await page.goto(fake.url)
  await page.getByRole('link', { name: /^Play with / }).press('Enter')
  await expect(page.getByLabel('Trained run')).toHaveValue('1')
  await expect(page.getByRole('button', { name: 'Start the session' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/#\/live\/1$/)
  await answers(page, 0)
})

test('an item is rated on the scale of the data, by a digit or by its button', async ({ page, world, fake }) => {
  furnish(world)
  await open(page, fake)
  const record = page.getByRole('list', { name: 'Answers, the latest first' })
  await page.keyboard.press('4')
  await answers(page, 1)
  await expect(record.getByText('Rated 4')).toBeVisible()
  await page.getByRole('button', { name: /^Rate 2: / }).click()
  await answers(page, 2)
  await expect(record.getByText('Rated 2')).toBeVisible()
})

test('a key that is held down answers one item', async ({ page, world, fake }) => {
  furnish(world)
  await open(page, fake)
  await page.keyboard.down('l')
  for (let again = 0; again < 15; again++) await page.keyboard.down('l')
  await page.keyboard.up('l')
  await answers(page, 1)
  await page.keyboard.press('d')
  await answers(page, 2)
})

test('"g s" leads to Start and skips nothing', async ({ page, world, fake }) => {
  furnish(world)
  await open(page, fake)
  await page.keyboard.press('g')
  await page.keyboard.press('s')
  await expect(page.getByRole('heading', { name: 'Last result' })).toBeVisible()
  await page.goto(`${fake.url}#/live/1`)
  await answers(page, 0)
})

test('several cards: digits choose, letters collect, Enter sends', async ({ page, world, fake }) => {
  furnish(world)
  await open(page, fake, 6)
  await expect(page.getByRole('article')).toHaveCount(6)
  await expect(page.getByRole('article').first()).toContainText(/Score\s*[−\d.]+/)
  await page.keyboard.press('3')
  await page.keyboard.press('d')
  await page.keyboard.press('l')
  await expect(page.getByRole('article', { name: /^Card 3: .*, disliked$/ })).toBeVisible()
  await expect(page.getByRole('article', { name: /^Card 4: .*, liked$/ })).toBeVisible()
  await expect(page.getByText('2 of 6 answered; the other 4 cards may stay')).toBeVisible()
  await answers(page, 0)
  await page.keyboard.press('Enter')
  await answers(page, 1)
  await expect(page.getByText('0 of 6 answered')).toBeVisible()
})

test('what if: another answer is compared with the ranking now, and nothing changes', async ({ page, world, fake }) => {
  furnish(world)
  await open(page, fake)
  await page.keyboard.press('l')
  await answers(page, 1)
  const before = await stillTitles(page)
  await lane(page, 'Liked items').getByRole('button').click()
  await expect(page.getByRole('radio', { name: 'Disliked' })).toHaveAttribute('aria-checked', 'true')
  await expect(page.getByText(/would stand elsewhere, the farthest by \d+ places?\. Nothing is changed/)).toBeVisible()
  await page.getByRole('radio', { name: 'Absent' }).click()
  await expect(page.getByRole('radio', { name: 'Absent' })).toHaveAttribute('aria-checked', 'true')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('heading', { name: 'Ranking' })).toBeVisible()
  await expect.poll(() => titles(page)).toEqual(before)
  await answers(page, 1)
  await page.keyboard.press('s')
  await answers(page, 2)
  const skipped = page.getByRole('list', { name: 'Answers, the latest first' }).getByRole('button', { name: /^Skipped/ })
  await skipped.click()
  await expect(page.getByRole('radio', { name: 'Liked', exact: true })).toHaveAttribute('aria-checked', 'true')
  await expect(skipped).toHaveAttribute('aria-pressed', 'true')
})

test('a branch is a session of its own; leaving ends a session, and can be taken back', async ({ page, world, fake }) => {
  furnish(world)
  await open(page, fake)
  for (const count of [1, 2, 3]) {
    await page.keyboard.press('l')
    await answers(page, count)
  }
  await page.getByRole('button', { name: 'Branch after answer 2' }).click()
  await expect(page).toHaveURL(/#\/live\/2$/)
  await answers(page, 2)
  await expect(page.getByRole('link', { name: 'session 1' })).toBeVisible()
  await page.keyboard.press('x')
  await expect(page.getByText('You left the session')).toBeVisible()
  await page.getByRole('button', { name: 'Take it back' }).click()
  await expect(page.getByRole('article')).toBeVisible()
  await answers(page, 2)
})

test('a session is named, noted, exported, deleted and brought back', async ({ page, world, fake }) => {
  furnish(world)
  await open(page, fake)
  await page.keyboard.press('l')
  await answers(page, 1)
  await page.getByRole('button', { name: 'Measure drift' }).click()
  await expect(page.getByText('went from .9130 as trained to .9112 now: worse by .0018.')).toBeVisible()
  await page.getByRole('button', { name: 'Measure genres' }).click()
  const genres = page.getByRole('table', { name: 'How genres have moved' })
  await expect(genres.getByRole('row', { name: /Sci-Fi/ })).toContainText('31.4 places up')
  await expect(genres.getByRole('row', { name: /Romance/ })).toContainText('12.5 places down')
  await page.getByRole('button', { name: 'Rename this session' }).click()
  await page.getByLabel('Name of the session').fill('<b>evening</b>')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('<b>evening</b>')
  await page.getByLabel('Notes').fill('lds')
  await page.getByLabel('Notes').press('Control+Enter')
  await expect(page.getByText('Saved.')).toBeVisible()
  await answers(page, 1)

  const waiting = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: 'Responses as CSV' }).click()
  const download = await waiting
  expect(download.suggestedFilename()).toBe('b-evening-b-live.csv')
  expect(await readFile(await download.path(), 'utf8')).toMatch(/^time,step,item id,.*\r\n.*,1,\d+,/)

  await page.getByRole('button', { name: 'Delete this session' }).click()
  await expect(page.getByText('was deleted.')).toBeVisible()
  await expect(page.getByRole('link', { name: '<b>evening</b>' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo: bring <b>evening</b> back' }).click()
  await page.getByRole('link', { name: '<b>evening</b>' }).click()
  await answers(page, 1)
})

test('a deleted session is gone once the offer to undo is hidden, and its page says so', async ({ page, world, fake }) => {
  furnish(world)
  await open(page, fake)
  await page.getByRole('button', { name: 'Delete this session' }).click()
  await page.getByRole('button', { name: /^Hide this notice/ }).click()
  await expect(page.getByText('was deleted.')).toHaveCount(0)
  await page.goto(`${fake.url}#/live/1`)
  await expect(page.getByRole('alert')).toContainText('There is no such live session')
  await page.getByRole('link', { name: 'To the sessions' }).click()
  await expect(page.getByText('Play the user, watch the policy learn')).toBeVisible()
})

test('favourites and a user are found by keyboard', async ({ page, world, fake }) => {
  furnish(world)
  await page.goto(`${fake.url}#/live/new`)
  await page.getByText('Me, with a few favourites').click()
  await page.getByRole('button', { name: 'Start the session' }).click()
  await expect(page.getByText('Pick at least one, or start cold.')).toBeVisible()
  const field = page.getByRole('combobox', { name: 'Favourites' })
  await field.fill('night')
  await expect(page.locator('li[role="option"]').first()).toContainText('Night')
  await field.press('ArrowDown')
  await field.press('Enter')
  await expect(page.getByRole('list', { name: 'Chosen favourites' }).getByRole('listitem')).toHaveCount(1)
  await field.press('Escape')
  await page.getByText('A user of the data set').click()
  const user = page.getByRole('combobox', { name: 'User' })
  await user.fill('user-12')
  await expect(page.locator('li[role="option"]').first()).toContainText('user-12')
  await user.press('Enter')
  await expect(page.getByText(/^Chosen: user-12/)).toBeVisible()
  await user.press('Escape')
  await page.getByRole('button', { name: 'Start the session' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('mdrr-att on Sample lab, user user-12')
})

test('a persona is chosen as it is on the data, and played by autopilot or by its brief; one that is not to be had says why', async ({
  page,
  world,
  fake,
}) => {
  furnish(world)
  await page.goto(`${fake.url}#/live/new?run=1`)
  await page.getByText('A persona', { exact: true }).click()
  await expect(page.getByRole('radio', { name: /^Fan of one genre/ })).toBeChecked()
  await expect(page.getByRole('radio', { name: /^Popular taste/ })).toBeDisabled()
  await expect(page.getByText('Not on this data. It needs 5 items in the most rated tenth')).toBeVisible()
  const brief = page.getByText(/^You love Horror\. You dislike Romance/)
  await expect(brief).toBeVisible()
  const favourites = page
    .getByRole('status')
    .filter({ hasText: /^You love/ })
    .getByText(/^Favourites .+ · /)
  const first = await favourites.innerText()
  await page.getByLabel('Which of its kind').fill('3')
  await expect(favourites).not.toHaveText(first)
  await page.getByRole('button', { name: 'Start the session' }).click()
  await expect(page.getByRole('region', { name: 'Persona' })).toContainText('Fan of one genre 3')
  await page.getByRole('button', { name: 'One answer' }).click()
  await answers(page, 1)
  await page.keyboard.press('d')
  await answers(page, 2)
  await page.getByRole('link', { name: 'Replay' }).click()
  await expect(page.getByRole('heading', { name: 'Ranking then' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Persona' })).toContainText('Fan of one genre 3. You love Horror.')
})

test.describe('when the engine goes away', () => {
  test.use({ allowed: [/WebSocket connection to .* failed/] })

  test('the session is read as it stands when it is back, and goes on', async ({ page, world, fake }) => {
    furnish(world)
    await open(page, fake)
    await page.keyboard.press('l')
    await answers(page, 1)
    fake.goAway()
    await expect(page.getByRole('alert').first()).toContainText('The engine does not answer.')
    await expect(page.getByRole('button', { name: 'Try now' })).toBeVisible()
    // The window connects again by itself: whoever clicks may come too late.
    fake.comeBack()
    await expect(page.getByRole('alert')).toHaveCount(0)
    await answers(page, 1)
    await page.keyboard.press('d')
    await answers(page, 2)
  })
})

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme, reducedMotion: 'reduce' })

    test('axe finds nothing on list, form and panel', async ({ page, world, fake }) => {
      furnish(world)
      await page.goto(`${fake.url}#/live`)
      await expect(page.getByText('Play the user, watch the policy learn')).toBeVisible()
      await expectAccessible(page, 'no sessions')
      await page.goto(`${fake.url}#/live/new`)
      await page.getByText('Me, with a few favourites').click()
      await page.getByRole('combobox', { name: 'Favourites' }).fill('river')
      await expect(page.locator('li[role="option"]').first()).toContainText('River')
      await expectAccessible(page, 'a search in the form')
      await page.keyboard.press('Enter')
      await expect(page.getByRole('list', { name: 'Chosen favourites' })).toBeVisible()
      await page.keyboard.press('Escape')
      await page.getByRole('radio', { name: 'Learns from each answer' }).click()
      await expectAccessible(page, 'the form')
      await page.getByText('A persona', { exact: true }).click()
      await expect(page.getByText(/^You love Horror/)).toBeVisible()
      await expectAccessible(page, 'personas in the form')
      await page.getByText('Me, with a few favourites').click()
      await page.getByRole('button', { name: 'Start the session' }).click()
      await page.getByRole('article').waitFor()
      for (const [at, key] of ['l', 'd', 'l'].entries()) {
        await page.keyboard.press(key)
        await answers(page, at + 1)
      }
      await page.getByRole('list', { name: 'The ranking' }).getByRole('button').nth(1).click()
      await expectAccessible(page, 'the panel')
      await lane(page, 'Disliked items').getByRole('button').click()
      await expect(page.getByText(/Nothing is changed/)).toBeVisible()
      await expectAccessible(page, 'a what-if')
      await open(page, fake, 6)
      await page.keyboard.press('l')
      await page.keyboard.press('d')
      await expectAccessible(page, 'six cards')
      await page.goto(`${fake.url}#/live`)
      await expect(page.getByRole('row')).toHaveCount(3)
      await expectAccessible(page, 'the list')
    })
  })
}
