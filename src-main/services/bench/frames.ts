import type { BrowserTab } from './browser-tab.ts'
import { median, quantile } from './statistics.ts'

/** What the browser told of its frames while a page worked. Milliseconds. */
export interface Frames {
  readonly what: string
  readonly seconds: number
  readonly framesPerSecond: number
  readonly medianMs: number
  readonly p95Ms: number
  readonly worstMs: number
  /** The longest stretch in which the page could not answer, and all of those above 50 ms together; 0 where there was none. */
  readonly longestTaskMs: number
  readonly longTasksMs: number
  /** Processor time of the page's main thread in each second; other programs do not change it, as they do all the above. */
  readonly busyMsPerSecond: number
}

/** Runs in the page: times from one animation frame to the next, and tasks of more than 50 ms. */
const watch = (seconds: number) => `new Promise((resolve) => {
  const frames = [], tasks = []
  const observer = new PerformanceObserver((list) => { for (const task of list.getEntries()) tasks.push(task.duration) })
  observer.observe({ type: 'longtask' })
  const end = performance.now() + ${seconds * 1000}
  let last
  const frame = (now) => {
    if (last !== undefined) frames.push(now - last)
    last = now
    if (performance.now() < end) requestAnimationFrame(frame)
    else setTimeout(() => { observer.disconnect(); resolve({ frames, tasks }) }, 100)
  }
  requestAnimationFrame(frame)
})`

/** Counts frames of the page for some seconds. @throws PalateError INTERNAL when the page fails */
export async function countFrames(tab: BrowserTab, what: string, seconds: number): Promise<Frames> {
  const before = await tab.busyMs()
  const { frames, tasks } = await tab.run<{ frames: number[]; tasks: number[] }>(watch(seconds))
  return framesOf(what, frames, tasks, (await tab.busyMs()) - before)
}

/**
 * @param frames milliseconds from one frame to the next, one at least
 * @param tasks  milliseconds of each long task
 */
export function framesOf(what: string, frames: readonly number[], tasks: readonly number[], busyMs: number): Frames {
  const whole = frames.reduce((sum, ms) => sum + ms, 0)
  return {
    what,
    seconds: whole / 1000,
    framesPerSecond: (frames.length * 1000) / whole,
    medianMs: median(frames),
    p95Ms: quantile(frames, 0.95),
    worstMs: Math.max(...frames),
    longestTaskMs: Math.max(0, ...tasks),
    longTasksMs: tasks.reduce((sum, ms) => sum + ms, 0),
    busyMsPerSecond: (busyMs * 1000) / whole,
  }
}
