import { join } from 'node:path'
import { windowBench, type WindowBenchReport } from '../../../services/bench/window-bench.ts'
import { machineText } from '../../../services/bench/this-machine.ts'
import { rendererFolder } from '../../entries.ts'
import { wholeNumber } from '../arguments.ts'
import { exitFailed, exitOk } from '../exit-codes.ts'
import { serveLab } from '../served-lab.ts'
import type { CommandContext } from '../session.ts'
import { textTable } from '../text-table.ts'

export interface WindowBenchFlags {
  readonly runs: string
  readonly points: string
  readonly rounds: string
}

/** Measures the window in a real browser on a workspace of its own; one that is over its budget counts as a failure. */
export async function windowBenchCommand({ output }: CommandContext, flags: WindowBenchFlags): Promise<number> {
  const report = await windowBench({
    runs: wholeNumber('--runs', flags.runs, 20, 100_000),
    points: wholeNumber('--points', flags.points, 1, 1_000_000_000),
    rounds: wholeNumber('--rounds', flags.rounds, 1, 100),
    serve: serveLab,
    rendererFolder: rendererFolder(),
    root: join(rendererFolder(), '../..'),
    log: output.log,
  })
  output.result({ ...report }, () => describe(report))
  return report.measured.every((one) => one.within) ? exitOk : exitFailed
}

function describe({
  machine,
  browser,
  runs,
  points,
  generatedSeconds,
  workspaceBytes,
  measured,
  bundle,
}: WindowBenchReport): string {
  const mb = (bytes: number) => (bytes / 1e6).toFixed(1)
  return [
    `${machineText(machine)}\n${browser}: ${runs} runs, ${points} metric points, made in ${generatedSeconds.toFixed(0)} s, ${mb(workspaceBytes)} MB`,
    textTable(
      ['window', 'ms', 'may take', ''],
      measured.map((one) => [one.what, one.ms.toFixed(0), one.budgetMs, one.within ? 'ok' : 'TOO SLOW']),
    ),
    `Scripts and styles of the page: ${mb(bundle.bytes)} MB in ${bundle.files} files, ${mb(bundle.gzipBytes)} MB with gzip.`,
  ].join('\n\n')
}
