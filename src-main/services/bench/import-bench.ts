import { execFile } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fromErrorRecord } from '../../contract/errors.ts'
import { openWorkspace } from '../workspace.ts'
import { writeRatings } from './generated-ratings.ts'
import type { OneImport, OneOpening } from './import-once.ts'
import { shellImport, shellVersion, writeShellRows } from './shell-import.ts'
import { median } from './statistics.ts'
import { thisMachine, type Machine } from './this-machine.ts'

const SEED = 1

export interface ImportBenchOptions {
  /** A source that is there, or how many rows to make. */
  readonly source: { readonly path: string } | { readonly rows: number }
  readonly rounds: number
  /**
   * The program and its arguments for a process of its own that does `importOnce` or `openOnce` and prints what that returns, or
   * `{"error": …}`, as JSON.
   */
  readonly importing: (path: string, workspace: string) => readonly string[]
  readonly opening: (workspace: string) => readonly string[]
  readonly log: (line: string) => void
}

interface Round {
  readonly ours: OneImport
  readonly opening: OneOpening
  /** Seconds, or null without the shell. */
  readonly shell: number | null
}

/** Medians of the rounds; memory is the most of all rounds, in MB of 2^20 bytes. */
export interface ImportBenchReport {
  readonly machine: Machine
  /** The path, or how the rows were made. */
  readonly source: string
  readonly rows: number
  readonly users: number
  readonly items: number
  readonly rounds: number
  readonly ours: {
    readonly seconds: number
    /** Of the processor, in all threads. */
    readonly cpuSeconds: number
    readonly rowsPerSecond: number
    readonly peakMb: number
  }
  /** The `sqlite3` shell's own `.import` of the same rows with the same indexes, or null where it is not installed. */
  readonly shell: { readonly version: string; readonly seconds: number; readonly rowsPerSecond: number } | null
  /** How many times as long as the shell, the median of the rounds' own ratios; null without the shell. */
  readonly ratio: number | null
  readonly opening: { readonly ms: number; readonly cpuMs: number; readonly peakMb: number }
}

/**
 * Imports the same source several times, each time into a new workspace by a new process, and takes turns with the `sqlite3`
 * shell, so that whatever else the machine does meets both. Everything it writes lies in the folder for temporary files and is
 * gone afterwards.
 *
 * @throws PalateError as importDataset
 */
export async function importBench(options: ImportBenchOptions): Promise<ImportBenchReport> {
  const { source, log } = options
  const folder = await mkdtemp(join(tmpdir(), 'palate-bench-'))
  try {
    const version = await shellVersion()
    if (version === null) log('The sqlite3 shell is not installed: there is nothing to compare with.')
    const path = 'path' in source ? source.path : join(folder, 'ratings.csv')
    if ('rows' in source) {
      log(`Making ${source.rows} ratings …`)
      await writeRatings(path, source.rows, SEED)
    }
    const rounds: Round[] = []
    for (let round = 0; round < options.rounds; round++) {
      log(`Round ${round + 1} of ${options.rounds}`)
      const rows = rounds[0]?.ours.rows ?? null
      rounds.push(await takeRound(options, { rows, shellFirst: round % 2 === 1, path, folder, hasShell: version !== null }))
    }
    const described =
      'path' in source ? source.path : `${source.rows} ratings made with seed ${SEED}, ${(await stat(path)).size} bytes`
    return reportOf(described, rounds, version)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface RoundOptions {
  /** What the rounds before this one stored, or null for the first. */
  readonly rows: number | null
  readonly shellFirst: boolean
  readonly path: string
  readonly folder: string
  readonly hasShell: boolean
}

/** The shell gets the rows that the first round stored. */
async function takeRound(options: ImportBenchOptions, turn: RoundOptions): Promise<Round> {
  const { path, folder, hasShell, rows, shellFirst } = turn
  const workspace = join(folder, 'workspace')
  const csv = join(folder, 'rows.csv')
  const before = hasShell && shellFirst && rows !== null ? await shellImport(csv, rows, folder) : null
  const ours = await ownProcess<OneImport>(options.importing(path, workspace))
  const opening = await ownProcess<OneOpening>(options.opening(workspace))
  if (hasShell && rows === null) await writeRowsOf(workspace, csv)
  await rm(workspace, { recursive: true })
  const shell = before ?? (hasShell ? await shellImport(csv, ours.rows, folder) : null)
  options.log(`  ${ours.seconds.toFixed(2)} s${shell === null ? '' : `, the shell ${shell.toFixed(2)} s`}`)
  return { ours, opening, shell }
}

async function writeRowsOf(folder: string, csv: string): Promise<void> {
  const workspace = await openWorkspace(folder)
  try {
    const { datasets } = workspace.repositories
    await writeShellRows(csv, await datasets.columns((await datasets.get('bench')).id))
  } finally {
    await workspace.close()
  }
}

/** @throws PalateError that the process reports */
async function ownProcess<T>([program = '', ...args]: readonly string[]): Promise<T> {
  const said = await promisify(execFile)(program, args).then(
    ({ stdout }) => stdout,
    (error: unknown) => {
      const stdout: unknown = error instanceof Error ? Reflect.get(error, 'stdout') : undefined
      if (typeof stdout === 'string' && stdout.trim() !== '') return stdout
      throw error
    },
  )
  const document = JSON.parse(said) as T | { readonly error: unknown }
  if (typeof document === 'object' && document !== null && 'error' in document) throw fromErrorRecord(document.error)
  return document as T
}

function reportOf(source: string, rounds: readonly Round[], version: string | null): ImportBenchReport {
  const { rows, users, items } = rounds[0]!.ours
  const seconds = median(rounds.map(({ ours }) => ours.seconds))
  const shellSeconds = median(rounds.flatMap(({ shell }) => shell ?? []))
  return {
    machine: thisMachine(),
    source,
    rows,
    users,
    items,
    rounds: rounds.length,
    ours: {
      seconds,
      cpuSeconds: median(rounds.map(({ ours }) => ours.cpuSeconds)),
      rowsPerSecond: rows / seconds,
      peakMb: Math.max(...rounds.map(({ ours }) => ours.peakMb)),
    },
    shell: version === null ? null : { version, seconds: shellSeconds, rowsPerSecond: rows / shellSeconds },
    ratio: version === null ? null : median(rounds.map(({ ours, shell }) => ours.seconds / shell!)),
    opening: {
      ms: median(rounds.map(({ opening }) => opening.ms)),
      cpuMs: median(rounds.map(({ opening }) => opening.cpuMs)),
      peakMb: Math.max(...rounds.map(({ opening }) => opening.peakMb)),
    },
  }
}
