import { eventIterator } from '@orpc/contract'
import * as z from 'zod'
import { bundleContents, bundleImport, bundlePart, bundleVerification } from '../dto/bundle.ts'
import { procedure } from './base.ts'

const bundleRef = z.object({ path: z.string().min(1).max(4096) })

export const bundlesApi = {
  /** Packs ended runs of one data set into one file, in parts. `withData`: its ratings too, so that an empty workspace can train again. */
  export: procedure
    .input(z.object({ runIds: z.array(z.int()).min(1).max(200), withData: z.boolean().default(false) }))
    .output(eventIterator(bundlePart)),
  /** What is in a bundle. Its table of contents is checked, its contents are not yet. */
  open: procedure.input(bundleRef).output(bundleContents),
  /**
   * Checks that everything is what was packed, and computes the figures again from the stored weights; with `rerun` it also trains
   * again from the seed. Stores nothing. Ending the subscription cancels it.
   */
  verify: procedure.input(bundleRef.extend({ rerun: z.boolean().default(false) })).output(eventIterator(bundleVerification)),
  /** Makes the runs of a bundle runs of this workspace, all or none; one that is here already is left as it is. */
  import: procedure.input(bundleRef).output(eventIterator(bundleImport)),
}
