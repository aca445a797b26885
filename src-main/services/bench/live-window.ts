import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PalateError } from '../../contract/errors.ts'
import type { BrowserTab } from './browser-tab.ts'
import { countFrames, type Frames } from './frames.ts'
import { writeGeneratedRuns } from './generated-runs.ts'
import { LIVE_CURVES } from './live-points.ts'

export interface LiveWindowOptions {
  readonly liveRuns: number
  /** Of all curves of all runs, before the live ones come. */
  readonly livePoints: number
  /** Of all runs together. */
  readonly livePerSecond: number
  readonly liveSeconds: number
  /** Serves a workspace whose finished runs seem to train, from `begin` on. */
  readonly serveLive: (
    workspace: string,
    live: { readonly lastUpdate: number; readonly perSecond: number },
  ) => Promise<{ readonly url: string; begin(): void; told(): number; close(): Promise<void> }>
  readonly log: (line: string) => void
}

export interface LiveWindowReport {
  readonly runs: number
  /** In the series of the page when the live ones began, as the workspace holds them. */
  readonly points: number
  /** Points that came per second. */
  readonly perSecond: number
  /** The page at rest, which is what this browser can do at best, and while points came. */
  readonly frames: readonly Frames[]
}

/** So that no chart has anything left to do. */
const SETTLE_MS = 1500

/**
 * The page Train with runs whose curves have many points, in a real browser: its frames at rest and while points stream in.
 *
 * @throws PalateError INTERNAL when the browser fails or no point arrives, and what `serveLive` throws
 */
export async function liveWindow(tab: BrowserTab, options: LiveWindowOptions): Promise<LiveWindowReport> {
  const { liveRuns: runs, livePoints: points, livePerSecond, liveSeconds, log } = options
  const workspace = await mkdtemp(join(tmpdir(), 'palate-bench-live-'))
  try {
    log(`Making ${runs} runs with ${points} metric points …`)
    await writeGeneratedRuns(workspace, { runs, points, curves: LIVE_CURVES }, log)
    const perCurve = Math.ceil(points / runs / LIVE_CURVES.length)
    const host = await options.serveLive(workspace, { lastUpdate: (perCurve - 1) * 10, perSecond: livePerSecond })
    try {
      await tab.open('about:blank')
      await tab.open(host.url)
      await tab.run(drawn(runs))
      const rest = await countFrames(tab, 'at rest', Math.min(5, liveSeconds))
      log('Points are coming …')
      host.begin()
      await tab.run(pause(SETTLE_MS))
      const [before, toldBefore] = [await tab.run<string>(words), host.told()]
      const frames = await countFrames(tab, 'while points come', liveSeconds)
      const perSecond = (host.told() - toldBefore) / frames.seconds
      if ((await tab.run<string>(words)) === before)
        throw new PalateError('INTERNAL', 'No live point arrived on the page. Run it again with more points.', {
          reason: 'no live point',
        })
      return { runs, points: perCurve * runs * LIVE_CURVES.length, perSecond, frames: [rest, frames] }
    } finally {
      await host.close()
    }
  } finally {
    await rm(workspace, { recursive: true, force: true })
  }
}

const pause = (ms: number) => `new Promise((resolve) => setTimeout(resolve, ${ms}))`
/** What the charts say of their curves: it changes with every point. */
const words = `[...document.querySelectorAll('[data-lines]')].map((chart) => chart.ariaLabel).join('|')`
/** The page that trains, its charts in sight drawn with the curves of all runs, and nothing left to do. */
const drawn = (runs: number) => `new Promise((resolve, reject) => {
  const from = performance.now()
  location.hash = '#/train'
  const look = () => {
    const charts = [...document.querySelectorAll('[data-lines]')]
    const done = charts.some((chart) => Number(chart.dataset.lines) >= ${runs} && chart.dataset.drawn)
    if (done) setTimeout(resolve, ${SETTLE_MS})
    else if (performance.now() - from > 60000) reject(new Error('The curves did not come within a minute.'))
    else setTimeout(look, 100)
  }
  look()
})`
