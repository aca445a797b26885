import { readFileSync } from 'node:fs'
import { ImportMeter } from '../datasets/import-meter.ts'
import { importDataset } from '../datasets/import-dataset.ts'
import { openWorkspace } from '../workspace.ts'

/** What a process of its own says of one import. */
export interface OneImport {
  /** From the first look at the source until everything is durable and the workspace is closed. */
  readonly seconds: number
  /** Of the processor, in all threads: what a busy machine does not change much. */
  readonly cpuSeconds: number
  readonly rows: number
  readonly users: number
  readonly items: number
  /** What the process held at most, in MB of 2^20 bytes. */
  readonly peakMb: number
}

/** What a process of its own says of opening a data set for training. */
export interface OneOpening {
  readonly ms: number
  readonly cpuMs: number
  readonly peakMb: number
}

/** Imports `path` into the workspace `folder`. @throws PalateError as importDataset and openWorkspace */
export async function importOnce(path: string, folder: string): Promise<OneImport> {
  const workspace = await openWorkspace(folder)
  const startedAt = performance.now()
  const cpuBefore = cpuMs()
  try {
    const request = { path, name: 'bench', onBadRow: 'skip' } as const
    const { dataset } = await importDataset(workspace, request, new ImportMeter(), new AbortController().signal)
    await workspace.close()
    const seconds = (performance.now() - startedAt) / 1000
    const { ratings: rows, users, items } = dataset
    return { seconds, cpuSeconds: (cpuMs() - cpuBefore) / 1000, rows, users, items, peakMb: peakMb() }
  } catch (error) {
    await workspace.close()
    throw error
  }
}

/** Opens what `importOnce` stored in `folder`, as a training that begins in a fresh process. @throws PalateError as openWorkspace */
export async function openOnce(folder: string): Promise<OneOpening> {
  const workspace = await openWorkspace(folder)
  try {
    const { id } = await workspace.repositories.datasets.get('bench')
    const startedAt = performance.now()
    const cpuBefore = cpuMs()
    await workspace.loadInteractions(id)
    return { ms: performance.now() - startedAt, cpuMs: cpuMs() - cpuBefore, peakMb: peakMb() }
  } finally {
    await workspace.close()
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** On Linux that of this program alone: the other figure begins with what the process that started it held. */
function peakMb(): number {
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'latin1') : ''
  const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]
  return (kibibytes === undefined ? process.resourceUsage().maxRSS : Number(kibibytes)) / 1024
}
