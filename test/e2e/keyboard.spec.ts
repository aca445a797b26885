import { expect, test } from './support/fixtures.ts'

/** Presses Tab until the element of that role and name has the focus; fails when the page has no way there. */
async function tabTo(page: import('@playwright/test').Page, name: RegExp): Promise<void> {
  for (let press = 0; press < 60; press++) {
    const text = await page.evaluate(() => {
      const active = document.activeElement as HTMLElement | null
      if (!active || active === document.body) return ''
      return active.getAttribute('aria-label') ?? active.innerText
    })
    if (name.test(text)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Sixty presses of Tab did not reach ${name}.`)
}

test('the main job, without a mouse', async ({ page, fake }) => {
  await page.goto(fake.url)
  await expect(page.getByRole('button', { name: /Open the sample lab/ })).toBeVisible()
  await tabTo(page, /Open the sample lab/)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Start training' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('progressbar', { name: /mdrr-att/ }).first()).toBeVisible()
  await expect(page.getByText('Finished').first()).toBeVisible({ timeout: 20_000 })

  await page.keyboard.press('g')
  await page.keyboard.press('r')
  await expect(page.getByRole('heading', { level: 1, name: 'Runs' })).toBeFocused()
  await tabTo(page, /MDRR-att\s+palate/)
  await page.keyboard.press('Space')
  await expect(page.getByText('1 selected', { exact: true })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('row', { name: /This run/ })).toBeVisible()

  await tabTo(page, /^Results$/)
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('img', { name: /Validation NDCG/ })).toBeVisible()
  await expect(page).toHaveURL(/tab=curves/)
})

test('search and commands lead anywhere', async ({ page, fake }) => {
  await page.goto(fake.url)
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Find a page, an action').fill('settings')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('i')
  await expect(page.getByRole('heading', { level: 1, name: 'Import data' })).toBeVisible()
})

test('letters that somebody types are no shortcuts', async ({ page, fake }) => {
  await page.goto(`${fake.url}#/datasets/import`)
  const field = page.getByLabel('Or a path on the computer where Palate runs')
  await field.click()
  await field.pressSequentially('g d ? i')
  await expect(field).toHaveValue('g d ? i')
  await expect(page.getByRole('heading', { level: 1, name: 'Import data' })).toBeVisible()
})
