import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { fakeDataset, fakeRun, type World } from '../support/fake-engine/world.ts'
import { expect, test } from './support/fixtures.ts'

/** Three seeds of two models each; runs 1 to 3 and 4 to 6. */
function furnish(world: World): void {
  const dataset = fakeDataset(1, 'Sample lab')
  world.datasets.push(dataset)
  for (const [at, modelId] of (['mdrr-att', 'svd++'] as const).entries())
    for (const seed of [1, 2, 3]) {
      const id = at * 3 + seed
      const ndcg20 = at === 0 ? 0.9082 + seed * 1e-4 : 0.88
      const part = { modelId, seed, split: `random:0.8@${seed}`, name: `${modelId} (seed ${seed})`, ndcg20 }
      const run = fakeRun(id, dataset, 'finished', part)
      if (at === 1) run.detail.params = { gamma: 0.5 }
      for (const row of run.rows) if (row.model === modelId && row.metric === 'ndcg') row.value = ndcg20
      world.runs.set(id, run)
    }
}
const table = (page: Page) => page.getByRole('region', { name: 'Table of runs' })
const row = (page: Page, name: RegExp | string) => table(page).getByRole('row', { name })
const body = (page: Page) => table(page).locator('tbody tr[data-row]')

test('tags, notes and the archive of a selection, and of a run on its page; another window sees them', async ({
  page,
  context,
  world,
  fake,
}) => {
  furnish(world)
  await page.goto(`${fake.url}#/runs`)
  const other = await context.newPage()
  await other.goto(`${fake.url}#/runs`)
  await page.getByLabel('Select svd++ (seed 1), seed 1').check()
  await page.getByLabel('Select svd++ (seed 2), seed 2').check()
  await page.getByRole('button', { name: 'Tags and notes' }).click()
  const dialog = page.getByRole('dialog', { name: 'Tags and notes of 2 runs' })
  await dialog.getByLabel('Tags to add').fill('paper, <b>bold</b>')
  await page.keyboard.press('Enter')
  await expect(dialog.getByRole('button', { name: 'Take the tag paper off' })).toBeVisible()
  await dialog.getByLabel('Tags to add').fill('x'.repeat(10_000))
  await expect(dialog.getByText('has 10000 characters. A tag has at most 64.')).toBeVisible()
  await dialog.getByLabel('Add to the notes of each').fill('overfits')
  await dialog.getByRole('button', { name: 'Add notes' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(row(other, /svd\+\+ \(seed 1\)/)).toContainText('paper')
  await expect(row(other, /svd\+\+ \(seed 1\)/)).toContainText('<b>bold</b>')
  expect(world.runs.get(5)!.detail.comment).toBe('overfits')

  await page.getByRole('button', { name: 'Archive', exact: true }).click()
  await expect(body(page)).toHaveCount(4)
  await expect(page.getByText('4 runs, 2 in the archive')).toBeVisible()
  await page.getByLabel('Filter the runs').fill('archived')
  await expect(body(page)).toHaveCount(2)
  await other.close()

  await page.goto(`${fake.url}#/runs/4?tab=record`)
  await expect(page.getByText('In the archive')).toBeVisible()
  await page.getByRole('button', { name: 'Take the tag paper off' }).click()
  await expect.poll(() => world.runs.get(4)!.detail.tags).toEqual(['<b>bold</b>'])
  await page.getByLabel('Notes on this run').fill('seen again')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('Saved.')).toBeVisible()
  expect(world.runs.get(4)!.detail.comment).toBe('seen again')
  await page.getByRole('button', { name: 'Take this run out of the archive' }).click()
  await expect.poll(() => world.runs.get(4)!.detail.archived).toBe(false)
})

test('what is deleted comes back by undo or from the list of what was deleted', async ({ page, world, fake }) => {
  furnish(world)
  await page.goto(`${fake.url}#/runs`)
  await page.getByLabel('Select all runs of the table').check()
  await page.getByLabel('Select mdrr-att (seed 1), seed 1').uncheck()
  await page.getByRole('button', { name: 'Delete 5' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(body(page)).toHaveCount(1)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(body(page)).toHaveCount(6)

  await page.goto(`${fake.url}#/runs/4`)
  await page.getByRole('button', { name: 'Delete this run' }).click()
  await page.getByRole('button', { name: 'Delete it' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Runs' })).toBeVisible()
  await expect(body(page)).toHaveCount(5)
  await page.getByRole('button', { name: 'Recently deleted runs' }).click()
  await page.getByRole('button', { name: 'Bring svd++ (seed 1) back' }).click()
  await expect(page.getByText('Nothing was deleted lately.')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(body(page)).toHaveCount(6)
})

test('columns are chosen, any figure and any parameter among them, and stay after a reload', async ({ page, world, fake }) => {
  furnish(world)
  await page.goto(`${fake.url}#/runs`)
  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByLabel('Find a column').fill('recall@5')
  await page.getByRole('button', { name: 'Show Recall@5 · Re-rank, one shot · all users' }).click()
  await page.getByLabel('Find a column').fill('gamma')
  await page.getByRole('button', { name: 'Show Gamma' }).click()
  await page.getByRole('button', { name: 'Hide Preset' }).click()
  await page.getByRole('button', { name: 'Move Gamma to the left' }).click()
  await page.keyboard.press('Escape')
  await page.reload()
  await expect(row(page, /svd\+\+ \(seed 1\)/).getByRole('cell', { name: '0.5', exact: true })).toBeVisible()
  await expect(table(page).getByRole('columnheader').last()).toHaveText('Recall@5 · Re-rank, one shot · all users')
  await expect(table(page).getByRole('columnheader', { name: 'Preset' })).toHaveCount(0)
  await table(page).getByRole('button', { name: 'Gamma' }).click()
  await expect(page).toHaveURL(/sort=param/)
  await expect(body(page).first()).toContainText('mdrr-att')
  await table(page).getByRole('button', { name: 'Gamma' }).click()
  await expect(body(page).first()).toContainText('svd++')
})

test('the table comes out as it is shown: search, order, columns, groups', async ({ page, world, fake }) => {
  furnish(world)
  world.tableView = { columns: ['seed', 'name', 'figure:rerank-sequential|full-length|ndcg@20'], grouped: false, baseline: null }
  await page.goto(`${fake.url}#/runs?q=${encodeURIComponent('model:svd*')}&sort=seed&order=asc`)
  await expect(body(page)).toHaveCount(3)
  const exported = async (label: string) => {
    await page.getByRole('button', { name: label }).focus()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('menuitem', { name: 'As shown' })).toBeFocused()
    const saved = page.waitForEvent('download')
    await page.keyboard.press('Enter')
    return readFile(await (await saved).path(), 'utf8')
  }
  expect(await exported('Export CSV')).toBe(
    'Seed,Name,NDCG@20\r\n1,svd++ (seed 1),0.88\r\n2,svd++ (seed 2),0.88\r\n3,svd++ (seed 3),0.88\r\n',
  )
  await page.getByRole('button', { name: 'Group seeds' }).click()
  expect(await exported('Export CSV')).toBe(
    'line,runs,Seed,Name,NDCG@20,NDCG@20 low,NDCG@20 high,NDCG@20 n\r\ngroup,3,1–3,SVD++ (palate),0.88,0.88,0.88,3\r\n',
  )
  await page.getByRole('button', { name: 'Group seeds' }).click()
  await page.getByLabel('Select svd++ (seed 2), seed 2').check()
  expect(await exported('Export selected')).toBe('Seed,Name,NDCG@20\r\n2,svd++ (seed 2),0.88\r\n')
})

test('the search suggests, explains what is wrong, and lives in the address', async ({ page, world, fake }) => {
  furnish(world)
  await page.goto(`${fake.url}#/runs?q=${encodeURIComponent('model:svd* seed:1..2')}`)
  await expect(body(page)).toHaveCount(2)
  const search = page.getByLabel('Filter the runs')
  await search.fill('')
  await search.pressSequentially('mod')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(search).toHaveValue('model:')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(search).toHaveValue('model:mdrr-att ')
  await expect(body(page)).toHaveCount(3)
  await search.fill('gama>0.8 ndcg@20>0.9')
  await page.keyboard.press('Enter')
  await expect(page.locator('#run-search-mistakes')).toContainText('There is no field “gama”. Is “gamma” meant?')
  await expect(search).toHaveAttribute('aria-invalid', 'true')
  await expect(body(page)).toHaveCount(3)
  await search.fill('gamma<0.8')
  await expect(body(page)).toHaveCount(3)
  await expect(page).toHaveURL(/q=gamma/)
  await search.fill('state:failed')
  await expect(page.getByText('None of the 6 runs fits “state:failed”.')).toBeVisible()
})

test('seeds are grouped and measured against a pinned baseline, without a mouse', async ({ page, world, fake }) => {
  furnish(world)
  await page.goto(`${fake.url}#/runs?sort=ndcg20`)
  await page.getByRole('button', { name: 'Group seeds' }).focus()
  await page.keyboard.press('Enter')
  await expect(body(page)).toHaveCount(2)
  await expect(row(page, /svd\+\+|SVD\+\+/)).toContainText('.8800')
  await expect(row(page, /MDRR-att/)).toContainText(/\.9084\s*±/)
  await row(page, /SVD\+\+/).focus()
  await page.keyboard.press('b')
  await expect(row(page, /SVD\+\+/)).toContainText('baseline')
  await expect(row(page, /MDRR-att/)).toContainText('+.0284')
  await expect(row(page, /MDRR-att/)).toContainText('Better')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowRight')
  await expect(body(page)).toHaveCount(5)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press(' ')
  await expect(page.getByRole('toolbar', { name: 'Selected runs' })).toContainText('1 selected')
  // The view is stored behind what is seen.
  await expect.poll(() => world.tableView?.baseline ?? null).not.toBeNull()
  await page.reload()
  await expect(body(page)).toHaveCount(2)
  await expect(row(page, /SVD\+\+/)).toContainText('baseline')
  await page.getByRole('button', { name: 'Group seeds' }).click()
  await expect(row(page, /svd\+\+ \(seed 2\)/)).toContainText('Not distinguishable')
  world.runs.delete(6)
  await page.reload()
  await expect(body(page)).toHaveCount(5)
  await expect(page.getByText('baseline')).toHaveCount(0)
})
