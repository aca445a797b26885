import { createSSRApp, h, type Component } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { expect, test, vi } from 'vitest'

// The window's theme is read when its module is loaded.
vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }))
vi.stubGlobal('document', { documentElement: { classList: { toggle: () => undefined } } })
vi.stubGlobal('localStorage', { getItem: () => null })
vi.stubGlobal('ResizeObserver', class {})

// After the stubs, and by a glob: TypeScript alone knows no .vue files.
const files = import.meta.glob<{ default: Component }>('../../../../src-renderer/{components,charts}/**/*.vue')
const load = async (path: string) => (await files[`../../../../src-renderer/${path}`]!()).default
const ChartPanel = await load('components/datasets/ChartPanel.vue')
const GenreTable = await load('components/datasets/GenreTable.vue')
const VirtualTable = await load('components/VirtualTable.vue')
const ChartLegend = await load('charts/ChartLegend.vue')

/** The markup of a component, without what Vue leaves between the elements. */
async function render(component: Component, props: object, slots: Record<string, (scope: never) => unknown> = {}) {
  const app = createSSRApp(() => h(component, props, slots as Record<string, () => unknown>))
  app.component('UButton', () => h('button', { type: 'button' }))
  app.component('UIcon', () => h('i'))
  return (await renderToString(app)).replaceAll(/<!--.*?-->/g, '')
}
const cells = (html: string) =>
  [...html.matchAll(/<t[dh][^>]*>(.*?)<\/t[dh]>/gs)].map((one) => one[1]!.replaceAll(/<[^>]+>/g, '').trim())

test('genres are listed with their mean; the interval is in words too', async () => {
  const genre = (name: string, mean: number | null, low: number | null) => ({
    genre: name,
    items: 3,
    ratings: mean === null ? 0 : 12_345,
    mean,
    low,
    high: low === null ? null : 4,
  })
  const genres = [genre('Drama & <i>more</i>', 3.75, 3.5), genre('', 3, null), genre('War', null, null)]
  const html = await render(GenreTable, { genres, error: undefined, meanRating: 3.6 })
  expect(html).not.toContain('<i>more</i>')
  expect(cells(html).slice(5)).toEqual([
    ...['Drama &amp; &lt;i&gt;more&lt;/i&gt;', '3', '12,345', '3.75', 'from 3.50 to 4.00'],
    ...['No genre', '3', '12,345', '3.00', ''],
    ...['War', '3', '0', '–', ''],
  ])
})

test('a chart’s panel waits, shows its chart, or says what went wrong', async () => {
  const props = { title: 'Ratings', columns: ['a'], rows: [], height: 'h-52' }
  const slots = { default: () => 'the chart' }
  expect(await render(ChartPanel, { ...props, ready: false }, slots)).toContain('aria-label="Loading"')
  expect(await render(ChartPanel, { ...props, ready: true }, slots)).toContain('the chart')
  const error = { code: 'ENGINE_UNREACHABLE', message: 'The engine is gone.', details: { reason: 'x' } }
  const failed = await render(ChartPanel, { ...props, ready: false, error }, slots)
  expect(failed).toContain('The engine is gone.')
  expect(failed).not.toContain('the chart')
})

test('of a long table only the rows in sight exist; those on their way are dots', async () => {
  const columns = [{ name: 'n', label: 'Number', width: 100, numeric: true, sortable: true }]
  const props = { label: 'Numbers', columns, count: 100_000, rowAt: (index: number) => (index === 1 ? undefined : index), sort: 'n', direction: 'desc' } // prettier-ignore
  const html = await render(VirtualTable, props, { row: ({ row }: { row: number }) => h('td', row) } as never)
  expect(html).toContain('aria-rowcount="100001"')
  expect(html).toContain('aria-sort="descending"')
  const rows = cells(html)
  expect(rows.slice(0, 4)).toEqual(['Number', '0', '…', '2'])
  expect(rows.length).toBeLessThan(40)
  expect(html).not.toContain('tabindex="-1"')
  const openable = await render(VirtualTable, { ...props, openable: true, isCurrent: (row: number) => row === 3 }, { row: ({ row }: { row: number }) => h('td', row) } as never) // prettier-ignore
  expect(openable.match(/tabindex="0" aria-rowindex="2"/g)).toHaveLength(1)
  expect(openable.match(/aria-current="true"/g)).toHaveLength(1)
})

test('a legend names every series', async () => {
  const html = await render(ChartLegend, { entries: [{ name: '<b>x</b>', color: '#123456' }, { name: 'y', color: '#654321', shape: 'triangle' }] }) // prettier-ignore
  expect(html).toContain('&lt;b&gt;x&lt;/b&gt;')
  expect(html.match(/<li/g)).toHaveLength(2)
})
