import type { ImportProgress } from '../../src-main/contract/dto/dataset.ts'
import type { DownloadProgress } from '../../src-main/contract/dto/download.ts'
import { formatBytes, formatDuration, formatInt } from './format.ts'

/** How far something is: its stage, the share that is done where that is known, and figures for a line of text. */
export interface ProgressFacts {
  readonly title: string
  readonly share: number | null
  readonly facts: readonly string[]
}

const importStages = {
  detecting: 'Looking at it',
  reading: 'Reading',
  storing: 'Storing',
  indexing: 'Building indexes',
} as const
const downloadStages = { connecting: 'Connecting', downloading: 'Downloading', verifying: 'Verifying its checksum' } as const

export function importFacts(progress: Extract<ImportProgress, { kind: 'progress' }>): ProgressFacts {
  const { stage, rows, rowsPerSecond, remainingMs, elapsedMs, bytesRead, bytesTotal } = progress
  return {
    title: importStages[stage],
    share: stage === 'reading' && bytesTotal > 0 ? Math.min(1, bytesRead / bytesTotal) : null,
    facts: [
      `${formatInt(rows)} rows`,
      rowsPerSecond ? `${formatInt(rowsPerSecond)} rows per second` : '',
      `${formatDuration(elapsedMs)} so far`,
      typeof remainingMs === 'number' ? `about ${formatDuration(remainingMs)} left` : '',
    ].filter(Boolean),
  }
}

export function downloadFacts(progress: Exclude<DownloadProgress, { kind: 'finished' }>): ProgressFacts {
  if (progress.kind === 'progress') return importFacts(progress)
  const { stage, bytesReceived, bytesTotal, bytesPerSecond, remainingMs, resumedFrom } = progress
  return {
    title: downloadStages[stage],
    share: stage === 'connecting' || bytesTotal === 0 ? null : Math.min(1, bytesReceived / bytesTotal),
    facts: [
      `${formatBytes(bytesReceived)} of ${formatBytes(bytesTotal)}`,
      resumedFrom > 0 ? `${formatBytes(resumedFrom)} were here` : '',
      bytesPerSecond === null ? '' : `${formatBytes(bytesPerSecond)} per second`,
      remainingMs === null ? '' : `about ${formatDuration(remainingMs)} left`,
    ].filter(Boolean),
  }
}
