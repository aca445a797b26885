import { exportLiveBatch } from '../export/live-batch.ts'
import type { Handlers } from '../handlers.ts'
import type { Workspace } from '../workspace.ts'
import type { LiveBatches } from './live-batches.ts'

export function createLiveBatchHandlers(
  workspace: Workspace,
  batches: LiveBatches,
  formulaGuard: () => Promise<boolean>,
): Handlers['liveBatches'] {
  return {
    list: () => batches.list(),
    start: ({ name, ...setup }) => batches.start(setup, name),
    view: ({ batchId }) => batches.view(batchId),
    watch: ({ batchId }, { signal }) => batches.watch(batchId, signal),
    cancel: ({ batchId }) => batches.cancel(batchId),
    remove: async ({ batchId }) => ({ removed: await batches.remove(batchId) }),
    export: ({ batchId, what }) => exportLiveBatch(workspace, batchId, what, formulaGuard),
  }
}
