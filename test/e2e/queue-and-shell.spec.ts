import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { BrowserContext, Page } from '@playwright/test'
import { expect, expectAccessible, startLab, test as base, type Lab } from './support/fixtures.ts'

/** The queue and the window around it, on one real host; one page goes through all of it. */
base.describe.configure({ mode: 'serial' })

let lab: Lab
let context: BrowserContext
let page: Page
const said: string[] = []

base.beforeAll(async ({ browser }) => {
  lab = await startLab()
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
  page = await context.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error' && !/WebSocket connection/.test(message.text())) said.push(message.text())
  })
  page.on('pageerror', (error) => said.push(error.message))
})
base.afterAll(async () => {
  await context.close()
  await lab.stop()
})

const waiting = () => page.getByRole('list', { name: 'Waiting, in the order of their start' }).getByRole('listitem')
const seeds = async () => (await waiting().allInnerTexts()).map((text) => Number(/seed (\d)/.exec(text)?.[1]))
/** Takes a run by its grip and holds it over another. */
async function grab(from: number, over: number) {
  const middle = async (at: number) => {
    const box = (await waiting().nth(at).locator('[data-grip]').boundingBox())!
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  }
  const [start, end] = [await middle(from), await middle(over)]
  await page.mouse.move(start.x, start.y)
  await page.mouse.down()
  await page.mouse.move(start.x, (start.y + end.y) / 2)
  await page.mouse.move(end.x, end.y)
}
async function command(words: string) {
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Find a page, an action').fill(words)
  await expect(page.getByRole('option').first()).toContainText(words)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toHaveCount(0)
}

base('the first page is there within a second and a half', async () => {
  await page.goto(lab.link)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  const times: number[] = []
  for (let load = 0; load < 3; load++) {
    await page.addInitScript(() => {
      new MutationObserver((_, observer) => {
        if (!document.querySelector('main h1')) return
        performance.mark('first-heading')
        observer.disconnect()
      }).observe(document, { childList: true, subtree: true })
    })
    await page.reload()
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    times.push(await page.evaluate(() => performance.getEntriesByName('first-heading')[0]!.startTime))
  }
  expect(Math.min(...times), `first headings after ${times.map(Math.round).join(', ')} ms`).toBeLessThan(1500)
})

