import * as z from 'zod'
import { importProgress } from './dataset.ts'

/** A data set that can be fetched from its home on the network: what a person must know before. */
export const downloadSource = z.object({
  id: z.string(),
  title: z.string(),
  /** One sentence: what it is, and what it is good for. */
  doc: z.string(),
  /** Size of the file that is fetched. */
  bytes: z.int(),
  ratings: z.int(),
  users: z.int(),
  items: z.int(),
  /** The file itself. */
  url: z.string(),
  /** The page about it, for whoever fetches it by hand. */
  home: z.string(),
  /** The terms in our own words, one sentence each, and where they stand in full. The full ones count. */
  licence: z.object({ terms: z.array(z.string()), url: z.string() }),
  /** What publications that use it must cite. */
  citation: z.object({ text: z.string(), url: z.string() }),
  /** So much of it has come already and need not come again. */
  receivedBytes: z.int(),
})
export type DownloadSource = z.infer<typeof downloadSource>

export const downloadProgress = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('download'),
    stage: z.enum(['connecting', 'downloading', 'verifying']),
    /** Of the whole file, with what had come before. */
    bytesReceived: z.int(),
    bytesTotal: z.int(),
    /** Where this download went on; 0 when it began at the beginning. */
    resumedFrom: z.int(),
    elapsedMs: z.number(),
    /** Once they are known. */
    bytesPerSecond: z.number().nullable(),
    remainingMs: z.number().nullable(),
  }),
  ...importProgress.options,
])
export type DownloadProgress = z.infer<typeof downloadProgress>
