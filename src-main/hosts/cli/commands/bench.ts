import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { maxThreads } from '../../../contract/dto/system.ts'
import { computeBench } from '../../../services/bench/compute-bench.ts'
import type { ComputeBenchReport, ContenderRow } from '../../../services/bench/compute-bench.types.ts'
import { machineText } from '../../../services/bench/this-machine.ts'
import { usageError, wholeNumber, wholeNumbers } from '../arguments.ts'
import { exitOk } from '../exit-codes.ts'
import type { CommandContext } from '../session.ts'
import { textTable } from '../text-table.ts'

export interface ComputeBenchFlags {
  readonly k: string
  readonly batch: string
  readonly threads: string
  readonly seconds: string
  readonly steps?: string
  readonly all?: boolean
  readonly extras?: boolean
  readonly peer?: string
}

/** Measures this machine; it needs no workspace. */
export async function computeBenchCommand({ output }: CommandContext, flags: ComputeBenchFlags): Promise<number> {
  const report = await computeBench({
    k: wholeNumber('--k', flags.k, 1, 1000),
    batch: wholeNumber('--batch', flags.batch, 1, 4096),
    threads: flags.threads === 'auto' ? automaticThreads() : wholeNumbers('--threads', flags.threads, 1, maxThreads),
    length:
      flags.steps === undefined
        ? { seconds: seconds('--seconds', flags.seconds) }
        : { steps: wholeNumber('--steps', flags.steps, 1, 100_000) },
    all: flags.all === true,
    extras: flags.extras === true,
    peer: flags.peer === undefined ? undefined : resolve(flags.peer),
    log: output.log,
  })
  output.result({ ...report }, () => describe(report))
  return exitOk
}

/** One, and as many as there are CPUs. */
function automaticThreads(): number[] {
  return [...new Set([1, Math.min(maxThreads, availableParallelism())])]
}

function seconds(flag: string, text: string): number {
  const value = /^\d{1,4}(\.\d{1,3})?$/.test(text.trim()) ? Number(text) : NaN
  if (value > 0 && value <= 3600) return value
  throw usageError(flag, `${flag} wants a number of seconds above 0 and up to 3600, for instance 20 or 0.5, not "${text}".`)
}

function describe({ machine, k, batch, flops, rows, absent, peer, extras }: ComputeBenchReport): string {
  const parts = [
    `${machineText(machine)}\n` +
      `One update of a dual attention actor-critic, k = ${k}, batch ${batch}: ${(flops / 1e6).toFixed(0)} MFLOP`,
    rowsTable(rows),
    absent.map(({ executor, threads, reason }) => `Left out: ${executor} with ${threads}: ${reason}.`).join('\n'),
  ]
  if (peer.length > 0) {
    const lines = peer.flatMap((one) =>
      one.against.map((ours) => [
        `${one.peer}, ${threadsText(one.threads)}: ${one.msPerUpdate.toFixed(2)} ms`,
        `${ours.executor}: ${ours.msPerUpdate.toFixed(2)} ms`,
        `${ours.ratio.toFixed(2)} times as fast`,
      ]),
    )
    parts.push(textTable(['peer', 'ours', ''], lines))
  }
  if (extras.length > 0) {
    const lines = extras.map((one) => [one.name, one.executor, threadsText(one.threads), `${one.value.toFixed(2)} ${one.unit}`])
    parts.push(textTable(['also', 'executor', '', ''], lines))
  }
  return parts.filter((part) => part !== '').join('\n\n')
}

function rowsTable(rows: readonly ContenderRow[]): string {
  const column = (title: string, of: (row: ContenderRow) => string): string[] => {
    const cells = [title, ...rows.map(of)]
    const width = Math.max(...cells.map((cell) => cell.length))
    return cells.map((cell) => cell.padStart(width))
  }
  const [header, ...lines] = transposed([
    ['computes', ...rows.map((row) => row.executor)],
    column('threads', (row) => String(row.threads)),
    column('ms/update', (row) => row.msPerUpdate.toFixed(2)),
    column('p10', (row) => row.p10.toFixed(2)),
    column('p90', (row) => row.p90.toFixed(2)),
    column('GFLOP/s', (row) => row.gflops.toFixed(1)),
    column('matmul', (row) => row.matmulGflops.toFixed(1)),
    column('share', (row) => `${(100 * row.share).toFixed(0)} %`),
    column('to stock', (row) => `${row.ratioToStock.toFixed(1)} x`),
    ['on', ...rows.map((row) => row.device)],
  ])
  return textTable(header!, lines)
}

function transposed(columns: readonly (readonly string[])[]): string[][] {
  return columns[0]!.map((_, row) => columns.map((column) => column[row]!))
}

function threadsText(threads: number): string {
  return threads === 1 ? '1 thread' : `${threads} threads`
}
