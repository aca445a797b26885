import * as z from 'zod'

export const runLogKind = z.enum([
  'started',
  'resumed',
  'restarted',
  'best',
  'checkpoint',
  'paused',
  'stopped',
  'interrupted',
  'diverged',
  'failed',
  'finished',
  'note',
])
export type RunLogKind = z.infer<typeof runLogKind>

export const runLogEntry = z.object({
  at: z.int(),
  /** Gradient updates made by then; null where it does not matter. */
  update: z.int().nullable(),
  kind: runLogKind,
  text: z.string(),
})
export type RunLogEntry = z.infer<typeof runLogEntry>

/** What the process that trains takes right now. */
export const processFacts = z.object({
  /** Resident memory. */
  memoryBytes: z.number().min(0),
  /** 100: one processor, busy all the time. */
  cpuPercent: z.number().min(0),
})
export type ProcessFacts = z.infer<typeof processFacts>

export const runLog = z.object({
  /** Oldest first. */
  entries: z.array(runLogEntry),
  /** Over all processes that trained the run; null until one has. */
  total: z.object({ peakMemoryBytes: z.number(), cpuMs: z.number() }).nullable(),
})
export type RunLog = z.infer<typeof runLog>
