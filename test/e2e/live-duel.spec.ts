import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { fakeDataset, fakeRun, type World } from '../support/fake-engine/world.ts'
import { expect, expectAccessible, test } from './support/fixtures.ts'

function furnish(world: World): void {
  world.datasets.push(fakeDataset(1, 'Sample lab'))
  for (const id of [1, 2]) world.runs.set(id, fakeRun(id, world.datasets[0]!, 'finished'))
  world.runs.get(1)!.detail.name = 'attention'
  world.runs.get(2)!.detail.name = 'popularity'
  world.nextRun = 3
}
const step = (page: Page, text: string) => expect(page.getByText(text, { exact: true })).toBeVisible()

test('a blind duel by keys alone: names and counts stay hidden, undo restores the slates, the end unveils', async ({
  page,
  world,
  fake,
}) => {
  furnish(world)
  await page.goto(`${fake.url}#/live/duel/new`)
  await page.getByLabel('Steps', { exact: true }).fill('7')
  await page.getByRole('button', { name: 'Begin the duel' }).press('Enter')
  await step(page, 'Step 1 of 7')
  const items = page.getByRole('region', { name: 'Left' }).getByRole('listitem')
  const before = await items.allInnerTexts()
  await page.keyboard.press('l')
  await page.keyboard.press('7')
  await page.keyboard.press('d')
  await step(page, '2 said')
  await page.keyboard.down('ArrowLeft')
  for (let again = 0; again < 10; again++) await page.keyboard.down('ArrowLeft')
  await page.keyboard.up('ArrowLeft')
  await step(page, 'Step 2 of 7')
  await page.keyboard.press('u')
  await step(page, 'Step 1 of 7')
  expect(await items.allInnerTexts()).toEqual(before)
  for (const [at, key] of ['ArrowLeft', 'ArrowRight', '=', 'ArrowLeft', 'ArrowRight'].entries()) {
    await page.keyboard.press(key)
    await step(page, `Step ${at + 2} of 7`)
  }
  await expect(page.getByRole('main')).not.toContainText(/attention|popularity|win/)
  await page.getByRole('button', { name: 'Look at the counts' }).click()
  await expect(page.getByText('The one that leads')).toBeVisible()
  await page.keyboard.press('x')
  await page.getByRole('dialog').getByRole('button', { name: 'End and unveil' }).click()
  await expect(page.getByRole('heading', { name: 'Verdict' })).toBeVisible()
  await expect(page.getByText('Not distinguishable')).toBeVisible()
  await expect(page.getByText('1 tie, 5 of 7 planned steps taken.')).toContainText('looked at the counts after 5 steps')
  await expect(page.getByRole('region', { name: 'Steps' }).getByRole('row')).toHaveCount(6)
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled()
  const waiting = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export CSV' }).click()
  expect((await readFile(await (await waiting).path(), 'utf8')).trimEnd().split('\r\n')).toHaveLength(6)
  await page.getByRole('button', { name: 'Delete this duel' }).click()
  await page.getByRole('button', { name: 'Undo: bring A blind duel back' }).click()
  await expect(page.getByRole('link', { name: 'A blind duel' })).toBeVisible()
})

