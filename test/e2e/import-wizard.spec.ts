import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { expect, expectAccessible, startLab, test, type Lab } from './support/fixtures.ts'

test.describe.configure({ mode: 'serial' })

let lab: Lab
let folder: string
let page: Page

test.beforeAll(async ({ browser }) => {
  lab = await startLab()
  folder = await mkdtemp(path.join(tmpdir(), 'palate-wizard-'))
  page = await (await browser.newContext({ viewport: { width: 1440, height: 1000 } })).newPage()
  await page.goto(lab.link)
})
test.afterAll(async () => {
  await page.context().close()
  await lab.stop()
  await rm(folder, { recursive: true })
})

async function look(name: string, content: string): Promise<void> {
  const file = path.join(folder, name)
  await writeFile(file, content)
  await page.goto(`${new URL(page.url()).origin}/#/datasets/import`)
  await page.reload()
  await page.getByLabel('Or a path on the computer where Palate runs').fill(file)
  await page.getByRole('button', { name: 'Look' }).click()
  await expect(page.getByRole('heading', { name: 'How it will be read' })).toBeVisible()
}
const rows = () => page.getByRole('region', { name: 'Rows as they will be read' })
const role = (column: string) => page.getByLabel(new RegExp(`^What column \\d+ is: ${column}$`))
const importButton = () => page.getByRole('button', { name: 'Import', exact: true })

/** Commas stand in dates and ratings, a separator that nobody uses between them: what is detected is wrong. */
const hostile = Array.from({ length: 60 }, (_, at) => {
  const rating = `${(at % 9) / 2 + 1}`.replace('.', ',')
  return `2017,5,${at % 28}~=cmd()|${at % 20}~<b>item</b>; ${at % 12}~${rating}`
})

test('a wrong separator is corrected, and everything else is found again by it', async () => {
  await look('hostile.csv', `${hostile.join('\n')}\n`)
  await expect(page.getByLabel('Separator', { exact: true })).not.toHaveValue('~')
  await expect(page.getByText('Everything is as it was detected.')).toBeVisible()
  const before = await page.getByLabel('Separator', { exact: true }).locator('option:checked').textContent()
  await page.getByLabel('Separator', { exact: true }).selectOption({ label: 'Another …' })
  await page.getByLabel('Separator, typed').fill('~')
  await page.getByLabel('Separator, typed').press('Enter')
  await expect(role('column 4')).toHaveValue('rating')
  await expect(page.getByLabel('Decimal comma')).toHaveValue('yes')
  await expect(page.getByRole('button', { name: `Detected: ${before}` })).toBeVisible()
  await expect(page.getByText('One choice differs from what was detected')).toBeVisible()
  await expect(rows().getByRole('row')).toHaveCount(51)
  await expect(rows().getByRole('row').nth(2)).toContainText('1.5')
})

test('roles are chosen in the head of the table: columns swap, and one may be read as nothing', async () => {
  await role('column 2').selectOption({ label: 'User' })
  await expect(role('column 1')).toHaveValue('item')
  await role('column 3').selectOption({ label: 'Item' })
  await expect(role('column 1')).toHaveValue('none')
  await expect(rows().getByText('=cmd()|0', { exact: true }).first()).toBeVisible()
  await expect(rows().getByText('<b>item</b>; 0', { exact: true }).first()).toBeVisible()
  await expect(role('column 2').getByRole('option', { name: 'Not read' })).toHaveCount(0)
  await role('column 4').selectOption({ label: 'Not read' })
  await expect(page.getByText('No column holds ratings or behaviours')).toBeVisible()
  await role('column 4').selectOption({ label: 'Rating' })
  await expect(page.getByText('No column holds ratings or behaviours')).toHaveCount(0)
  await expect(page.getByText('2 choices differ from what was detected')).toBeVisible()
  await page.getByRole('button', { name: 'Columns as detected' }).click()
  await expect(role('column 1')).toHaveValue('user')
})

test('a change that does not fit is told beside its control, and taken back', async () => {
  await role('column 2').selectOption({ label: 'User' })
  await expect(role('column 1')).toHaveValue('item')
  await role('column 3').selectOption({ label: 'Item' })
  await expect(importButton()).toBeEnabled()
  await page.getByLabel('Separator', { exact: true }).selectOption({ label: 'Tab' })
  const told = page.locator('#import-separator-error')
  await expect(told).toContainText('There is no column "')
  await expect(importButton()).toBeDisabled()
  await expectAccessible(page, 'a choice that does not fit')
  await page.getByLabel('Separator', { exact: true }).selectOption({ label: 'Another …' })
  await page.getByLabel('Separator, typed').fill('~')
  await page.getByLabel('Separator, typed').press('Enter')
  await expect(told).toHaveCount(0)
  await expect(importButton()).toBeEnabled()
})

