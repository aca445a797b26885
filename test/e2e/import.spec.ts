import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { expect, expectAccessible, startLab, test, type Lab } from './support/fixtures.ts'

test.describe.configure({ mode: 'serial' })

let lab: Lab
let folder: string
let page: Page
const real = path.resolve(import.meta.dirname, '../../../shared/data/ml-100k')

/** A tiny MovieLens 100k folder with a hostile title and, on request, a broken line. */
async function writeFolder(name: string, brokenLine: string | undefined): Promise<string> {
  const where = path.join(folder, name)
  await mkdir(where)
  const rows: string[] = []
  for (let user = 1; user <= 12; user++)
    for (let item = 1; item <= 10; item++)
      rows.push(`${user}\t${item}\t${1 + ((user * item) % 5)}\t${881_250_000 + user * 60 + item}`)
  if (brokenLine !== undefined) rows.splice(40, 0, brokenLine)
  const items = Array.from({ length: 10 }, (_, at) => {
    const title = at === 0 ? '<img src=x onerror=document.title=1> (1999)' : `Film ${at + 1} (1995)`
    return `${at + 1}|${title}|01-Jan-1995||http://example.org|${Array.from({ length: 19 }, (_, genre) => (genre === at ? 1 : 0)).join('|')}`
  })
  await writeFile(path.join(where, 'u.data'), `${rows.join('\n')}\n`)
  await writeFile(path.join(where, 'u.item'), `${items.join('\n')}\n`)
  await writeFile(path.join(where, 'u.user'), Array.from({ length: 12 }, (_, at) => `${at + 1}|30|F|other|00000\n`).join(''))
  return where
}

test.beforeAll(async ({ browser }) => {
  lab = await startLab()
  folder = await mkdtemp(path.join(tmpdir(), 'palate-import-'))
  page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()
  await page.goto(lab.link)
})
test.afterAll(async () => {
  await page.context().close()
  await lab.stop()
})

async function look(where: string): Promise<void> {
  await page.goto(`${new URL(page.url()).origin}/#/datasets/import`)
  await page.reload()
  await page.getByLabel('Or a path on the computer where Palate runs').fill(where)
  await page.getByRole('button', { name: 'Look' }).click()
}

test('a path with nothing at it is told as such', async () => {
  await look('/no/such/place')
  const alert = page.getByRole('alert')
  await expect(alert).toContainText('There is nothing at this path')
  await expect(alert).toContainText('/no/such/place')
  await expectAccessible(page, 'an import error')
})

test('a folder that is no known format names the known ones, and its reading can be said by hand', async () => {
  const where = path.join(folder, 'other')
  await mkdir(where)
  await writeFile(path.join(where, 'notes.txt'), 'nothing\nhere\n')
  await look(where)
  await expect(page.getByRole('alert')).toContainText('This is no format that Palate knows')
  await expect(page.getByRole('alert')).toContainText('MovieLens')
  await page.getByRole('button', { name: 'Say yourself how it is read' }).click()
  await expect(page.getByLabel('Format', { exact: true })).toHaveValue('delimited')
  await expect(page.getByText('No row can be read in this way.')).toBeVisible()
  await expectAccessible(page, 'a source of which nothing can be read')
})

