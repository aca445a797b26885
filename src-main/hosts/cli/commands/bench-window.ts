import { join } from 'node:path'
import type { LiveWindowReport } from '../../../services/bench/live-window.ts'
import { windowBench, type WindowBenchReport } from '../../../services/bench/window-bench.ts'
import { machineText } from '../../../services/bench/this-machine.ts'
import { rendererFolder } from '../../entries.ts'
import { oneOf, wholeNumber } from '../arguments.ts'
import { exitFailed, exitOk } from '../exit-codes.ts'
import { serveLiveLab } from '../live-lab.ts'
import { serveLab } from '../served-lab.ts'
import type { CommandContext } from '../session.ts'
import { textTable } from '../text-table.ts'

export interface WindowBenchFlags {
  readonly runs: string
  readonly points: string
  readonly rounds: string
  readonly part: string
  readonly liveRuns: string
  readonly livePoints: string
  readonly livePerSecond: string
  readonly liveSeconds: string
}

/** Measures the window in a real browser on a workspace of its own; one that is over its budget counts as a failure. */
export async function windowBenchCommand({ output }: CommandContext, flags: WindowBenchFlags): Promise<number> {
  const report = await windowBench({
    runs: wholeNumber('--runs', flags.runs, 20, 100_000),
    points: wholeNumber('--points', flags.points, 1, 1_000_000_000),
    rounds: wholeNumber('--rounds', flags.rounds, 1, 100),
    part: oneOf('--part', flags.part, ['all', 'table', 'live']),
    liveRuns: wholeNumber('--live-runs', flags.liveRuns, 1, 10),
    livePoints: wholeNumber('--live-points', flags.livePoints, 1, 100_000_000),
    livePerSecond: wholeNumber('--live-per-second', flags.livePerSecond, 1, 1_000_000),
    liveSeconds: wholeNumber('--live-seconds', flags.liveSeconds, 1, 600),
    serve: serveLab,
    serveLive: serveLiveLab,
    rendererFolder: rendererFolder(),
    root: join(rendererFolder(), '../..'),
    log: output.log,
  })
  output.result({ ...report }, () => describe(report))
  return report.measured.every((one) => one.within) ? exitOk : exitFailed
}

function describe(report: WindowBenchReport): string {
  const { machine, browser, measured, live, bundle } = report
  return [
    `${machineText(machine)}\n${browser}`,
    ...(measured.length > 0 ? [tableText(report)] : []),
    ...(live ? [liveText(live)] : []),
    `Scripts and styles of the page: ${mb(bundle.bytes)} MB in ${bundle.files} files, ${mb(bundle.gzipBytes)} MB with gzip.`,
  ].join('\n\n')
}

const mb = (bytes: number) => (bytes / 1e6).toFixed(1)

function tableText({ runs, points, generatedSeconds, workspaceBytes, measured }: WindowBenchReport): string {
  const made = `${runs} runs, ${points} metric points, made in ${generatedSeconds.toFixed(0)} s, ${mb(workspaceBytes)} MB`
  const rows = measured.map((one) => [one.what, one.ms.toFixed(0), one.budgetMs, one.within ? 'ok' : 'TOO SLOW'])
  return `${made}\n${textTable(['window', 'ms', 'may take', ''], rows)}`
}

function liveText({ runs, points, perSecond, frames }: LiveWindowReport): string {
  const head = ['page Train', 'frames/s', 'median ms', '95 % ms', 'worst ms', 'longest task ms', 'long tasks ms', 'busy ms/s']
  const rows = frames.map((one) => [
    one.what,
    one.framesPerSecond.toFixed(1),
    ...[one.medianMs, one.p95Ms, one.worstMs, one.longestTaskMs, one.longTasksMs, one.busyMsPerSecond].map((ms) => ms.toFixed(1)),
  ])
  return `${runs} runs that train, ${points} points in their curves, ${perSecond.toFixed(0)} more a second\n${textTable(head, rows)}`
}