test('thresholds are set on the histogram, by keys and by mouse, and choices stay on the way back and forth', async () => {
  await page.getByRole('button', { name: 'Scale and thresholds' }).first().click()
  const liked = page.getByRole('slider', { name: /^Liked from/ })
  await expect(liked).toHaveAttribute('aria-valuetext', 'Liked from 4')
  await liked.focus()
  await page.keyboard.press('ArrowRight')
  await expect(liked).toHaveAttribute('aria-valuetext', 'Liked from 4.5')
  await expect(page.getByLabel('Liked from', { exact: true })).toHaveValue('4.5')
  const disliked = page.getByRole('slider', { name: /^Disliked up to/ })
  const from = (await disliked.boundingBox())!
  await page.mouse.move(from.x + from.width / 2, from.y + 80)
  await page.mouse.down()
  await page.mouse.move(from.x + 190, from.y + 80, { steps: 4 })
  await page.mouse.up()
  const value = Number(await disliked.getAttribute('aria-valuenow'))
  expect(value).toBeGreaterThan(2)
  expect(value).toBeLessThan(4.5)
  await page.getByLabel('Liked from', { exact: true }).fill('1')
  await expect(page.getByText('The negative threshold must lie below the positive one.')).toBeVisible()
  await expect(importButton()).toBeDisabled()
  await page.getByLabel('Liked from', { exact: true }).fill('5')
  await page.getByRole('button', { name: 'Back', exact: true }).click()
  await expect(page.getByLabel('Separator, typed')).toHaveValue('~')
  await page.getByRole('button', { name: /1\s*Source/ }).click()
  await page.getByRole('button', { name: 'Go on with it' }).click()
  await page.getByRole('button', { name: 'Scale and thresholds' }).first().click()
  await expect(liked).toHaveAttribute('aria-valuetext', 'Liked from 5')
  await importButton().click()
  await expect(page.getByRole('heading', { name: 'hostile is ready' })).toBeVisible()
  await expect(page.getByText('60 ratings by 20 users on 12 items')).toBeVisible()
  await page.getByRole('link', { name: 'Look at it' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('hostile')
})

test('rejected rows: a table of any length, and the same as CSV', async () => {
  const good = Array.from({ length: 1200 }, (_, at) => `u${at % 40},i${at},${1 + (at % 5)}`)
  const bad = Array.from({ length: 300 }, (_, at) => `=u${at},i${at},"fi""ve" ${at}`)
  await look('rejects.csv', `user,item,rating\n${[...good, ...bad].join('\n')}\n`)
  await page.getByRole('radio', { name: 'Skip with report' }).click()
  await page.getByLabel('Stop above so many bad lines').fill('10')
  await page.getByLabel('Stop above so many bad lines').press('Tab')
  await expect(importButton()).toBeEnabled()
  await importButton().click()
  await expect(page.getByRole('alert')).toContainText('The input was refused')
  await expect(page.getByRole('alert')).toContainText('more than 10 %')
  await page.getByLabel('Stop above so many bad lines').fill('30')
  await page.getByLabel('Stop above so many bad lines').press('Tab')
  await expect(page.getByRole('button', { name: 'Detected: 50 %' })).toBeVisible()
  await expect(importButton()).toBeEnabled()
  await importButton().click()
  await expect(page.getByText(/1,500 lines read in .*: 1,200 accepted, 300 rejected, 0 duplicates/)).toBeVisible()
  const table = page.getByRole('region', { name: 'Rejected lines' })
  expect(await table.getByRole('row').count()).toBeLessThan(60)
  await table.focus()
  await page.keyboard.press('End')
  await expect(table.getByRole('cell', { name: '1,501' })).toBeVisible()
  await expectAccessible(page, 'a report with rejected rows')

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Rejected lines as CSV' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('rejects-rejected.csv')
  const text = await readFile(await download.path(), 'utf8')
  const lines = text.trimEnd().split('\r\n')
  expect(lines).toHaveLength(301)
  expect(lines[0]).toBe('file,line,byteOffset,reason,rawText')
  // A spreadsheet must not run a row that somebody else wrote.
  expect(lines[1]).toContain(`,"'=u0,i0,""fi""""ve"" 0"`)
})

test('a cancelled import leaves nothing, and the choices stand', async () => {
  const many = Array.from({ length: 2_000_000 }, (_, at) => `u${at % 5000},i${at % 911},${1 + (at % 5)},${1_500_000_000 + at}`)
  await look('many.csv', `user,item,rating,time\n${many.join('\n')}\n`)
  await page.getByLabel('Several ratings of an item by one user').selectOption({ label: 'Keep all' })
  await expect(importButton()).toBeEnabled()
  await importButton().click()
  await expect(page.getByText(/rows per second/)).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByText('The import was cancelled. Nothing was stored.')).toBeVisible()
  await expect(page.getByLabel('Several ratings of an item by one user')).toHaveValue('all')
  await page.goto(`${new URL(page.url()).origin}/#/datasets`)
  await expect(page.getByRole('link', { name: 'rejects', exact: true })).toBeVisible()
  await expect(page.getByRole('link', { name: 'many', exact: true })).toHaveCount(0)
  expect(await readdir(path.join(lab.workspace, 'uploads')).catch(() => [])).toEqual([])
})

test('behaviours get a kind and a weight, each to be taken back', async () => {
  const log = Array.from({ length: 90 }, (_, at) => `u${at % 9},i${at},${['pv', 'buy', 'gift'][at % 3]},${1_500_000_000 + at}`)
  await look('log.csv', `user,item,event,time\n${log.join('\n')}\n`)
  await expect(page.getByText('Say what these behaviours mean: "gift".')).toBeVisible()
  await page.getByLabel('What gift says').selectOption({ label: 'Positive' })
  await page.getByLabel('Weight of gift').fill('6')
  await page.getByLabel('Weight of gift').press('Enter')
  await expect(page.getByLabel('Weight of gift')).toHaveValue('6')
  await expect(page.getByText('Say what these behaviours mean')).toHaveCount(0)
  await page.getByLabel('What pv says').selectOption({ label: 'Negative' })
  await expect(page.getByLabel('Weight of pv')).toHaveValue('1')
  await page.getByRole('button', { name: 'As detected: pv' }).click()
  await expect(page.getByLabel('What pv says')).toHaveValue('neutral')
  await expect(importButton()).toBeEnabled()
  await importButton().click()
  await expect(page.getByText('90 ratings by 9 users on 90 items')).toBeVisible()
})

test('fields of JSON lines get their roles in the same way', async () => {
  const review = (at: number) => ({
    reviewerID: `A${at % 5}`,
    asin: `B${at}`,
    overall: 1 + (at % 5),
    helpful: at % 3,
    unixReviewTime: 1_400_000_000 + at,
  })
  await look('reviews.json', `${Array.from({ length: 30 }, (_, at) => JSON.stringify(review(at))).join('\n')}\n`)
  await expect(role('overall')).toHaveValue('rating')
  await role('helpful').selectOption({ label: 'Rating' })
  await expect(role('overall')).toHaveValue('none')
  await role('unixReviewTime').selectOption({ label: 'Not read' })
  await expect(page.getByText('One choice differs from what was detected')).toBeVisible()
  await expect(importButton()).toBeEnabled()
  await expect(rows().getByRole('row').nth(3)).toContainText('2')
  await importButton().click()
  await expect(page.getByText('30 ratings by 5 users on 30 items')).toBeVisible()
})

test('an import without a mouse', async () => {
  await look(
    'keys.csv',
    `who,what,stars\n${Array.from({ length: 40 }, (_, at) => `u${at % 8},i${at},${1 + (at % 5)}`).join('\n')}\n`,
  )
  await tabTo(/What column 1 is: who/)
  await page.keyboard.press('u')
  await expect(role('who')).toHaveValue('user')
  await expect(importButton()).toBeEnabled()
  await tabTo(/^Scale and thresholds$/)
  await page.keyboard.press('Enter')
  await tabTo(/^Liked from, on the histogram$/)
  await page.keyboard.press('ArrowRight')
  await expect(page.getByLabel('Liked from', { exact: true })).toHaveValue('5')
  await expect(importButton()).toBeEnabled()
  await tabTo(/^Import$/)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'keys is ready' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Train on it' })).toBeFocused()
})

async function tabTo(name: RegExp): Promise<void> {
  for (let press = 0; press < 80; press++) {
    const text = await page.evaluate(() => {
      const active = document.activeElement as HTMLElement | null
      return !active || active === document.body ? '' : (active.getAttribute('aria-label') ?? active.innerText)
    })
    if (name.test(text.trim())) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Eighty presses of Tab did not reach ${name}.`)
}
