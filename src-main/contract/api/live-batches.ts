import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { liveBatch, liveBatchSetup, liveBatchView } from '../dto/live-batch.ts'
import { procedure } from './base.ts'

const batchRef = z.object({ batchId: z.int() })

/** Simulated users play several policies, for comparing them on line. */
export const liveBatchesApi = {
  /** All batches, the latest first. */
  list: procedure.output(z.array(liveBatch)),
  /** Begins in a process of its own and returns at once; `watch` tells how it gets on. */
  start: procedure.input(liveBatchSetup.extend({ name: z.string().trim().max(200).optional() })).output(liveBatchView),
  view: procedure.input(batchRef).output(liveBatchView),
  /** The present state at once, then at each change. Ends when nobody plays any more. */
  watch: procedure.input(batchRef).output(eventIterator(liveBatchView)),
  /** Ends the process; nothing is kept but the setup. */
  cancel: procedure.input(batchRef).output(liveBatchView),
  remove: procedure.input(batchRef).output(z.object({ removed: z.boolean() })),
  /** "curves": a row per player and step; "users": a row per player and user. CSV text in chunks. */
  export: procedure.input(batchRef.extend({ what: z.enum(['curves', 'users']) })).output(eventIterator(z.string())),
}
