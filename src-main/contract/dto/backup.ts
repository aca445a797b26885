import * as z from 'zod'

const progress = z.object({
  kind: z.literal('progress'),
  /** "checking" copies and checks the file that is to be restored. */
  stage: z.enum(['copying', 'checking']),
  bytesDone: z.number(),
  bytesTotal: z.number(),
  elapsedMs: z.number(),
})

export const backupProgress = z.discriminatedUnion('kind', [
  progress,
  z.object({
    kind: z.literal('finished'),
    path: z.string(),
    bytes: z.int(),
    /** Checkpoints and trained models in it. */
    files: z.int(),
    durationMs: z.number(),
  }),
])
export type BackupProgress = z.infer<typeof backupProgress>

export const restoreProgress = z.discriminatedUnion('kind', [
  progress,
  z.object({
    kind: z.literal('staged'),
    /** Where the data that stands now is kept. */
    keptAside: z.string(),
    files: z.int(),
    /** The workspace is opened anew right after this; otherwise at its next opening. */
    reopening: z.boolean(),
  }),
])
export type RestoreProgress = z.infer<typeof restoreProgress>

export const foundBackup = z.object({
  path: z.string(),
  bytes: z.int(),
  createdAt: z.int(),
  /** Made by Palate before it changed the database; without checkpoints and models. */
  beforeUpdate: z.boolean(),
})
export type FoundBackup = z.infer<typeof foundBackup>
