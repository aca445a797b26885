import { readFile } from 'node:fs/promises'
import type { BrowserContext, Page } from '@playwright/test'
import { expect, expectAccessible, startLab, test as base, type Lab } from './support/fixtures.ts'

/** The main job on a real host, from the first start to a file on disk; one page goes through all of it. */
base.describe.configure({ mode: 'serial' })
base.setTimeout(240_000)

let lab: Lab
let context: BrowserContext
let page: Page
const said: string[] = []

base.beforeAll(async ({ browser }) => {
  lab = await startLab()
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, acceptDownloads: true })
  page = await context.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') said.push(message.text())
  })
  page.on('pageerror', (error) => said.push(error.message))
  page.on('response', (response) => {
    if (response.status() >= 400) said.push(`${response.status()} ${response.url()}`)
  })
})
base.afterAll(async () => {
  await context.close()
  await lab.stop()
})

base('the first start explains itself and offers the sample lab', async () => {
  await page.goto(lab.link)
  expect(page.url(), 'the token is gone from the address').not.toContain('token')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Train recommenders that learn from likes and dislikes.')
  await expect(page.getByRole('link', { name: /Import my data/ })).toBeVisible()
  await expectAccessible(page, 'the first start')
})

base('one click opens the sample lab, and the next one trains', async () => {
  await page.getByRole('button', { name: /Open the sample lab/ }).click()
  await expect(page).toHaveURL(/#\/train\?dataset=1$/)
  await expect(page.getByLabel('Data set', { exact: true })).toHaveValue('1')
  await expect(page.getByLabel('Model', { exact: true })).toContainText('MDRR-att')
  await expect(page.getByRole('button', { name: 'Start training' })).toBeEnabled()
  await expectAccessible(page, 'Train')
})

base('a value outside its range is refused at its field, in the words of the engine', async () => {
  await page.getByLabel('Updates', { exact: true }).first().fill('-5')
  await expect(page.getByText('Must be a whole number from 0 to 100000000, not -5.').first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Start training' })).toBeDisabled()
})

base('training draws its curves live, with the floors as dotted lines', async () => {
  await page.getByLabel('Updates', { exact: true }).first().fill('120')
  await page.getByRole('button', { name: 'Start training' }).click()
  await expect(page).toHaveURL(/runs=1/)
  const validation = page.getByRole('img', { name: /held-out users/ })
  await expect(validation).toHaveAttribute('aria-label', /Popularity 0\.\d+/, { timeout: 90_000 })
  await expect(page.getByRole('img', { name: /^Critic loss\. .* at 1?\d\d?\b/ })).toBeVisible({ timeout: 90_000 })
})

base('the end is announced, and the result stands between floors and ceiling', async () => {
  await page.getByRole('button', { name: 'Open the run' }).click({ timeout: 120_000 })
  await expect(page).toHaveURL(/#\/runs\/1$/)
  const table = page.getByRole('table')
  await expect(table).toBeVisible()
  const lines = await table.getByRole('row').allInnerTexts()
  const models = lines.slice(1).map((line) =>
    line
      .split(/\s*[\t\n]\s*/)
      .slice(0, 2)
      .join(' '),
  )
  expect(models.at(-1)).toBe('Oracle Ceiling')
  expect(models.at(-2)).toBe('MDRR-att This run')
  expect(models.slice(0, -2).toSorted()).toEqual(['Biased MF Floor', 'Item mean Floor', 'Popularity Floor', 'Random order Floor'])
  await page.getByRole('radio', { name: 'All users' }).click()
  await expect(page).toHaveURL(/subset=all/)
  await expectAccessible(page, 'a result')
})

base('metrics come out as CSV, every point of them', async () => {
  await page.getByRole('button', { name: 'Export CSV' }).click()
  const waiting = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'Every metric point' }).click()
  const download = await waiting
  expect(download.suggestedFilename()).toBe('mdrr-att-on-Sample-lab-seed1-metrics.csv')
  const text = await readFile(await download.path(), 'utf8')
  const [head, ...rows] = text.trimEnd().split('\r\n')
  expect(head).toContain('name')
  expect(rows.filter((row) => row.includes('criticLoss')).length).toBeGreaterThan(1)
})

base('the table of runs comes out as CSV', async () => {
  await page.goto(`${new URL(page.url()).origin}/#/runs`)
  const waiting = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export CSV' }).click()
  await page.getByRole('menuitem', { name: 'Every column' }).click()
  const text = await readFile(await (await waiting).path(), 'utf8')
  const [head, row] = text.split('\r\n')
  expect(head).toMatch(/^id,name,/)
  expect(row).toContain('mdrr-att on Sample lab')
})

base('an evaluation under another list length needs no training', async () => {
  await page.goto(`${new URL(page.url()).origin}/#/runs/1`)
  await page.getByRole('button', { name: 'Score under another protocol' }).click()
  await page.getByLabel('List lengths k').fill('3')
  await page.getByRole('button', { name: 'Score', exact: true }).click()
  await page.getByRole('radio', { name: 'k = 3' }).click({ timeout: 60_000 })
  await expect(page.getByRole('button', { name: 'NDCG@3', exact: true })).toBeVisible()
})

base('a run can be renamed, and a link leads to the same view again', async () => {
  await page.getByRole('button', { name: 'Rename this run' }).click()
  await page.getByLabel('Name of the run').fill('<b>first</b>')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('<b>first</b>')
  await page.goto(`${new URL(page.url()).origin}/#/runs/1?tab=parameters`)
  await page.reload()
  await expect(page.getByRole('heading', { level: 2, name: 'Parameters' })).toBeVisible()
  await expect(page.getByText(/^preset \d+$/)).toBeVisible()
  await expect(page).toHaveTitle('<b>first</b> · Palate')
})

base('a run is paused, and resumed from where it stood', async () => {
  await page.getByRole('button', { name: 'Start one like it' }).click()
  await page.getByLabel('Updates', { exact: true }).first().fill('100000')
  await page.getByRole('button', { name: 'Start training' }).click()
  await page.getByRole('button', { name: /^Pause mdrr/ }).click()
  await page.getByRole('button', { name: /^Resume mdrr/ }).click({ timeout: 60_000 })
  await page.getByRole('button', { name: /^Stop mdrr/ }).click({ timeout: 60_000 })
  await expect(page.getByText('Nothing waits.')).toBeVisible({ timeout: 120_000 })
})

base('nothing was refused, blocked or complained about on the way', () => {
  expect(said).toEqual([])
})
