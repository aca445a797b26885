import { join } from 'node:path'
import type { InteractionTable } from '../../src-main/engine/data/interaction-table.ts'
import { createDatasetHandlers } from '../../src-main/services/datasets.ts'
import { openWorkspace } from '../../src-main/services/workspace.ts'
import { tempFolder } from './temp-folder.ts'

/** The ratings of a source as a workspace holds them after an import, which is gone again. */
export async function importedTable(path: string): Promise<InteractionTable> {
  const workspace = await openWorkspace(join(await tempFolder(), 'workspace'))
  try {
    for await (const event of createDatasetHandlers(workspace).import({ path, onBadRow: 'fail' }, {})) {
      if (event.kind === 'finished') return await workspace.loadInteractions(event.dataset.id)
    }
  } finally {
    await workspace.close()
  }
  throw new Error('the import ended without a word')
}