test('a simulated user answers a blind duel at its pace, by keys alone: nothing is unveiled, and it stops when told to', async ({
  page,
  world,
  fake,
}) => {
  furnish(world)
  await page.goto(`${fake.url}#/live/duel/new`)
  await page.getByText('A virtual user').click()
  await page.getByLabel('Items of a slate').fill('1')
  await page.getByLabel('Steps', { exact: true }).fill('30')
  await page.getByRole('button', { name: 'Begin the duel' }).press('Enter')
  await step(page, 'Step 1 of 30')
  const pilot = page.getByRole('region', { name: 'Autopilot' })
  await pilot.getByRole('button', { name: 'One step' }).press('Enter')
  await step(page, 'Step 2 of 30')
  await expect(pilot.getByRole('button', { name: 'One step' })).toBeEnabled()
  const pace = pilot.getByRole('slider', { name: 'Pace' })
  await pace.press('ArrowLeft')
  await expect(pace).toHaveAttribute('aria-valuetext', '4 a second')
  await pilot.getByRole('button', { name: 'To the end' }).press('Enter')
  await step(page, 'Step 4 of 30')
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled()
  await expect(page.getByRole('button', { name: 'End and unveil' })).toBeDisabled()
  await expect(page.getByRole('button', { name: 'Look at the counts' })).toBeDisabled()
  await expect(page.getByRole('button', { name: 'Left is better' })).toHaveAttribute('aria-disabled', 'true')
  await page.keyboard.press('x')
  await page.keyboard.press('l')
  await expect(page.getByRole('main')).not.toContainText(/attention|popularity|win/)
  await expectAccessible(page, 'a duel that a simulated user plays')
  await expect(pilot.getByRole('button', { name: 'Stop' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(pilot.getByRole('button', { name: 'To the end' })).toBeEnabled()
  const stopped = await page.getByText(/^Step \d+ of 30$/).innerText()
  await expect(page.getByText('Nothing said yet')).toBeVisible()
  await page.keyboard.press('u')
  await step(page, `Step ${Number(/\d+/.exec(stopped)![0]) - 1} of 30`)
  await pace.press('End')
  await expect(pilot.getByText('full speed')).toBeVisible()
  await pilot.getByRole('button', { name: 'To the end' }).press('Enter')
  await expect(page.getByRole('heading', { name: 'All steps are taken' })).toBeVisible()
  await expect(page.getByRole('main')).not.toContainText(/attention|popularity|win/)
  await expect(page.getByRole('button', { name: 'End and unveil' }).first()).toBeEnabled()
  await page.keyboard.press('x')
  await expect(page.getByText('0 ties, 30 of 30 planned steps taken.')).toBeVisible()
  await expect(pilot).toHaveCount(0)
})

test('a past session is walked through, verified, and compared with another', async ({ page, world, fake }) => {
  furnish(world)
  for (const [id, keys] of [
    [1, 'lld'],
    [2, 'dl'],
  ] as const) {
    await page.goto(`${fake.url}#/live/new?run=1`)
    await page.getByRole('button', { name: 'Start the session' }).click()
    await expect(page).toHaveURL(new RegExp(`#/live/${id}$`))
    await expect(page.getByRole('article')).toBeVisible()
    for (const [at, key] of [...keys].entries()) {
      await page.keyboard.press(key)
      await expect(page.locator('dl', { hasText: 'Mean reward' }).locator('dd').first()).toHaveText(String(at + 1))
    }
  }
  await page.goto(`${fake.url}#/live`)
  await expect(page.getByRole('checkbox')).toHaveCount(2)
  for (const box of await page.getByRole('checkbox').all()) await box.check()
  await page.getByRole('link', { name: 'Compare rankings' }).click()
  await expect(page.getByRole('img', { name: /^Overlap of the rankings\. Overlap \d+ % at answer 2/ })).toBeVisible()
  await expectAccessible(page, 'two sessions')
  await page.goto(`${fake.url}#/live/1/replay`)
  await step(page, 'Before the first answer')
  await page.keyboard.press('ArrowRight')
  await step(page, 'After answer 1 of 3')
  await page.keyboard.press('End')
  await step(page, 'After answer 3 of 3')
  await page.getByRole('button', { name: 'Play again and compare' }).click()
  await step(page, '3 answers played again: every ranking is identical to what is stored.')
  await expectAccessible(page, 'a replay')
})

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme, reducedMotion: 'reduce' })

    test('axe finds nothing on form, step, verdict and list of duels', async ({ page, world, fake }) => {
      furnish(world)
      await page.goto(`${fake.url}#/live?tab=duels`)
      await expect(page.getByText('Two policies, one viewer')).toBeVisible()
      await expectAccessible(page, 'no duels')
      await page.goto(`${fake.url}#/live/duel/new`)
      await expect(page.getByRole('button', { name: 'Begin the duel' })).toBeVisible()
      await expectAccessible(page, 'the form')
      await page.getByRole('radio', { name: 'Interleaved' }).click()
      await page.getByRole('radio', { name: 'Open', exact: true }).click()
      await page.getByRole('button', { name: 'Begin the duel' }).click()
      await step(page, 'Step 1 of 20')
      await page
        .getByRole('button', { name: /^Like: / })
        .first()
        .click()
      await step(page, '1 said')
      await expectAccessible(page, 'an interleaved step')
      await page.keyboard.press('Enter')
      await step(page, 'Step 2 of 20')
      await page.keyboard.press('x')
      await expect(page.getByRole('region', { name: 'Steps' })).toBeVisible()
      await expectAccessible(page, 'a verdict')
      await page.goto(`${fake.url}#/live?tab=duels`)
      await expect(page.getByRole('row')).toHaveCount(2)
      await expectAccessible(page, 'the list of duels')
    })
  })
}