base('the tour leads from the sample lab to a live session by keyboard, and is offered once', async () => {
  await page.getByRole('button', { name: 'Take the tour' }).click()
  const tour = page.getByRole('complementary')
  const step = (title: string) => expect(tour.getByRole('heading', { name: title })).toBeFocused()
  await step('A small world to try things on')
  await expectAccessible(page, 'the tour')
  for (const title of ['Set up a run', 'Watch it learn', 'See where it stands', 'Play with it']) {
    await tour.getByRole('button', { name: 'Next' }).press('Enter')
    await step(title)
  }
  await expect(page).toHaveURL(/#\/live$/)
  await tour.getByRole('button', { name: 'Done' }).press('Enter')
  await expect(tour).toHaveCount(0)
  await command('Take the tour')
  await step('A small world to try things on')
  await page.keyboard.press('Escape')
  await expect(tour).toHaveCount(0)
})

base('runs are put in order by buttons and keys, in every window at once', async () => {
  await command('Train mdrr-att')
  await page.getByLabel('Runs that train at the same time').selectOption('1')
  await page.getByLabel('Seeds').fill('1-4')
  await page.getByLabel('Updates', { exact: true }).first().fill('20000')
  await page.getByRole('button', { name: 'Start 4 runs' }).click()
  await expect.poll(seeds).toEqual([2, 3, 4])
  const other = await context.newPage()
  await other.goto(page.url())
  const inOther = other.getByRole('list', { name: 'Waiting, in the order of their start' }).getByRole('listitem')
  await expect(inOther.first()).toContainText('seed 2')
  await page.getByRole('button', { name: /Move .*seed 4.* to the front/ }).click()
  await expect.poll(seeds).toEqual([4, 2, 3])
  await page.keyboard.press('Alt+ArrowDown')
  await expect.poll(seeds, 'the focus has gone with the run').toEqual([2, 4, 3])
  await expect(inOther.nth(1)).toContainText('seed 4')
  await grab(2, 0)
  await page.keyboard.press('Escape')
  await page.mouse.up()
  expect(await seeds(), 'Escape takes it back').toEqual([2, 4, 3])
  await grab(2, 0)
  await page.mouse.up()
  await expect.poll(seeds, 'dropped before the first').toEqual([3, 2, 4])
  await grab(0, 2)
  await page.mouse.up()
  await expect.poll(seeds, 'dropped after the last').toEqual([2, 4, 3])
  await grab(2, 1)
  await page.mouse.up()
  await expect.poll(seeds, 'dropped between two').toEqual([2, 3, 4])
  await expect(page.getByText(/seed 3.* stands at place 2 of 3\.$/)).toBeAttached()
  await expect(inOther.nth(1), 'as the service reports it').toContainText('seed 3')
  await grab(1, 2)
  await page.mouse.up()
  await expect.poll(seeds).toEqual([2, 4, 3])
  await expect(waiting().first()).not.toHaveAttribute('style', /transform/)
  await other.close()
})

base('the title and the status bar say how far it is, and what the process takes', async () => {
  await expect(page).toHaveTitle(/^\d+ % · /)
  await expect(page.getByRole('contentinfo', { name: 'Status' })).toContainText(/MB, \d+ % CPU/, { timeout: 60_000 })
})

base('everything pauses together, stays held when the engine dies under the page, and goes on', async () => {
  const paused = page.getByRole('list', { name: 'Under way' })
  await page.getByRole('button', { name: 'Pause all' }).click()
  await expect(paused).toContainText('Paused', { timeout: 30_000 })
  await expect(page.getByText('The queue is held: nothing starts until you resume it')).toBeVisible()
  await page.mouse.move(0, 0)
  await expectAccessible(page, 'a held queue')
  await killEngine()
  await expect(page.getByRole('alert')).toContainText('The engine does not answer.')
  await expect(page.getByRole('alert')).toHaveCount(0, { timeout: 30_000 })
  await expect.poll(seeds).toEqual([2, 4, 3])
  await expect(paused).toContainText('Paused')
  await page.keyboard.press('Shift+P')
  await expect(paused).toContainText('Running', { timeout: 30_000 })
})

base('a stopped run is tried again as a new one, and the log says what happened', async () => {
  await page.getByRole('button', { name: 'Stop mdrr-att on Sample lab (seed 4), seed 4' }).click()
  await page.getByRole('button', { name: 'Try again: mdrr-att on Sample lab (seed 4), seed 4' }).click()
  await expect.poll(seeds).toEqual([2, 3, 4])
  const log = page.getByRole('region', { name: 'Events' })
  await expect(log).toContainText('Paused at a checkpoint.')
  await expect(log).toContainText('Continued from the checkpoint')
  await page.getByRole('button', { name: 'Checkpoint', exact: true }).click()
  await expect(log).not.toContainText('Continued from the checkpoint')
  await page.getByRole('button', { name: 'Clear ended' }).click()
  await expect(page.getByRole('list', { name: 'Ended' })).toHaveCount(0)
})

base('the workspace is backed up while a run trains, and restored with what was there kept aside', async () => {
  await command('Back up the workspace')
  await expect(page.getByText(/Wrote .*palate-backup-.*\.sqlite/)).toBeVisible({ timeout: 30_000 })
  await page.goto(`${page.url().split('#')[0]}#/runs/3`)
  await page.getByRole('button', { name: 'Rename this run' }).click()
  await page.getByRole('textbox', { name: 'Name of the run' }).fill('renamed after the backup')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'renamed after the backup' })).toBeVisible()
  await page.goto(`${page.url().split('#')[0]}#/settings`)
  await page.getByRole('button', { name: /^Restore palate-backup-/ }).click()
  await expect(page.getByRole('dialog')).toContainText('takes the place of everything in this workspace')
  await expectAccessible(page, 'the question before a restore')
  await page.getByRole('button', { name: 'Restore it' }).click()
  await expect(page.getByText(/Restored\. What was there before is kept in .*replaced-/)).toBeVisible({ timeout: 30_000 })
  await page.keyboard.press('g')
  await page.keyboard.press('r')
  await expect(page.getByText('mdrr-att on Sample lab (seed 3)').first()).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText('renamed after the backup')).toHaveCount(0)
  const aside = (await readdir(lab.workspace)).find((name) => name.startsWith('replaced-'))!
  expect(await readdir(path.join(lab.workspace, aside))).toEqual(expect.arrayContaining(['palate.sqlite', 'checkpoints']))
})

base('a window that is opened again shows the page that it showed last', async () => {
  const again = await context.newPage()
  await again.goto(page.url().split('#')[0]!)
  await expect(again.getByRole('heading', { level: 1, name: 'Runs' })).toBeVisible()
  await again.close()
  expect(said).toEqual([])
})

/** The process that owns the workspace, by what it says of itself. */
async function killEngine(): Promise<void> {
  const owner = JSON.parse(await readFile(path.join(lab.workspace, 'workspace-owner.json'), 'utf8')) as { pid: number }
  process.kill(owner.pid, 'SIGKILL')
}
