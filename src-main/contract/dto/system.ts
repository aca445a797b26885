import * as z from 'zod'

export const systemInfo = z.object({
  version: z.string(),
  host: z.enum(['electron', 'web', 'cli', 'test']),
  node: z.string(),
  platform: z.string(),
  cpus: z.int(),
  memoryBytes: z.number(),
  workspace: z.string(),
  workspaceBytes: z.number(),
  sqlite: z.string(),
  executor: z.string(),
})
export type SystemInfo = z.infer<typeof systemInfo>

export const doctorCheck = z.object({
  id: z.string(),
  title: z.string(),
  outcome: z.enum(['ok', 'warning', 'failed', 'not-run']),
  /** What was found. */
  finding: z.string(),
  /** What to do about it; empty when ok. */
  advice: z.string(),
})
export type DoctorCheck = z.infer<typeof doctorCheck>

export const settings = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  /** How many runs train at the same time. */
  concurrentRuns: z.int().min(1).max(64),
  /** Prefix text cells that a spreadsheet would run as a formula (= + - @ TAB CR) with an apostrophe. */
  csvFormulaGuard: z.boolean(),
})
export type Settings = z.infer<typeof settings>