test('what Palate is not sure of is imported only after somebody has looked at the rows', async () => {
  const where = path.join(folder, 'words')
  await mkdir(where)
  await writeFile(path.join(where, 'notes.txt'), 'nothing to rate here\n')
  await look(where)
  await expect(page.getByText('Palate is not sure of this format: look at the rows')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeDisabled()
  await page.getByLabel('I have looked at the rows').check()
  await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeEnabled()
})

test('a broken line stops the import, shows itself as text, and stores nothing', async () => {
  await look(await writeFolder('broken', '3\t4\t<b>five</b>\t881250949'))
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  const alert = page.getByRole('alert')
  await expect(alert).toContainText('A line cannot be read')
  await expect(alert.locator('pre')).toContainText('<b>five</b>')
  await alert.getByText('Details').click()
  await expect(alert.getByText('byteOffset')).toBeVisible()
  await expect(alert.getByText('41', { exact: true })).toBeVisible()
  await page.goto(`${new URL(page.url()).origin}/#/datasets`)
  await expect(page.getByText('No data set yet')).toBeVisible()
})

test('with "skip" the rest is stored and the line is listed in the report', async () => {
  await look(path.join(folder, 'broken'))
  await page.getByRole('radio', { name: 'Skip with report' }).click()
  await page.getByLabel('Name').fill('mine & <i>yours</i>')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'mine & <i>yours</i> is ready' })).toBeVisible()
  await expect(page.getByText(/121 lines read in .*: 120 accepted, 1 rejected, 0 duplicates/)).toBeVisible()
  await expect(page.getByRole('cell', { name: '<b>five</b>' }).first()).toBeVisible()
  await expectAccessible(page, 'an import report')
})

test('the data set’s page shows hostile titles as text, and its thresholds can be edited', async () => {
  await page.getByRole('link', { name: 'Look at it' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('mine & <i>yours</i>')
  await page.getByRole('radio', { name: 'Items' }).click()
  await expect(page.getByRole('cell', { name: /<img src=x onerror=document.title=1>/ })).toBeVisible()
  await page.getByRole('radio', { name: 'Overview' }).click()
  await expect(page).toHaveTitle('mine & <i>yours</i> · Palate')
  await page.getByLabel('Liked from').fill('2')
  await expect(page.getByText('The negative threshold must lie below the positive one.')).toBeVisible()
  await page.getByLabel('Liked from').fill('5')
  await page.getByRole('button', { name: 'Save thresholds' }).click()
  await expect(page.getByRole('img', { name: /Rating histogram/ })).toBeVisible()
  await page.reload()
  await expect(page.getByLabel('Liked from')).toHaveValue('5')
})

test('a name that is taken is refused before anything is read', async () => {
  await look(path.join(folder, 'broken'))
  await page.getByLabel('Name').fill('mine & <i>yours</i>')
  await expect(page.getByText('This name is taken. Choose another.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeDisabled()
})

test('a folder that is chosen in the browser is handed over, read, and its copy removed', async () => {
  await page.goto(`${new URL(page.url()).origin}/#/datasets/import`)
  await page.reload()
  await page.getByLabel('Folder to import').setInputFiles(await writeFolder('handed over', undefined))
  await expect(page.getByLabel('Name')).toHaveValue('handed over')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(page.getByText('120 ratings by 12 users on 10 items')).toBeVisible()
  await expect.poll(() => readdir(path.join(lab.workspace, 'uploads'))).toEqual([])
})

test('a file that is no data is refused in words', async () => {
  await page.goto(`${new URL(page.url()).origin}/#/datasets/import`)
  await page.reload()
  await page
    .getByLabel('File to import')
    .setInputFiles({ name: 'ratings.txt', mimeType: 'text/plain', buffer: Buffer.from('words\n') })
  await expect(page.getByRole('alert')).toBeVisible()
  await expect(page.getByRole('alert')).not.toContainText('The engine does not answer')
})

test('a data set is deleted, and its name is free at once', async () => {
  await page.goto(`${new URL(page.url()).origin}/#/datasets`)
  await page.getByRole('link', { name: 'mine & <i>yours</i>', exact: true }).click()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Data sets' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'mine & <i>yours</i>' })).toHaveCount(0)
})

test('MovieLens 100k, as it was downloaded', async () => {
  test.skip(!existsSync(real), `the real data is not at ${real}`)
  await look(real)
  await expect(page.getByText(/MovieLens 100k/).first()).toBeVisible()
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(page.getByText('100,000 ratings by 943 users on 1,682 items')).toBeVisible({ timeout: 30_000 })
  await page.getByRole('link', { name: 'Look at it' }).click()
  await page.getByRole('radio', { name: 'Items' }).click()
  await page.getByLabel('Search titles').fill('toy story')
  await expect(page.getByRole('cell', { name: /Toy Story/ })).toBeVisible()
})
