import { fakeDataset, fakeRun } from '../support/fake-engine/world.ts'
import { expect, test } from './support/fixtures.ts'

const hostile = '<img src=x onerror="document.title=\'owned\'">'

test('hostile names stay text on every page, in charts and their tooltips', async ({ page, world, fake }) => {
  world.datasets.push(fakeDataset(1, hostile))
  for (const id of [1, 2]) world.runs.set(id, fakeRun(id, world.datasets[0]!, 'finished', { name: hostile }))
  for (const address of [
    '#/',
    '#/datasets',
    '#/datasets/1',
    '#/train?runs=1,2',
    '#/runs',
    '#/runs/1',
    '#/runs/1?tab=curves',
    '#/runs/1?tab=record',
    '#/compare?runs=1,2',
  ]) {
    await page.goto(fake.url + address)
    await expect(page.getByText(hostile).first()).toBeVisible()
    await expect(page.locator('img[src="x"]')).toHaveCount(0)
  }
  await page.goto(`${fake.url}#/train?runs=1,2`)
  await page.getByRole('img', { name: /Mean reward/ }).hover()
  await expect(page.locator('.chart-tip .name').first()).toContainText('<img src=x')
  await expect(page.locator('img[src="x"]')).toHaveCount(0)
  expect(await page.title()).not.toContain('owned')
})

test.describe('when the engine goes away', () => {
  test.use({ allowed: [/WebSocket connection to .* failed/] })

  test('a banner says so, and everything is filled again when it is back', async ({ page, world, fake }) => {
    world.datasets.push(fakeDataset(1, 'Sample lab'))
    await page.goto(`${fake.url}#/datasets`)
    await expect(page.getByRole('link', { name: 'Sample lab', exact: true })).toBeVisible()
    fake.goAway()
    await expect(page.getByRole('alert')).toContainText('The engine does not answer.')
    world.datasets.push(fakeDataset(2, 'Made meanwhile'))
    fake.comeBack()
    await page.getByRole('button', { name: 'Try now' }).click()
    await expect(page.getByRole('alert')).toHaveCount(0)
    await expect(page.getByRole('link', { name: 'Made meanwhile', exact: true })).toBeVisible()
  })
})

test('ten thousand runs: only the rows in sight exist, and the last one can be reached', async ({ page, world, fake }) => {
  const dataset = fakeDataset(1, 'Sample lab')
  world.datasets.push(dataset)
  const one = fakeRun(1, dataset, 'finished')
  for (let id = 1; id <= 10_000; id++) world.runs.set(id, { ...one, detail: { ...one.detail, id, seed: id, name: `run ${id}` } })
  await page.goto(`${fake.url}#/runs`)
  await expect(page.getByRole('link', { name: 'run 10000', exact: true })).toBeVisible()
  expect(await page.getByRole('row').count()).toBeLessThan(80)
  await page.getByRole('row', { name: /run 10000/ }).focus()
  await page.keyboard.press('End')
  await expect(page.getByRole('link', { name: 'run 1', exact: true })).toBeVisible()
  await page.getByLabel('Filter the runs').fill('run 777')
  await expect(page.getByText('19 of 10,000 runs')).toBeVisible()
})

test('what diverged is explained as a result, with its curves', async ({ page, world, fake }) => {
  world.datasets.push(fakeDataset(1, 'Sample lab'))
  const error = {
    code: 'RUN_DIVERGED' as const,
    message: 'The critic loss stopped being a finite number at update 1,400.',
    details: { run: '1', update: 1400, quantity: 'criticLoss' },
  }
  world.runs.set(1, fakeRun(1, world.datasets[0]!, 'diverged', { error }))
  await page.goto(`${fake.url}#/runs/1`)
  await expect(page.getByRole('alert')).toContainText('This run diverged, which is a result')
  await expect(page.getByRole('alert')).toContainText('at update 1,400')
  await expect(page.getByRole('img', { name: /Critic loss/ })).toBeVisible()
  await page.getByRole('radio', { name: 'Results' }).click()
  await expect(page.getByText('The run ended before it could be evaluated.')).toBeVisible()
})

