import type { ProcessFacts, RunLogEntry, RunLogKind } from '../../src-main/contract/dto/run-log.ts'
import type { RunSummary } from '../../src-main/contract/dto/run.ts'
import { formatBytes, formatInt, formatTime, plural } from './format.ts'
import { runStates, type Tone } from './run-state.ts'

interface LogLook {
  readonly label: string
  readonly icon: string
  readonly tone: Tone
}

export const logLooks: Readonly<Record<RunLogKind, LogLook>> = {
  started: { label: 'Started', icon: 'i-lucide-play', tone: 'neutral' },
  resumed: { label: 'Resumed', icon: 'i-lucide-play', tone: 'info' },
  restarted: { label: 'Restarted', icon: 'i-lucide-rotate-ccw', tone: 'warning' },
  best: { label: 'Best', icon: 'i-lucide-star', tone: 'primary' },
  checkpoint: { label: 'Checkpoint', icon: 'i-lucide-save', tone: 'neutral' },
  paused: runStates.paused,
  stopped: runStates.stopped,
  interrupted: runStates.interrupted,
  diverged: runStates.diverged,
  failed: runStates.failed,
  finished: runStates.finished,
  note: { label: 'Note', icon: 'i-lucide-message-square', tone: 'neutral' },
}

export interface LogRow extends RunLogEntry {
  readonly runId: number
  readonly runName: string
}

/** @returns rows of these kinds (all when there are none) in whose texts every word occurs */
export function filterLog(rows: readonly LogRow[], kinds: ReadonlySet<RunLogKind>, text: string): LogRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return rows.filter((row) => {
    const hay = `${logLooks[row.kind].label} ${row.text} ${row.runName} ${row.update ?? ''}`.toLowerCase()
    return (kinds.size === 0 || kinds.has(row.kind)) && words.every((word) => hay.includes(word))
  })
}

/** One line per row, with tabs: as a spreadsheet takes it. */
export function logText(rows: readonly LogRow[]): string {
  return rows
    .map((row) => [new Date(row.at).toISOString(), row.runName, row.kind, row.update ?? '', row.text].join('\t'))
    .join('\n')
}

export function processText({ memoryBytes, cpuPercent }: ProcessFacts): string {
  return `${formatBytes(memoryBytes)}, ${Math.round(cpuPercent)} % CPU`
}

/** Why a run stands as it does, in words; empty for one that waits or trains. */
export function whyEnded(run: RunSummary): string {
  const done = `${formatInt(run.updatesDone)} of ${plural(run.updatesTotal, 'update')}`
  const when = run.endedAt === null ? '' : ` on ${formatTime(run.endedAt)}`
  switch (run.state) {
    case 'queued':
    case 'running':
      return ''
    case 'finished':
      return run.updatesTotal > 0
        ? `Finished${when}: it made all of its ${plural(run.updatesTotal, 'update')} and was evaluated.`
        : `Finished${when}: it was fitted and evaluated.`
    case 'stopped':
      return run.updatesDone > 0
        ? `Stopped early by you${when}, after ${done}; evaluated as it stood.`
        : `Taken off the queue by you${when}, before it began.`
    case 'paused':
      return `Paused after ${done}, at a checkpoint.`
    case 'interrupted':
      return `Interrupted${when} after ${done}, because Palate closed. Resume continues from the last checkpoint.`
    default:
      return run.error?.message ?? runStates[run.state].doc
  }
}
