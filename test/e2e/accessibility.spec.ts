import type { Page } from '@playwright/test'
import { fakeDataset, fakeRun, type World } from '../support/fake-engine/world.ts'
import { expect, expectAccessible, test } from './support/fixtures.ts'

function furnish(world: World): void {
  world.datasets.push(fakeDataset(1, 'Sample lab'))
  for (const [at, state] of (['finished', 'diverged', 'failed', 'interrupted', 'paused', 'stopped'] as const).entries()) {
    const run = fakeRun(at + 1, world.datasets[0]!, state)
    if (state === 'diverged')
      run.detail.error = {
        code: 'RUN_DIVERGED',
        message: 'The critic loss stopped being a finite number at update 1,400. Lower criticLearningRate.',
        details: { run: '2', update: 1400, quantity: 'criticLoss' },
      }
    if (state === 'failed')
      run.detail.error = {
        code: 'TRAINER_LOST',
        message: 'The training process ended with SIGKILL. Resume the run.',
        details: { run: '3', exit: 'SIGKILL' },
      }
    world.runs.set(at + 1, run)
  }
  world.nextRun = 7
}

const pages: [name: string, address: string, ready: (page: Page) => Promise<void>][] = [
  ['Start', '#/', (page) => expect(page.getByRole('heading', { name: 'Last result' })).toBeVisible()],
  ['Data sets', '#/datasets', (page) => expect(page.getByRole('link', { name: 'Sample lab', exact: true })).toBeVisible()],
  ['Import', '#/datasets/import', (page) => expect(page.getByText('Drop a folder, a zip or a file here')).toBeVisible()],
  ['a data set', '#/datasets/1', (page) => expect(page.getByRole('img', { name: /^Who rated what/ })).toBeVisible()],
  ['Train', '#/train', (page) => expect(page.getByRole('img', { name: /Mean Q/ })).toBeVisible()],
  ['Runs', '#/runs', (page) => expect(page.getByRole('row')).toHaveCount(7)],
  ['results', '#/runs/1', (page) => expect(page.getByRole('cell', { name: 'This run' })).toBeVisible()],
  ['curves', '#/runs/1?tab=curves', (page) => expect(page.getByRole('img', { name: /Mean Q/ })).toBeVisible()],
  ['parameters', '#/runs/1?tab=parameters', (page) => expect(page.getByText('Batch size').first()).toBeVisible()],
  ['the log', '#/runs/1?tab=log', (page) => expect(page.getByRole('region', { name: 'Events' })).toBeVisible()],
  ['the record', '#/runs/1?tab=record', (page) => expect(page.getByRole('heading', { name: 'Provenance' })).toBeVisible()],
  ['a diverged run', '#/runs/2', (page) => expect(page.getByText('This run diverged, which is a result').first()).toBeVisible()],
  ['a failed run', '#/runs/3', (page) => expect(page.getByText('The training process ended without a word')).toBeVisible()],
  ['Models', '#/models', (page) => expect(page.getByRole('link', { name: 'MDRR-att', exact: true })).toBeVisible()],
  ['a model', '#/models/mdrr-att', (page) => expect(page.getByRole('row', { name: /^Gamma/ })).toBeVisible()],
  ['the builder', '#/builder?model=mdrr-att', (page) => expect(page.getByRole('button', { name: /^Critic:/ })).toBeVisible()],
  [
    'Benchmarks',
    '#/benchmarks',
    (page) => expect(page.getByRole('link', { name: 'MDRR-att, Table 2', exact: true })).toBeVisible(),
  ],
  ['a comparison', '#/compare?runs=1,6', (page) => expect(page.getByRole('region', { name: 'Paired tests' })).toBeVisible()],
  ['the genre test', '#/live/genre-test', (page) => expect(page.getByRole('button', { name: 'Ask' })).toBeVisible()],
  ['Simulated users', '#/live/batch', (page) => expect(page.getByRole('button', { name: 'Let them play' })).toBeVisible()],
  ['a new duel', '#/live/duel/new', (page) => expect(page.getByRole('button', { name: 'Begin the duel' })).toBeVisible()],
  [
    'a persona',
    '#/live/new',
    async (page) => {
      await page.getByText('A persona', { exact: true }).click()
      await expect(page.getByText(/^You love Horror/)).toBeVisible()
      await page.getByRole('button', { name: 'Start the session' }).click()
      await expect(page.getByRole('region', { name: 'Persona' })).toBeVisible()
    },
  ],
  ['no two sessions', '#/live/compare', (page) => expect(page.getByText('Nothing to compare')).toBeVisible()],
  ['Settings', '#/settings', (page) => expect(page.getByRole('cell', { name: 'TensorFlow on a GPU' })).toBeVisible()],
  ['an unknown address', '#/nowhere', (page) => expect(page.getByText('There is nothing at this address')).toBeVisible()],
]

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme, reducedMotion: 'reduce' })

    for (const [name, address, ready] of pages) {
      test(`axe finds nothing on ${name}`, async ({ page, world, fake }) => {
        furnish(world)
        await page.goto(fake.url + address)
        await ready(page)
        await expectAccessible(page, name)
      })
    }

    test('axe finds nothing on any part of a comparison', async ({ page, world, fake }) => {
      furnish(world)
      Object.assign(world.runs.get(6)!.detail, { modelId: 'svd++', split: 'random:0.8@1' })
      const parts: [tab: string, ready: string][] = [
        ['curves', 'Runs in the charts'],
        ['parameters', 'Table of parameters'],
        ['parallel', 'Runs in parallel coordinates'],
        ['scatter', 'Runs of the scatter plot'],
        ['users', 'Users behind the bars'],
        ['recommendations', 'Users with lists of both runs'],
      ]
      for (const [tab, ready] of parts) {
        await page.goto(`${fake.url}#/compare?runs=1,6&tab=${tab}`)
        await expect(page.getByLabel(ready).first()).toBeVisible()
        await expectAccessible(page, `a comparison, ${tab}`)
      }
    })

    test('axe finds nothing on a first start or an empty page', async ({ page, fake }) => {
      for (const address of ['#/', '#/datasets', '#/train', '#/runs', '#/compare', '#/models?q=none', '#/benchmarks/none']) {
        await page.goto(fake.url + address)
        await expect(page.getByRole('heading').first()).toBeVisible()
        await expectAccessible(page, `empty ${address}`)
      }
    })

    test('axe finds nothing in any step of an import', async ({ page, fake }) => {
      await page.goto(`${fake.url}#/datasets/import`)
      const look = async (where: string) => {
        await page.getByLabel('Or a path on the computer where Palate runs').fill(where)
        await page.getByRole('button', { name: 'Look' }).click()
      }
      await look('/data/missing.csv')
      await expect(page.getByRole('alert')).toBeVisible()
      await expectAccessible(page, 'a source that is not there')
      await look('/data/events.csv')
      await expect(page.getByRole('region', { name: 'Rows that cannot be read' })).toBeVisible()
      await page.getByLabel('What pv says').selectOption({ label: 'Negative' })
      await page.getByLabel('Separator', { exact: true }).selectOption({ label: 'Another …' })
      await page.getByRole('radio', { name: 'Skip with report' }).click()
      await page.getByLabel('Stop above so many bad lines').fill('7')
      await page.getByLabel('Stop above so many bad lines').press('Tab')
      await expect(page.getByText('2 choices differ from what was detected')).toBeVisible()
      await expectAccessible(page, 'how it will be read')
      await page.getByRole('button', { name: 'Scale and thresholds' }).first().click()
      await page.getByRole('slider', { name: /^Liked from/ }).press('ArrowRight')
      await expect(page.getByRole('button', { name: /^Detected: 2 to 5/ })).toBeVisible()
      await expectAccessible(page, 'scale and thresholds')
      await page.getByRole('button', { name: /1\s*Source/ }).click()
      await expectAccessible(page, 'the way back to the source')
      await page.getByRole('button', { name: 'Go on with it' }).click()
      await page.getByRole('button', { name: 'Import', exact: true }).click()
      await expect(page.getByText(/50,000 rows per second/)).toBeVisible()
      await expectAccessible(page, 'an import under way')
      await expect(page.getByRole('region', { name: 'Rejected lines' })).toBeVisible()
      await expectAccessible(page, 'an import report')
    })

    test('axe finds nothing on the table of runs in any of its states', async ({ page, world, fake }) => {
      furnish(world)
      world.runs.get(1)!.detail.tags = ['paper']
      world.runs.set(7, fakeRun(7, world.datasets[0]!, 'finished', { seed: 7, archived: true }))
      world.tableView = {
        columns: ['name', 'tags', 'state', 'figure:rerank-sequential|full-length|ndcg@20'],
        grouped: true,
        baseline: 1,
      }
      await page.goto(`${fake.url}#/runs?q=-archived`)
      await page.getByRole('row', { name: /MDRR-att/ }).focus()
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press(' ')
      await expectAccessible(page, 'grouped runs, selected, with a baseline')
      await page.getByRole('button', { name: 'Export selected' }).click()
      await expect(page.getByRole('menuitem', { name: 'As shown' })).toBeVisible()
      await expectAccessible(page, 'the ways to export the table')
      await page.keyboard.press('Escape')
      // A menu that closes takes the focus, and with it the caret, out of what is being typed.
      await expect(page.getByRole('menuitem', { name: 'As shown' })).toBeHidden()
      await expect(page.getByRole('button', { name: 'Export selected' })).toBeFocused()
      await page.getByLabel('Filter the runs').fill('nothing:here ')
      await page.getByLabel('Filter the runs').pressSequentially('sta')
      await expect(page.getByRole('option')).toHaveCount(1)
      await expectAccessible(page, 'suggestions and a mistake')
      await page.getByLabel('Filter the runs').fill('')
      await page.getByRole('button', { name: 'How to search' }).click()
      await expect(page.getByText('words that belong together')).toBeVisible()
      await expectAccessible(page, 'how to search')
      await page.keyboard.press('Escape')
      for (const button of ['Columns', 'Recently deleted runs', 'Tags and notes', /^Delete/]) {
        await page.getByRole('button', { name: button }).click()
        await expect(page.getByRole('dialog')).toBeVisible()
        await expectAccessible(page, String(button))
        await page.keyboard.press('Escape')
        await expect(page.getByRole('dialog')).toHaveCount(0)
      }
    })

    test('axe finds nothing on a queue, the tour and a restore', async ({ page, world, fake }) => {
      furnish(world)
      for (const id of [7, 8]) world.runs.set(id, fakeRun(id, world.datasets[0]!, 'queued'))
      await page.goto(`${fake.url}#/train`)
      await page.keyboard.press('Shift+P')
      await expect(page.getByText('The queue is held')).toBeVisible()
      await expectAccessible(page, 'a held queue')
      await page.keyboard.press('Control+k')
      await page.getByPlaceholder('Find a page, an action').fill('Take the tour')
      await page.keyboard.press('Enter')
      await expect(page.getByRole('complementary')).toContainText('step 1 of 5')
      await expectAccessible(page, 'the tour')
      await page.keyboard.press('Escape')
      await page.goto(`${fake.url}#/settings`)
      await page.getByRole('button', { name: /^Restore palate-backup/ }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
      await expectAccessible(page, 'the question before a restore')
    })

    test('axe finds nothing in any dialog or menu', async ({ page, world, fake }) => {
      furnish(world)
      await page.goto(`${fake.url}#/runs/1`)
      await page.getByRole('button', { name: 'Export CSV' }).click()
      await expect(page.getByRole('menuitem', { name: 'Recommendations' })).toBeVisible()
      await expectAccessible(page, 'the export menu')
      await page.keyboard.press('Escape')
      for (const button of ['Score under another protocol', 'Delete this run', 'Keyboard shortcuts', 'Search Ctrl K']) {
        await page.getByRole('button', { name: button }).click()
        await expect(page.getByRole('dialog')).toBeVisible()
        await expectAccessible(page, button)
        await page.keyboard.press('Escape')
        await expect(page.getByRole('dialog')).toHaveCount(0)
      }
    })

    test('axe finds nothing on a bundle, from looking to importing', async ({ page, world, fake }) => {
      furnish(world)
      await page.goto(`${fake.url}#/runs`)
      await page.getByRole('button', { name: 'Open a bundle' }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
      await expectAccessible(page, 'opening a bundle')
      await page.getByLabel('Or a path on the computer where Palate runs').fill('/data/paper.palate-bundle')
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'Verify' }).click()
      await expect(page.getByText('The bundle is what it says.')).toBeVisible()
      await expectAccessible(page, 'a verified bundle')
      await page.getByRole('button', { name: 'Import 2 runs' }).click()
      await expect(page.getByText('The data set “Sample lab” is here already.')).toBeVisible()
      await expectAccessible(page, 'an imported bundle')
      await page.keyboard.press('Escape')
      await page.getByRole('checkbox', { name: /seed 1/ }).check()
      await page.getByRole('button', { name: 'Pack', exact: true }).click()
      await page.getByRole('dialog').getByRole('checkbox').check()
      await expectAccessible(page, 'packing a run')
    })
  })
}

test('the chosen theme is there before the first paint, and stays', async ({ page, fake }) => {
  await page.goto(`${fake.url}#/settings`)
  await page.getByRole('radio', { name: 'Dark' }).click()
  await expect(page.locator('html')).toHaveClass(/dark/)
  await page.reload({ waitUntil: 'commit' })
  await expect(page.locator('html')).toHaveClass(/dark/)
})