test('a run whose backend broke goes on with another one', async ({ page, world, fake }) => {
  world.datasets.push(fakeDataset(1, 'Sample lab'))
  const error = {
    code: 'BACKEND_LOST' as const,
    message: 'The compute backend "native" broke while it computed: its process ended by itself (signal SIGSEGV).',
    details: { backend: 'native', reason: 'its process ended by itself (signal SIGSEGV)' },
  }
  world.runs.set(1, fakeRun(1, world.datasets[0]!, 'failed', { error, executor: 'native' }))
  await page.goto(`${fake.url}#/runs/1`)
  const choice = page.getByRole('alert').getByLabel('Go on with')
  await expect(choice.getByRole('option', { name: 'Native code' })).toHaveCount(0)
  await choice.selectOption('Plain JavaScript')
  await page.getByRole('button', { name: /with this backend/ }).click()
  await expect(page.getByRole('alert')).toHaveCount(0)
  expect(world.runs.get(1)!.detail.executor).toBe('plain')
})

test('a page whose run is gone says so and leads on', async ({ page, fake }) => {
  await page.goto(`${fake.url}#/runs/99`)
  await expect(page.getByRole('alert')).toContainText('There is no run 99.')
  await page.getByRole('link', { name: 'Runs', exact: true }).first().click()
  await expect(page.getByText('No run yet')).toBeVisible()
})

test('a setting that was typed is stored when the field is left', async ({ page, world, fake }) => {
  await page.goto(`${fake.url}#/settings`)
  const field = page.getByLabel('Runs at the same time')
  await expect(field).toHaveValue('2')
  await field.fill('65')
  await expect(page.getByText('A whole number from 1 to 64.')).toBeVisible()
  await field.fill('3')
  await field.press('Enter')
  await expect.poll(() => world.settings.concurrentRuns).toBe(3)
})

test('the backend, the threads and the fallback are chosen in the settings, with the reason for "auto"', async ({
  page,
  world,
  fake,
}) => {
  await page.goto(`${fake.url}#/settings`)
  await expect(page.locator('#backend-found')).toContainText('1.8 times as fast as one here')
  await page.getByLabel('Backend', { exact: true }).selectOption('Plain JavaScript')
  await expect.poll(() => world.settings.backend).toBe('plain')
  const threads = page.getByLabel('Threads of a run')
  await threads.fill('65')
  await expect(page.getByText('"auto", or a whole number from 1 to 64.')).toBeVisible()
  await threads.fill('2')
  await threads.press('Enter')
  await expect.poll(() => world.settings.threads).toBe(2)
  await page.getByRole('switch', { name: 'Go on on the CPU when a backend breaks' }).click()
  await expect.poll(() => world.settings.allowFallback).toBe(true)
})

test('what a new run begins with is set once, by keys alone, and Train begins with it; what is typed there stays', async ({
  page,
  world,
  fake,
}) => {
  world.datasets.push(fakeDataset(1, 'Sample lab'))
  await page.goto(`${fake.url}#/settings`)
  const form = page.getByRole('form', { name: 'Defaults of new runs' })
  const reset = page.getByRole('button', { name: "Reset to the program's own" })
  await expect(reset).toBeDisabled()
  const seeds = form.getByLabel('Number of seeds')
  await seeds.fill('101')
  await seeds.press('Tab')
  await expect(form.getByText('A whole number from 1 to 100.')).toBeVisible()
  await seeds.fill('3')
  await seeds.press('Tab')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('20, 1')
  await page.keyboard.press('Tab')
  await form.getByLabel('Split', { exact: true }).selectOption({ label: 'Leave the last out' })
  await form.locator('summary').focus()
  await page.keyboard.press('Enter')
  await form.getByRole('checkbox', { name: 'Re-rank, one shot' }).focus()
  await page.keyboard.press(' ')
  const mine = { defaultSeedCount: 3, defaultKs: [20, 1], defaultSplit: 'leave-last:1', defaultProtocols: ['rerank-sequential'] }
  await expect.poll(() => world.settings).toMatchObject(mine)
  await page.getByRole('navigation').getByRole('link', { name: 'Train' }).click()
  const run = page.getByRole('form', { name: 'New run' })
  await expect(run.getByLabel('Seeds')).toHaveValue('1-3')
  await expect(run.getByLabel('Split', { exact: true })).toHaveValue('leave-last')
  await expect(run.getByText('Re-rank, sequential at 20, 1')).toBeVisible()
  await run.getByLabel('Seeds').fill('7')
  await page.goBack()
  await expect(form.getByLabel('Number of seeds')).toHaveValue('3')
  await reset.focus()
  await page.keyboard.press('Enter')
  await expect
    .poll(() => world.settings)
    .toMatchObject({ defaultSeedCount: 1, defaultSplit: 'random:0.8', defaultKs: [5, 10, 20] })
  await page.goForward()
  await expect(run.getByLabel('Seeds')).toHaveValue('7')
  await expect(run.getByLabel('Split', { exact: true })).toHaveValue('random')
})
