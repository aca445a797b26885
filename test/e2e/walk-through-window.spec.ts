import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expect, startLab, test } from './support/fixtures.ts'
import { startWalk } from './support/walk.ts'

test.use({ actionTimeout: 20_000 })

/** A page of the rail; some tell a count behind their name. */
const rail = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: new RegExp(`^${name}( \\d+)?$`) })
const body = (page: Page) => page.getByRole('region', { name: 'Table of runs' }).locator('tbody tr[data-row]')

/** Trains a model of the list for three seeds, in its own settings but for the updates. */
async function train(page: Page, search: string, updates?: string): Promise<void> {
  await rail(page, 'Train').click()
  await page.getByLabel('Model', { exact: true }).click()
  await page.getByPlaceholder('Search the models').fill(search)
  await page.keyboard.press('Enter')
  await page.getByLabel('Seeds', { exact: true }).fill('1, 2, 3')
  if (updates) await page.getByLabel('Updates', { exact: true }).first().fill(updates)
  await page.getByRole('button', { name: 'Start 3 runs' }).click()
}

/** The whole of what the window is for, on a real engine: the walk of the documentation's pictures. */
test('from the sample lab to a bundle that another workspace verifies', async ({ browser }) => {
  test.setTimeout(300_000)
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, acceptDownloads: true })
  const { page, picture, end } = await startWalk(context, 'walk-through-window')
  const lab = await startLab()
  const empty = await startLab()
  let csv = ''
  let bundle = ''
  try {
    await test.step('the sample lab', async () => {
      await page.goto(lab.link)
      await picture(page, 'start')
      await page.getByRole('button', { name: /Open the sample lab/ }).click()
      await expect(page).toHaveURL(/#\/train\?dataset=1$/)
    })

    await test.step('a dual-actor GRU model of one’s own', async () => {
      await rail(page, 'Builder').click()
      await page.locator('summary').filter({ hasText: 'State' }).click()
      await page.getByLabel('Encoder', { exact: true }).selectOption({ label: 'GRU and attention' })
      await expect(page.getByRole('button', { name: /^Encoder of dislikes:/ })).toBeVisible()
      await page.getByLabel('Updates', { exact: true }).fill('60')
      await picture(page, 'builder')
      await page.getByRole('button', { name: 'Save', exact: true }).click()
      await page.getByLabel('Name', { exact: true }).fill('Dual GRU')
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
      await page.getByRole('button', { name: 'Train this' }).click()
    })

    await test.step('three seeds of it, of biased MF and of MDRR-att', async () => {
      await page.getByLabel('Seeds', { exact: true }).fill('1, 2, 3')
      await page.getByRole('button', { name: 'Start 3 runs' }).click()
      await train(page, 'Biased MF')
      await train(page, 'MDRR-att', '60')
      await picture(page, 'training')
    })

    await test.step('a pinned baseline, and the differences from it', async () => {
      await rail(page, 'Runs').click()
      await expect(body(page)).toHaveCount(9)
      await expect(body(page).filter({ hasText: 'Finished' })).toHaveCount(9, { timeout: 120_000 })
      await page.getByRole('button', { name: 'Group seeds' }).click()
      await expect(body(page)).toHaveCount(3)
      await body(page).filter({ hasText: 'Biased MF' }).focus()
      await page.keyboard.press('b')
      await expect(body(page).filter({ hasText: 'Biased MF' })).toContainText('baseline')
      await expect(body(page).filter({ hasText: 'MDRR-att' })).toContainText(/[+−]\.\d{4}/)
      await picture(page, 'runs-and-baseline')
      const saved = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Export CSV' }).click()
      await page.getByRole('menuitem', { name: 'Every column' }).click()
      csv = await readFile(await (await saved).path(), 'utf8')
      expect(csv.trimEnd().split('\r\n')).toHaveLength(10)
    })

    await test.step('compared user by user', async () => {
      await page.getByRole('button', { name: 'Group seeds' }).click()
      await page.getByLabel('Select all runs of the table').check()
      await page.getByRole('link', { name: 'Compare figures' }).click()
      const tests = page.getByRole('region', { name: 'Paired tests' })
      await expect(tests.getByRole('row')).toHaveCount(3)
      await expect(tests.getByText(/Not distinguishable|Better|Worse|higher|lower/i).first()).toBeVisible()
      await picture(page, 'compare-figures')
      await page.getByRole('radio', { name: 'Curves', exact: true }).click()
      await expect(page.locator('[data-drawn]').first()).toBeVisible()
      await picture(page, 'compare-curves')
    })

    await test.step('a bundle', async () => {
      await rail(page, 'Runs').click()
      await page.getByLabel(/^Select Dual GRU.*, seed 1$/).check()
      await page.getByRole('button', { name: 'Pack', exact: true }).click()
      const pack = page.getByRole('dialog', { name: 'Pack this run' })
      await pack.getByRole('checkbox').check()
      await picture(page, 'pack')
      const saved = page.waitForEvent('download')
      await pack.getByRole('button', { name: 'Pack and save' }).click()
      const download = await saved
      bundle = test.info().outputPath(download.suggestedFilename())
      await download.saveAs(bundle)
    })

    await test.step('an empty workspace opens it and comes to the same figures', async () => {
      await page.goto(empty.link)
      await rail(page, 'Runs').click()
      await page.getByRole('button', { name: 'Open a bundle' }).click()
      const dialog = page.getByRole('dialog', { name: 'Open a bundle' })
      await dialog.getByLabel('Bundle to open').setInputFiles(bundle)
      await dialog.getByRole('button', { name: 'Verify' }).click()
      await expect(dialog.getByText('The bundle is what it says.')).toBeVisible({ timeout: 60_000 })
      await picture(page, 'verified')
      await dialog.getByRole('button', { name: 'Import 1 run' }).click()
      await dialog.getByRole('link', { name: /Dual GRU/ }).click()
      await rail(page, 'Runs').click()
      await expect(body(page)).toHaveCount(1)
      const again = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Export CSV' }).click()
      await page.getByRole('menuitem', { name: 'Every column' }).click()
      const there = rowsOf(await readFile(await (await again).path(), 'utf8'))
      const here = rowsOf(csv).find((row) => row['seed'] === '1' && row['name']!.startsWith('Dual GRU'))!
      const figures = Object.keys(here).filter((column) => column.includes('@'))
      expect(figures.length).toBeGreaterThan(0)
      for (const column of figures) expect(there[0]![column] ?? '', column).toBe(here[column])
    })
  } finally {
    await end()
    await context.close()
    await lab.stop()
    await empty.stop()
  }
})

/** The lines of a CSV file by the names of its columns; no cell here holds a line break. */
function rowsOf(text: string): Record<string, string>[] {
  const cells = (line: string) => [...`${line},`.matchAll(/("(?:[^"]|"")*"|[^,]*),/g)].map(([, cell = '']) => cell)
  const [head = '', ...rows] = text.trimEnd().split('\r\n')
  const columns = cells(head)
  return rows.map((row) => Object.fromEntries(cells(row).map((cell, at) => [columns[at] ?? '', cell])))
}
