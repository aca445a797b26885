import { resolve } from 'node:path'
import { importBench, type ImportBenchReport } from '../../../services/bench/import-bench.ts'
import { importOnce, openOnce } from '../../../services/bench/import-once.ts'
import { machineText } from '../../../services/bench/this-machine.ts'
import { entryPath } from '../../entries.ts'
import { oneOf, usageError, wholeNumber } from '../arguments.ts'
import { exitOk } from '../exit-codes.ts'
import type { CommandContext } from '../session.ts'
import { textTable } from '../text-table.ts'

export interface ImportBenchFlags {
  readonly rows?: string
  readonly path?: string
  readonly rounds: string
  /** This process is one that the benchmark started: it does one thing in the workspace. */
  readonly once?: string
}

const DEFAULT_ROWS = '1000000'

/** Measures import and opening, beside the `sqlite3` shell; it needs no workspace. */
export async function importBenchCommand({ output, workspace }: CommandContext, flags: ImportBenchFlags): Promise<number> {
  if (flags.once !== undefined) {
    const step = oneOf('--once', flags.once, ['import', 'open'])
    const done = step === 'import' ? await importOnce(resolve(flags.path ?? ''), workspace) : await openOnce(workspace)
    output.result({ ...done }, () => '')
    return exitOk
  }
  if (flags.rows !== undefined && flags.path !== undefined) {
    throw usageError('--path', 'Rows are either made (--rows) or read from a file (--path). Leave one of the two out.')
  }
  const once = (step: string, folder: string) =>
    [process.execPath, entryPath('cli'), '--json', '--workspace', folder, 'bench', 'import', '--once', step] as const
  const report = await importBench({
    source:
      flags.path === undefined
        ? { rows: wholeNumber('--rows', flags.rows ?? DEFAULT_ROWS, 1000, 100_000_000) }
        : { path: resolve(flags.path) },
    rounds: wholeNumber('--rounds', flags.rounds, 1, 100),
    importing: (path, folder) => [...once('import', folder), '--path', path],
    opening: (folder) => once('open', folder),
    log: output.log,
  })
  output.result({ ...report }, () => describe(report))
  return exitOk
}

function describe({ machine, source, rows, users, items, rounds, ours, shell, ratio, opening }: ImportBenchReport): string {
  const speed = (rowsPerSecond: number) => Math.round(rowsPerSecond).toLocaleString('en-US')
  const lines = [
    ['Palate', ours.seconds.toFixed(2), ours.cpuSeconds.toFixed(2), speed(ours.rowsPerSecond), ours.peakMb.toFixed(0)],
    ...(shell ? [[`sqlite3 ${shell.version}, .import`, shell.seconds.toFixed(2), '', speed(shell.rowsPerSecond), '']] : []),
  ]
  return [
    `${machineText(machine)}\n${source}: ${rows} ratings by ${users} users of ${items} items, median of ${rounds} ${rounds === 1 ? 'round' : 'rounds'}`,
    textTable(['import', 'seconds', 'CPU s', 'rows/s', 'peak MB'], lines),
    ratio === null
      ? 'Not compared: the sqlite3 shell is not installed.'
      : `Palate takes ${ratio.toFixed(2)} times as long as the shell with the same indexes.`,
    `Opened for training in ${opening.ms.toFixed(0)} ms (${opening.cpuMs.toFixed(0)} ms of the processor, peak ${opening.peakMb.toFixed(0)} MB).`,
  ].join('\n\n')
}
