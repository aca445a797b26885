import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expect, expectAccessible, startLab, test, type Lab } from './support/fixtures.ts'

test.use({ actionTimeout: 20_000 })

let lab: Lab
test.beforeAll(async () => {
  lab = await startLab()
})
test.afterAll(() => lab.stop())

const block = (page: Page, title: string) => page.getByRole('button', { name: new RegExp(`^${title}:`) })
const unfold = (page: Page, group: string) => page.locator('summary').filter({ hasText: group }).click()
const configuration = async (page: Page, item: string) => {
  await page.getByRole('button', { name: 'Configuration', exact: true }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

test('a dual-actor GRU model is built, drawn, saved, compared, exported, brought back, and trained', async ({ page }, info) => {
  await page.goto(lab.link)
  await page.getByRole('button', { name: /Open the sample lab/ }).click()
  await expect(page).toHaveURL(/#\/train\?dataset=1$/)
  await page.getByRole('link', { name: 'Builder' }).click()

  await test.step('the drawing follows the form', async () => {
    await expect(block(page, 'Encoder of likes')).toBeVisible()
    await unfold(page, 'State')
    await page.getByLabel('Encoder', { exact: true }).selectOption({ label: 'GRU and attention' })
    await block(page, 'Encoder of dislikes').press('Enter')
    await expect(page.getByRole('rowheader', { name: 'Gated recurrent unit' })).toBeVisible()
    await expect(block(page, 'Actor of likes')).toHaveAccessibleName(
      /^Actor of likes: B × 18, 8,850 parameters, likes, reads Encoder of likes$/,
    )
    await page.getByLabel(/^Size ?k$/).fill('6')
    await expect(block(page, 'Actor of likes')).toHaveAccessibleName(/: B × 8, /)
    await expect(block(page, 'Liked items')).toHaveAccessibleName(/: B × 10 × 8, likes$/)
    await expect(page.getByText('2 differ from preset Palate')).toBeVisible()
    await page.getByRole('button', { name: 'Preset: 16' }).click()
    await expect(block(page, 'Actor of likes')).toHaveAccessibleName(/: B × 18, /)
    await expect(page.getByText(/^about /)).toBeVisible()
    await expect(page.getByText(/GFLOP\/s, measured on/)).toBeVisible()
  })

  await test.step('what does not fit together is told at its block', async () => {
    await unfold(page, 'Replay')
    await unfold(page, 'Learning')
    await page.getByLabel('Replay capacity').fill('64')
    await page.getByLabel(/^Batch size/).fill('128')
    await expect(block(page, 'Critic')).toHaveAccessibleName(/The replay holds 64 transitions, and a batch takes 128\./)
    await expect(page.getByRole('button', { name: 'Train this' })).toBeDisabled()
    await expectAccessible(page, 'a model that cannot train')
    await page.getByRole('button', { name: 'Reset all' }).click()
    await page.getByLabel('Encoder', { exact: true }).selectOption({ label: 'GRU and attention' })
  })

  await test.step('it is saved, and a second version keeps the first', async () => {
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expectAccessible(page, 'the name of a configuration')
    await page.getByLabel('Name', { exact: true }).fill('Dual <b>GRU</b>')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Dual <b>GRU</b>' })).toBeVisible()
    await page.getByLabel('Updates', { exact: true }).fill('20')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(page.getByText('version 2 of 2 · as saved')).toBeVisible()
    await page.getByLabel('Version', { exact: true }).selectOption({ index: 1 })
    await expect(page.getByLabel('Updates', { exact: true })).toHaveValue('2000')
  })

  await test.step('a copy is compared with what it came from', async () => {
    await configuration(page, 'Duplicate')
    await expect(page.getByRole('heading', { level: 1, name: 'Dual <b>GRU</b> (2)' })).toBeVisible()
    await page.getByLabel('Updates', { exact: true }).fill('40')
    await configuration(page, 'Compare …')
    await expect(page.getByRole('dialog').getByRole('row', { name: 'Updates 2000 40' })).toBeVisible()
    await expect(page.getByRole('dialog').getByRole('row')).toHaveCount(2)
    await expectAccessible(page, 'the comparison of configurations')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
  })

  await test.step('its file brings it back, deleting can be undone, and the drawing is saved as SVG', async () => {
    const saving = page.waitForEvent('download')
    await configuration(page, 'Export as JSON')
    const file = info.outputPath('configuration.json')
    await (await saving).saveAs(file)
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ model: 'custom', params: { updates: 40 } })
    await configuration(page, 'Delete')
    await page.getByRole('button', { name: /^Undo: bring/ }).click()
    await expect(page.getByRole('list', { name: 'Saved configurations' }).getByRole('listitem')).toHaveCount(2)
    await page.getByLabel('Configuration file').setInputFiles(file)
    await expect(page.getByRole('heading', { level: 1, name: 'Dual <b>GRU</b> (3)' })).toBeVisible()
    await page
      .getByLabel('Configuration file')
      .setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{}') })
    await expect(page.getByText('This is no configuration of Palate', { exact: false }).first()).toBeVisible()
    const drawing = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save the drawing as SVG' }).click()
    const svg = info.outputPath('drawing.svg')
    await (await drawing).saveAs(svg)
    expect(await readFile(svg, 'utf8')).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg".*Encoder of likes.*<\/svg>$/s)
  })

  await test.step('it trains', async () => {
    await page.getByRole('button', { name: 'Train this' }).click()
    await expect(page.getByLabel('Updates', { exact: true }).first()).toHaveValue('40')
    await page.getByRole('button', { name: 'Start training' }).click()
    await expect(page).toHaveURL(/runs=1/)
    await expect(page.getByText('Dual <b>GRU</b> (3)').first()).toBeVisible()
    await page.goto(`${page.url().split('#')[0]}#/runs/1`)
    await expect(page.getByText('Finished').first()).toBeVisible({ timeout: 60_000 })
  })
})
