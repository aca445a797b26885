import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { openTab, type BrowserTab } from './browser-tab.ts'
import { findBrowser } from './find-browser.ts'
import { writeGeneratedRuns, type GeneratedRuns } from './generated-runs.ts'
import { liveWindow, type LiveWindowOptions, type LiveWindowReport } from './live-window.ts'
import { median } from './statistics.ts'
import { thisMachine, type Machine } from './this-machine.ts'

export interface WindowBenchOptions extends GeneratedRuns, LiveWindowOptions {
  /** One part of it, or both: the table of many runs, and the page Train while points come. */
  readonly part: WindowBenchPart
  readonly rounds: number
  /** Serves a workspace by a host of its own. */
  readonly serve: (workspace: string) => Promise<{ readonly url: string; close(): Promise<void> }>
  readonly rendererFolder: string
  /** Where node_modules lies. */
  readonly root: string
  readonly log: (line: string) => void
}

export type WindowBenchPart = 'all' | 'table' | 'live'

/** Milliseconds, the median of the rounds, beside what it may take. */
export interface Measured {
  readonly what: string
  readonly ms: number
  readonly budgetMs: number
  readonly within: boolean
  readonly rounds: readonly number[]
}

export interface WindowBenchReport {
  readonly machine: Machine
  readonly browser: string
  readonly runs: number
  readonly points: number
  /** Seconds to make the workspace, and its bytes on disk. */
  readonly generatedSeconds: number
  readonly workspaceBytes: number
  readonly measured: readonly Measured[]
  /** Null where it was not asked for. */
  readonly live: LiveWindowReport | null
  /** Of all scripts and styles of the page, as they are and as gzip makes them. */
  readonly bundle: { readonly bytes: number; readonly gzipBytes: number; readonly files: number }
}

const OVERLAID = 20

/**
 * Fills a workspace with generated runs, serves it by a host of its own and measures the window in a real browser: from what a
 * person does to what stands on the screen. Everything it writes lies in the folder for temporary files and is gone afterwards.
 *
 * @throws PalateError PATH_NOT_FOUND without a browser, INTERNAL when the browser fails, and what `serve` throws
 */
export async function windowBench(options: WindowBenchOptions): Promise<WindowBenchReport> {
  const tab = await openTab(await findBrowser(options.root))
  try {
    const table = options.part === 'live' ? noTable : await manyRuns(tab, options)
    const live = options.part === 'table' ? null : await liveWindow(tab, options)
    const bundle = await bundleOf(join(options.rendererFolder, 'assets'))
    return { machine: thisMachine(), browser: tab.version, ...table, live, bundle }
  } finally {
    await tab.close()
  }
}

type TablePart = Pick<WindowBenchReport, 'runs' | 'points' | 'generatedSeconds' | 'workspaceBytes' | 'measured'>
const noTable: TablePart = { runs: 0, points: 0, generatedSeconds: 0, workspaceBytes: 0, measured: [] }

async function manyRuns(tab: BrowserTab, options: WindowBenchOptions): Promise<TablePart> {
  const { runs, points, log } = options
  const workspace = await mkdtemp(join(tmpdir(), 'palate-bench-'))
  const started = performance.now()
  try {
    log(`Making ${runs} runs with ${points} metric points …`)
    await writeGeneratedRuns(workspace, { runs, points }, log)
    const generatedSeconds = (performance.now() - started) / 1000
    const host = await options.serve(workspace)
    try {
      const measured = await measure(tab, host.url, options)
      const workspaceBytes = (await stat(join(workspace, 'palate.sqlite'))).size
      return { runs, points, generatedSeconds, workspaceBytes, measured }
    } finally {
      await host.close()
    }
  } finally {
    await rm(workspace, { recursive: true, force: true })
  }
}

/** Runs in the page: waits until `ready` holds and has been painted. @returns milliseconds since `from` */
const until = (from: string, act: string, ready: string) => `new Promise((resolve, reject) => {
  const from = ${from}
  ${act}
  const look = () => {
    if (${ready}) requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - from)))
    else if (performance.now() - from > 60000) reject(new Error('Nothing came within a minute.'))
    else requestAnimationFrame(look)
  }
  look()
})`
/** The page says where things stand. */
const heading = `Boolean(document.querySelector('main h1')?.textContent.trim())`
const rows = `document.querySelectorAll('tr[data-row]').length > 0`
const sorted = (id: string) =>
  `[...document.querySelectorAll('th[aria-sort]')].find((th) => th.textContent.trim().startsWith('${id}'))`

async function measure(tab: BrowserTab, url: string, { rounds, runs, log }: WindowBenchOptions): Promise<Measured[]> {
  const taken = new Map<string, { budgetMs: number; ms: number[] }>()
  const note = async (what: string, budgetMs: number, expression: string) => {
    const one = taken.get(what) ?? { budgetMs, ms: [] }
    taken.set(what, one)
    one.ms.push(await tab.run<number>(expression))
  }
  // The link is good for one visit; the page that it leads to can be opened again.
  await tab.open(url)
  await tab.run(until('performance.now()', '', heading))
  const { origin } = new URL(url)
  for (let round = 0; round < rounds; round++) {
    log(`Round ${round + 1} of ${rounds}`)
    await tab.open('about:blank')
    await tab.open(`${origin}/#/`)
    // Counted from the start of the navigation, which is zero on the page's clock.
    await note('first page', 1500, until('0', '', heading))
    await tab.run(until('performance.now()', '', `document.querySelector('a[href="#/runs"]')?.textContent.includes('${runs}')`))
    await note('table opens', 500, until('performance.now()', `location.hash = '#/runs'`, rows))
    for (const name of ['Name', 'NDCG@20']) {
      const click = `const th = ${sorted(name)}; const before = th.getAttribute('aria-sort'); th.querySelector('button').click()`
      await note('sort', 100, until('performance.now()', click, `${sorted(name)}.getAttribute('aria-sort') !== before`))
    }
    for (const query of ['model:mdrr* ndcg@20>0.9 tag:paper', 'seed:1..3 -tag:draft trial']) {
      const type = `const lead = document.querySelector('main header p').textContent
        const field = document.querySelector('input[role=combobox]')
        field.value = '${query}'; field.dispatchEvent(new Event('input', { bubbles: true }))`
      await note('filter', 100, until('performance.now()', type, `document.querySelector('main header p').textContent !== lead`))
    }
    const overlaid = Array.from({ length: OVERLAID }, (_, at) => round * OVERLAID * 2 + at * 2 + 1).filter((id) => id <= runs)
    const drawn = `[...document.querySelectorAll('[data-lines]')].some((one) => Number(one.dataset.lines) >= ${overlaid.length} && one.querySelector('canvas'))`
    await note(
      `${overlaid.length} curves overlaid`,
      1000,
      until('performance.now()', `location.hash = '#/train?runs=${overlaid.join(',')}'`, drawn),
    )
  }
  return [...taken].map(([what, { budgetMs, ms }]) => {
    const middle = median(ms)
    return { what, ms: middle, budgetMs, within: middle <= budgetMs, rounds: ms }
  })
}

async function bundleOf(folder: string): Promise<WindowBenchReport['bundle']> {
  const names = (await readdir(folder)).filter((name) => /\.(js|css)$/.test(name))
  let bytes = 0
  let gzipBytes = 0
  for (const name of names) {
    const content = await readFile(join(folder, name))
    bytes += content.length
    gzipBytes += gzipSync(content).length
  }
  return { bytes, gzipBytes, files: names.length }
}
